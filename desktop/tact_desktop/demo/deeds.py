"""Deeds: what a step of the demo does with the hands of a person, and what must then be seen in the windows."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tact_desktop.demo.stage import Stage
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Stage as Standing
from tact_desktop.state.row import BubbleStyle


@dataclass
class Report:
    """What one run of a use case found out, for its line."""

    sent: str = ""
    why: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    took_ms: float = 0.0


Deed = Callable[[Stage, Report], Awaitable[None]]


@dataclass(frozen=True)
class Step:
    """One press of Next: what is said, and what is done."""

    caption: str
    deed: Deed


@dataclass(frozen=True)
class UseCase:
    """One story between two people; the first is at the left window."""

    id: str
    title: str
    left: str
    right: str
    steps: tuple[Step, ...]


async def delivered(stage: Stage, to: str, id: str, offline: bool) -> None:
    """Message `id` is in the window of `to`, marked as an offline message or not."""
    who = stage[to]
    await stage.until(lambda: who.sees(id), f"{who.name}'s window shows the message")
    row = who.row(id)
    assert row is not None, "it was seen"
    marked = row.style is BubbleStyle.OFFLINE
    await stage.until(
        lambda: marked is offline, f"the message is {'' if offline else 'not '}marked as an offline message"
    )


async def held(stage: Stage, by: str, to: str, id: str) -> None:
    """Message `id` waits: its sender is told so, and its recipient sees nothing."""
    await stage.until(lambda: stage[by].stage_of(id) is Standing.HELD, f"{stage[by].name}'s message waits")
    await stage.until(lambda: not stage[to].sees(id), f"{stage[to].name} sees nothing of it")


async def acknowledged(stage: Stage, by: str, id: str) -> None:
    """The sender is told that message `id` arrived."""
    told = (Standing.DELIVERED, Standing.READ)
    await stage.until(lambda: stage[by].stage_of(id) in told, f"{stage[by].name} is told that it arrived")


def says(
    name: str,
    by: str,
    to: str,
    text: str,
    how: Preset | Draft = Preset.NOW,
    waits: bool = False,
) -> Deed:
    """`by` writes `text` to `to`, as chosen; it waits there, or is seen at once as a live message."""

    async def deed(stage: Stage, report: Report) -> None:
        id = report.ids[name] = stage[by].write(text, how)
        if waits:
            await held(stage, by, to, id)
        else:
            await delivered(stage, to, id, offline=False)
            await acknowledged(stage, by, id)

    return deed


def leaves(who: str, seen_by: str, clean: bool) -> Deed:
    """`who` signs out, or drops out of coverage; the other's window shows it."""

    async def deed(stage: Stage, report: Report) -> None:
        del report
        if clean:
            stage[who].sign_out()
        else:
            stage[who].lose_link()
        desk = stage[seen_by].desk
        await stage.until(
            lambda: not desk.presence_of(who).online, f"{stage[seen_by].name} sees that {who} is offline"
        )

    return deed


def releases(to: str, by: str, names: tuple[str, ...], why: str, change: Callable[[Stage], object]) -> Deed:
    """`change` makes the conditions true: the messages arrive as offline messages, and their sender is told.

    What is timed is the whole way: from the hand at the recipient's controls to the rows in the recipient's window.
    """

    async def deed(stage: Stage, report: Report) -> None:
        ids = [report.ids[name] for name in names]
        began = time.perf_counter()
        change(stage)
        for id in ids:
            await delivered(stage, to, id, offline=True)
        if not report.why:
            report.took_ms = (time.perf_counter() - began) * 1000
            report.sent, report.why = text_of(stage, to, ids[0]), why
        for id in ids:
            await acknowledged(stage, by, id)

    return deed


def sets(who: str, words: str, seen_by: str, name: str, value: str) -> Deed:
    """`who` chooses `words` in the presence bar; the other's window shows it."""

    async def deed(stage: Stage, report: Report) -> None:
        del report
        stage[who].set_presence(words)
        desk = stage[seen_by].desk
        await stage.until(lambda: desk.presence_of(who).value(name) == value, f"{seen_by} sees {words}")

    return deed


def back(handle: str) -> Callable[[Stage], object]:
    """Somebody comes back."""
    return lambda stage: stage[handle].come_back()


def chooses(handle: str, words: str) -> Callable[[Stage], object]:
    """Somebody chooses `words` in the presence bar."""
    return lambda stage: stage[handle].set_presence(words)


def text_of(stage: Stage, handle: str, id: str) -> str:
    """What message `id` says, as the computer of `handle` has it."""
    entry = stage[handle].desk.history.entry(id)
    return entry.text if entry else ""
