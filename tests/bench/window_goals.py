"""What the window is to reach, and how much of everything is done to see whether it does."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.bench.figures import Goal

STEPS: Mapping[str, int] = MappingProxyType(
    {"start": 0, "open": 20, "scroll": 1_000, "append": 50, "presence": 10}
)
"""Each scene with how often it does its thing, or for how many seconds."""
QUICK_STEPS: Mapping[str, int] = MappingProxyType(
    {"start": 0, "open": 5, "scroll": 300, "append": 10, "presence": 3}
)
NAMES: Mapping[str, str] = MappingProxyType(
    {
        "painted": "first paint, 2,000 people known, ms",
        "processor": "first paint, processor time, ms",
        "RSS, painted": "RSS at the first paint, MiB",
        "sign-in, everybody comes": "sign-in: client loaded, 2,000 people come, ms",
        "open, first time": "open 100,000 messages, first time, ms",
        "open, again, p50": "open 100,000 messages again, p50 ms",
        "open, again, p99": "open 100,000 messages again, p99 ms",
        "open, again, worst": "open 100,000 messages again, worst ms",
        "RSS, long conversation open": "RSS signed in, 100,000 messages open, MiB",
        "scroll, p50": "scroll a frame, p50 ms",
        "scroll, p99": "scroll a frame, p99 ms",
        "scroll, worst": "scroll a frame, worst ms",
        "scrolled": "scrolled, pixels",
        "RSS, after scrolling": "RSS after scrolling, MiB",
        "append, received, p50": "append a received message, p50 ms",
        "append, received, p99": "append a received message, p99 ms",
        "append, received, worst": "append a received message, worst ms",
        "append, sent, p50": "append an own message, p50 ms",
        "append, sent, p99": "append an own message, p99 ms",
        "append, sent, worst": "append an own message, worst ms",
        "append, received, stretch, p50": "append a received message, busy at a time, p50 ms",
        "append, received, stretch, p99": "append a received message, busy at a time, p99 ms",
        "append, received, stretch, worst": "append a received message, busy at a time, worst ms",
        "append, sent, stretch, p50": "append an own message, busy at a time, p50 ms",
        "append, sent, stretch, p99": "append an own message, busy at a time, p99 ms",
        "append, sent, stretch, worst": "append an own message, busy at a time, worst ms",
        "presence, busy stretch, p50": "50 presence changes /s, busy for, p50 ms",
        "presence, busy stretch, p99": "50 presence changes /s, busy for, p99 ms",
        "presence, busy stretch, worst": "50 presence changes /s, busy for, worst ms",
        "presence, processor %": "50 presence changes /s, processor, %",
    }
)
"""What a run calls its figures, and what the table does."""
GOALS: Mapping[str, Goal] = MappingProxyType(
    {
        NAMES[name]: Goal(most=most)
        for name, most in (
            ("painted", 400),
            ("open, first time", 100),
            ("open, again, p50", 100),
            ("scroll, p99", 12),
            ("append, received, p50", 8),
            ("append, sent, p50", 8),
            ("append, received, stretch, p99", 8),
            ("append, sent, stretch, p99", 8),
            ("presence, busy stretch, worst", 16),
            ("RSS, painted", 120),
            ("RSS, long conversation open", 120),
            ("RSS, after scrolling", 120),
        )
    }
)
