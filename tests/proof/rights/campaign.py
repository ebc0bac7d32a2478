"""Rights: every frame, said by everybody who has no right to what it is about.

Each cell of the table is played against a real engine: whoever it is says the frame about vera's message, device,
invitation, password, presence; the answer must be the one in the table, and all that is hers must be as it was, as she
sees it herself and as it is in the database file.
"""

import asyncio
import json
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException

from tact_engine.wire.frames import FRAMES, Side
from tests.proof.campaigns import Verdict
from tests.proof.rights.office import Office, first, say, signed_in
from tests.proof.rights.table import ARRIVES, CELLS, HELD, LEAVES, NOTHING, ROWS, THEMSELVES
from tests.support.bare_link import BareLink, bare_link, new_key
from tests.support.raw_link import RawLink

NAMES = {"other": "mallory", "member": "bob", "blocked": "bert"}
KINDS = tuple(tag for tag, row in FRAMES.items() if row.side is Side.CLIENT)
FAILURES_MAX = 3
END_SECONDS_MAX = 8
SAID = {str(row.frame["type"]) for row in ROWS.values()}


def run(count: int, seed: int) -> Verdict:
    """Play `count` cells of the table from the one numbered `seed` on, over and over."""
    forgotten = [f"“{kind}” has no row in tests/proof/rights/table.py" for kind in KINDS if kind not in SAID]
    met = {f"{row}, {column}": 0 for row, column in CELLS} if count >= len(CELLS) else {}
    verdict = Verdict(0, tuple(forgotten), met)
    while verdict.runs < count and not verdict.failures:
        some = min(len(CELLS), count - verdict.runs)
        verdict += asyncio.run(_office(range(seed + verdict.runs, seed + verdict.runs + some)))
    return verdict


async def _office(numbers: range) -> Verdict:
    with tempfile.TemporaryDirectory(prefix="tact-rights-") as folder:
        office = Office(Path(folder))
        try:
            await office.begin()
            return await _all(office, numbers)
        finally:
            await office.end()


async def _all(office: Office, numbers: range) -> Verdict:
    verdict, before, kept = Verdict(0), await office.looked_at(), office.kept()
    for number in numbers:
        if len(verdict.failures) >= FAILURES_MAX:
            return verdict
        row, column = CELLS[number % len(CELLS)]
        expected = ROWS[row].verdict(column)
        try:
            told = await _told(office, number, row, column)
            problem = "" if told == expected else f"becomes {told}, not {expected}"
            after = await office.looked_at()
            problem = problem or _difference(before, after) or _heard(office, expected)
            before = after
        except (AssertionError, TimeoutError, OSError, KeyError, WebSocketException) as error:
            problem = f"the engine did not do its part: {error!r}"
        verdict += _cell(number, f"{row}, {column}", problem)
    if office.kept() != kept:
        changed = [name for name, rows in office.kept().items() if rows != kept[name]]
        verdict += Verdict(0, (f"of vera these are others in the file: {changed} {_again(numbers)}",))
    if not verdict.failures:
        await office.those_with_the_right()
    return verdict


def _cell(number: int, cell: str, problem: str) -> Verdict:
    return Verdict(
        1, (f"{cell}: {problem} {_again(range(number, number + 1))}",) if problem else (), {cell: 1}
    )


def _again(numbers: range) -> str:
    return f"(python3 dev soak rights --seed {numbers[0]} --count {len(numbers)})"


def _difference(before: dict[str, Any], after: dict[str, Any]) -> str:
    changed = [name for name in before if before[name] != after.get(name)]
    return f"vera sees a difference in {changed}: {[after.get(name) for name in changed]}" if changed else ""


def _heard(office: Office, expected: str) -> str:
    kinds = [each["type"] for each in office.heard]
    return "" if kinds == (["deliver"] if expected == ARRIVES else []) else f"vera hears {office.heard}"


# --- what whoever says it is told --------------------------------------------------------------------------------


async def _told(office: Office, number: int, row: str, column: str) -> str:
    frame = _frame(office, number, row, column)
    if column in NAMES:
        return await _told_alive(office, NAMES[column], frame)
    if column == "stranger":
        async with bare_link(office.engine.address) as link:
            return await _answer(link, _signed(frame, link.hello))
    if column == "left":
        async with office.raw("mallory", office.keys["mallory"]) as raw:
            await first(raw, "welcome")
            say(raw, {"type": "sign_out"}, _signed(frame, await first(raw, "hello")))
            return await _last_words(raw)
    if column in ("cut", "old_key"):
        async with office.removed_device() as (raw, key):
            say(raw, _signed(frame, await first(raw, "hello")))
            told = await _last_words(raw, "removed")
        return told if column == "cut" else await _told_again(office, "cutter", key, frame)
    async with office.removed_person() as (raw, handle, key):
        say(raw, _signed(frame, await first(raw, "hello")))
        told = await _last_words(raw, "removed")
    return told if column == "gone" else await _told_again(office, handle, key, frame)


def _frame(office: Office, number: int, row: str, column: str) -> dict[str, Any]:
    """The frame of a row, with what vera's things are called in this office."""
    frame: dict[str, Any] = {
        name: office.things.get(str(value), value) for name, value in ROWS[row].frame.items()
    }
    if frame.get("submission", {}).get("to") == ["vera"]:
        frame["submission"] = frame["submission"] | {"id": f"{number}-{column}"}
    kind = FRAMES[str(frame["type"])].frame
    return frame | ({"request": 7} if "request" in kind.__struct_fields__ else {})


def _signed(frame: dict[str, Any], hello: dict[str, Any]) -> dict[str, Any]:
    """A sign-in is signed for the link it is said on; anything else stays as it is."""
    return signed_in(hello, frame["handle"], new_key()) if frame["type"] == "sign_in" else frame


async def _told_alive(office: Office, handle: str, frame: dict[str, Any]) -> str:
    if frame["type"] == "sign_out":
        async with bare_link(office.engine.address) as link:
            await link.sign_in(handle, office.keys[handle])
            await link.say(frame)
            return LEAVES if await link.closed() == (1000, "signed out") else "stays"
    link = office.links[handle]
    return await _answer(link, _signed(frame, link.hello), handle)


async def _answer(link: BareLink, frame: dict[str, Any], handle: str = "") -> str:
    """What becomes of `frame` on a link that lives, as a word of the table."""
    parts: list[dict[str, Any]] = []
    silent = "request" not in frame and frame["type"] != "sign_in" and bool(handle)
    await link.say(frame)
    if silent:  # whatever is said next is answered after it
        await link.say({"type": "set_presence", "changes": {}, "request": 8})
    while (said := await link.hear("done", "refused", "overview"))["type"] == "overview":
        parts.append(said)
    if said["type"] == "refused":
        return said["code"]
    if silent:
        return NOTHING if said["request"] == 8 else "done"
    if frame["type"] == "look_over":
        return THEMSELVES if _about(handle, parts) else f"a view of {parts}"
    if frame["type"] == "submit":
        (receipt,) = said["receipts"]
        return HELD if receipt["state"] == "held" else ARRIVES
    return "done"


def _about(handle: str, parts: list[dict[str, Any]]) -> bool:
    """Whether an overview tells of nobody but `handle`, and nothing that is for hosts."""
    members = [each["handle"] for part in parts for each in part.get("members", [])]
    makers = {each["made_by"] for part in parts for each in part.get("invitations", [])}
    for_hosts = any(part.get("requests") or part.get("health") for part in parts)
    return members == [handle] and makers <= {handle} and not for_hosts


async def _last_words(link: RawLink, reason: str = "") -> str:
    """What a link that ends was answered: its end must be the only thing it is told."""
    ends = await _ends(link)
    heard = [json.loads(each) for each in link.heard]
    told = [each for each in heard if each["type"] in ("done", "refused", "overview")]
    codes = [each.get("code", each["type"]) for each in told]
    if not ends:
        return f"a link that lives on, answered by {codes}"
    return NOTHING if codes == ([reason] if reason else []) else f"answered by {codes}"


async def _ends(link: RawLink) -> bool:
    """Whether the engine lets go of a link, as it should at once."""
    with suppress(TimeoutError):
        async with asyncio.timeout(END_SECONDS_MAX):
            while not link.gone:
                await link.until_changed()
    return link.gone


async def _told_again(office: Office, handle: str, key: Any, frame: dict[str, Any]) -> str:
    """What whoever comes again with an old key is told, where the frame follows before the answer."""
    async with office.raw(handle, key) as link:
        say(link, _signed(frame, await first(link, "hello")))
        await _ends(link)
    codes = [
        each.get("code", each["type"]) for each in map(json.loads, link.heard) if each["type"] != "hello"
    ]
    others = set(codes) - {"misplaced_frame"}
    return others.pop() if len(others) == 1 else f"answered by {codes}"
