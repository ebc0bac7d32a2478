"""Whatever comes in is a frame or a refusal: mutated frames against the decoder and the phases of a link.

Run i of `run(count, seed)` is decided by `seed + i` alone.
"""

import json
import random
import time
import tracemalloc
from collections import Counter
from typing import Any

from tact_engine.wire.codec import Unreadable, decode, encode
from tact_engine.wire.frames import (
    ACKNOWLEDGEMENTS_MAX,
    FRAME_BYTES_MAX,
    FRAMES,
    NUMBER_MAX,
    Frame,
    Phase,
    RefusedFrame,
    Side,
)
from tact_engine.wire.session import Session
from tests.proof.campaigns import Verdict
from tests.proof.decoder.inputs import LONG_SEEDS, SEEDS, mutated

FAILURES_MAX = 10
MEASURE_EVERY = 1_000
READ_AGAIN_EVERY = 16
SEQUENCE_EVERY = 64
MEMORY_MAX = 2 * FRAME_BYTES_MAX + 2 * 1024 * 1024
"""What one input may take: a field of a few bytes is a key and an object of its own, so the constant is large."""
SENTENCE_MAX = 300 + 120
"""Characters of a refusal: what it repeats of what was sent, and its own words."""
BEFORE = frozenset({"sign_in"})
"""The frames of a client before it is signed in; all others belong after that, and none after signing out."""
REFUSALS = ("malformed_frame", "unknown_frame", "misplaced_frame")
SENT = {
    "malformed_frame": (b"{", Side.CLIENT),
    "unknown_frame": (b'{"type":"fireworks"}', Side.ENGINE),
    "skipped": (b'{"type":"fireworks","optional":true}', Side.CLIENT),
}


def run(count: int, seed: int) -> Verdict:
    """`count` inputs."""
    met = Counter({f"frame {kind}": 0 for kind in FRAMES} | {f"refusal {code}": 0 for code in REFUSALS})
    met["skipped"] = met["sequences"] = met["memory measured"] = 0
    failures: list[str] = []
    _check_seeds(met, failures)
    rng, slowest, clock = random.Random(), 0, time.perf_counter_ns
    for number in range(seed, seed + count):
        rng.seed(number)
        data, side = mutated(rng)
        begun = clock()
        said = _met_by(data, side, met, thorough=number % READ_AGAIN_EVERY == 0)
        slowest = max(slowest, clock() - begun)
        if number % MEASURE_EVERY == 0 or count == 1:
            said = said or _too_much(data, side)
            met["memory measured"] += 1
        if number % SEQUENCE_EVERY == 0 or count == 1:
            said = said or _out_of_phase(rng, met)
            met["sequences"] += 1
        if said:
            failures.append(f"{said}\nagain: python3 dev soak decoder --seed {number} --count 1")
            if len(failures) == FAILURES_MAX:
                break
    met[f"a part whose slowest input took less than {_bound(slowest)}"] += 1
    return Verdict(count, tuple(failures), met)


def _check_seeds(met: Counter[str], failures: list[str]) -> None:
    """What is mutated must be readable as it is, and what stands for each refusal must be refused so."""
    for each in (*SEEDS, *LONG_SEEDS):
        said = _met_by(each.data, each.side, met, thorough=True)
        if said or encode(_decoded(each.data, each.side)) != each.data:
            failures.append(said or f"a real frame is not what it was: {each.data!r}")
    for what, (data, side) in SENT.items():
        before = met.total()
        said = _met_by(data, side, met, thorough=True)
        if said or met.total() == before:
            failures.append(said or f"{what} was not met by {data!r}")
    said = _out_of_phase(random.Random(0), met)
    failures.extend([said] if said else [])


def _decoded(data: bytes, side: Side) -> Frame:
    frame = decode(data, side)
    assert frame is not None
    return frame


# --- one input -----------------------------------------------------------------------------------------------------


def _met_by(data: bytes | str, side: Side, met: Counter[str], *, thorough: bool) -> str:
    """What is wrong with what the decoder makes of `data`; "" where nothing is. `thorough`: other eyes look too."""
    try:
        frame = decode(data, side)
    except Unreadable as refused:
        met[f"refusal {refused.code}"] += 1
        return _bad_refusal(refused) and f"{_bad_refusal(refused)}: {_shown(data)}"
    except BaseException as error:  # whatever else it is, it is what must not be
        if isinstance(error, KeyboardInterrupt):
            raise
        return f"decoding ended with {type(error).__name__} ({error}) instead of a frame or a refusal: {_shown(data)}"
    try:
        return _bad_frame(frame, data, side, met, thorough)
    except Exception as error:
        return f"what was read cannot be said again, {type(error).__name__} ({error}): {_shown(data)}"


def _bad_frame(frame: Frame | None, data: bytes | str, side: Side, met: Counter[str], thorough: bool) -> str:
    if frame is None:
        met["skipped"] += 1
    else:
        kind = type(frame).__struct_config__.tag
        met[f"frame {kind}"] += 1
        if len(data) > FRAME_BYTES_MAX:
            return f"a frame over the limit was read: {_shown(data)}"
        if FRAMES[str(kind)].side is not side:
            return f"a frame of the other side was read: {_shown(data)}"
        if decode(encode(frame), side) != frame:
            return f"a frame said again is another one: {_shown(data)}"
    return f"{_disputed(frame, data)}: {_shown(data)}" if thorough and _disputed(frame, data) else ""


def _bad_refusal(refused: Unreadable) -> str:
    if refused.code not in REFUSALS or not 0 <= refused.request <= NUMBER_MAX:
        return f"a refusal of an unknown kind ({refused.code}, {refused.request})"
    if len(refused.text) > SENTENCE_MAX:
        return f"a refusal of {len(refused.text)} characters"
    try:
        encode(RefusedFrame(refused.request, refused.code, refused.text))
    except Exception as error:
        return f"a refusal that cannot be told, {type(error).__name__}"
    return ""


def _disputed(frame: Frame | None, data: bytes | str) -> str:
    """What another strict reader of JSON says against `data` having been accepted as `frame`; "" for nothing."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > FRAME_BYTES_MAX:
        return "a frame over the limit was accepted"
    text = raw.decode(errors="strict" if frame else "replace")  # in what is skipped nobody reads on
    try:
        read: Any = json.loads(text, parse_constant=_no_number)
    except RecursionError:
        return ""  # this reader is not made for it
    except ValueError as error:
        return f"what is no JSON was accepted ({error})"
    if not isinstance(read, dict):
        return "what is no object was accepted"
    if frame is None:
        return "" if read.get("optional") is True else "a frame that is not optional was skipped"
    if read.get("type") != type(frame).__struct_config__.tag:
        return "a frame was read as another type"
    if len(read) > len(frame.__struct_fields__) + 1:
        return "a frame with too many fields was accepted"
    named = read.get("ids", read.get("copies", ()))
    return "too many ids were accepted" if len(named) > ACKNOWLEDGEMENTS_MAX else ""


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _too_much(data: bytes | str, side: Side) -> str:
    """What is wrong with the memory that decoding takes at its peak."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        _met_by(data, side, Counter(), thorough=False)
        taken = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    return f"decoding took {taken:,} bytes at a time: {_shown(data)}" if taken > MEMORY_MAX else ""


def _shown(data: bytes | str) -> str:
    return f"{data[:300]!r}, {len(data)} in all"


def _bound(nanoseconds: int) -> str:
    """The first round time above this one."""
    milliseconds = 1
    while milliseconds * 1_000_000 < nanoseconds:
        milliseconds *= 2
    return f"{milliseconds:,} ms"


# --- one link after another ----------------------------------------------------------------------------------------

CLIENTS = tuple(each for each in SEEDS if each.side is Side.CLIENT)


def _out_of_phase(rng: random.Random, met: Counter[str]) -> str:
    """What is wrong with one link that hears some frames, good and bad, and is welcomed and closed at some time."""
    session, phase, asked, heard = Session(1), Phase.GREETED, False, list[str]()
    for _ in range(8):
        if rng.random() < 0.3:
            if asked:
                session.welcomed("tom")
                phase, asked = Phase.SIGNED_IN, False
            elif rng.random() < 0.1:
                if session.closed() is not (phase is Phase.SIGNED_IN):
                    return f"it is not clear whether this link was signed in: {heard}"
                phase = Phase.CLOSED
        good = rng.random() < 0.7
        data = CLIENTS[int(rng.random() * len(CLIENTS))].data if good else mutated(rng)[0]
        heard.append(_shown(data))
        kind, code = _received(session, data)
        allowed = not asked and phase is (Phase.GREETED if kind in BEFORE else Phase.SIGNED_IN)
        if code == "misplaced_frame":
            met[f"refusal {code}"] += 1
        if (kind and not allowed) or (good and bool(kind) is not _fits(data, phase, asked)):
            return f"a frame in the wrong phase ({phase}): {heard}"
        asked = asked or kind == "sign_in"
        phase = Phase.CLOSED if kind == "sign_out" else phase
        if session.phase is not phase:
            return f"the link is {session.phase} and should be {phase}: {heard}"
    return ""


def _received(session: Session, data: bytes | str) -> tuple[str, str]:
    """The type of the frame that the session let through, or the code of its refusal."""
    try:
        frame = session.receive(data)
    except Unreadable as refused:
        return "", refused.code
    return ("" if frame is None else str(type(frame).__struct_config__.tag)), ""


def _fits(data: bytes | str, phase: Phase, asked: bool) -> bool:
    """Whether a good frame belongs where the link is."""
    kind = json.loads(data)["type"]
    return not asked and phase is (Phase.GREETED if kind in BEFORE else Phase.SIGNED_IN)
