"""What is said about vera's matters, by whom, and what becomes of it: one row for each thing, one column for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tests.support.bare_link import in_base64, submission

NEVER = {"any": [{"all": [{"attr": "UserMood", "op": "eq", "value": "JEALOUS"}]}]}

NOT_NOW = {"any": [{"all": [{"attr": "UserAvailability", "op": "eq", "value": "AVAILABLE"}]}]}

NOTHING = "nothing"
"""Nothing is said and nothing happens."""
DONE = "done"
"""It is done, and is about whoever asked alone."""
HELD = "held"
"""It is accepted, and waits; vera is told nothing."""
ARRIVES = "arrives"
"""It is accepted, and vera gets it."""
THEMSELVES = "themselves"
"""They are told of themselves and of nobody else."""
LEAVES = "leaves"
"""The link of whoever said it is closed."""


@dataclass(frozen=True)
class Row:
    """One thing to say: `frame` with what it is about, and what becomes of it by who says it.

    `stranger` has not signed in and `left` has signed out. `other` is a member who knows every id; to `member`, who is
    no host either, goes what vera wrote; vera blocks `blocked`. `cut` speaks through a device that was removed a moment
    ago, `old_key` signs in with it again; `gone` and `gone_key` are the same of a person who was removed.
    """

    frame: Mapping[str, Any]
    other: str
    member: str = ""
    blocked: str = ""
    stranger: str = "misplaced_frame"
    left: str = NOTHING
    cut: str = NOTHING
    old_key: str = "handle_taken"
    gone: str = NOTHING
    gone_key: str = "removed"

    def verdict(self, column: str) -> str:
        """What is to become of it where `column` says it; what is not said apart is as for `other`."""
        return getattr(self, column) or self.other


COLUMNS = ("stranger", "left", "other", "member", "blocked", "cut", "old_key", "gone", "gone_key")

ROWS: Mapping[str, Row] = MappingProxyType(
    {
        "sign_in as her": Row(
            {"type": "sign_in", "handle": "vera"}, "misplaced_frame", stranger="handle_taken"
        ),
        "sign_in as the host": Row(
            {"type": "sign_in", "handle": "anna"}, "misplaced_frame", stranger="handle_taken"
        ),
        "set_presence": Row({"type": "set_presence", "changes": {"StatusText": "mine"}}, DONE),
        "set_presence, offline": Row(
            {"type": "set_presence", "changes": {"OnlineStatus": False}}, "not_yours_to_set"
        ),
        "submit under her id": Row(submission("bob", "stolen", id="waits"), "id_taken", member="id_taken"),
        "submit to her": Row(submission("vera", "hello"), ARRIVES, blocked=HELD),
        "submit to her, waiting": Row(submission("vera", "later", when=NOT_NOW), HELD),
        "submit to her, on what she hides": Row(submission("vera", "later", when=NEVER), "not_offered"),
        "edit": Row(
            {"type": "edit", "id": "waits", "revision": 1, "amendment": {"body": in_base64(b"stolen")}},
            "unknown_message",
        ),
        "edit that changes nothing": Row(
            {"type": "edit", "id": "edited", "revision": 1, "amendment": {}}, "unknown_message"
        ),
        "send_now": Row({"type": "send_now", "id": "waits"}, "unknown_message"),
        "withdraw": Row({"type": "withdraw", "id": "waits"}, "unknown_message"),
        "pause": Row({"type": "pause", "id": "waits"}, "unknown_message"),
        "resume": Row({"type": "resume", "id": "paused"}, "unknown_message"),
        "explain": Row({"type": "explain", "id": "waits"}, "unknown_message"),
        "set_privacy": Row({"type": "set_privacy", "privacy": {"blocked": ["anna"]}}, DONE),
        "invite": Row({"type": "invite"}, DONE),
        "invite to her devices": Row({"type": "invite", "purpose": "device", "handle": "vera"}, "not_host"),
        "invite a host": Row({"type": "invite", "purpose": "host"}, "not_host"),
        "revoke": Row({"type": "revoke", "id": "INVITATION"}, "unknown_invitation"),
        "approve": Row({"type": "approve", "handle": "asks", "device": "REQUEST"}, "not_host"),
        "decline": Row({"type": "decline", "handle": "asks", "device": "REQUEST"}, "not_host"),
        "set_password": Row({"type": "set_password", "password": "a stolen house"}, DONE),
        "look_over": Row({"type": "look_over"}, THEMSELVES),
        "remove_device": Row({"type": "remove_device", "handle": "vera", "device": "DEVICE"}, "not_host"),
        "remove_person": Row({"type": "remove_person", "handle": "vera", "withdraw": True}, "not_host"),
        "remove_person, the host": Row(
            {"type": "remove_person", "handle": "anna", "withdraw": True}, "not_host"
        ),
        "acknowledge": Row({"type": "acknowledge", "copies": {"released": 1}}, NOTHING),
        "mark_read": Row({"type": "mark_read", "ids": ["delivered"]}, NOTHING),
        "note": Row({"type": "note", "serial": 2**53 - 1}, NOTHING),
        "sign_out": Row({"type": "sign_out"}, LEAVES),
    }
)
"""What is said → how it is judged. Names in capitals stand for what vera's things are called in this office."""

CELLS = tuple((name, column) for name in ROWS for column in COLUMNS)
