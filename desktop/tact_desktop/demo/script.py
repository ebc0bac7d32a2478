"""The six use cases as a script: captions, what the hands do, and what must then be seen.

Their names and stories are those of the proposal that Tact completes; each step leaves the stage as its caption says.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tact_desktop.demo.stage import Stage
from tact_desktop.state.draft import Preset
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


def says(name: str, by: str, to: str, text: str, preset: Preset = Preset.NOW, waits: bool = False) -> Deed:
    """`by` writes `text` to `to`; it waits there, or is seen at once as a live message."""

    async def deed(stage: Stage, report: Report) -> None:
        id = report.ids[name] = stage[by].write(text, preset)
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
            report.sent, report.why = _text_of(stage, to, ids[0]), why
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


async def drafts(stage: Stage, report: Report) -> None:
    """Tom writes without sending."""
    del report
    stage["tom"].type("The rig arrives on Thursday. Shall I reserve the lab?")


async def drops_while_drafting(stage: Stage, report: Report) -> None:
    """Mary's battery is empty; Tom is told before he sends, and his draft is still there."""
    await leaves("mary", "tom", clean=False)(stage, report)
    tom = stage["tom"]
    await stage.until(lambda: "offline" in tom.sentence(), "Tom is told that Mary is offline")
    await stage.until(
        lambda: "reserve the lab" in tom.window.composer.draft().text, "the draft is still there"
    )


async def sends_draft(stage: Stage, report: Report) -> None:
    """Tom sends what he drafted; it waits."""
    tom = stage["tom"]
    before = {entry.id for entry in tom.desk.waiting()}
    tom.send()
    (id,) = [entry.id for entry in tom.desk.waiting() if entry.id not in before]
    report.ids["draft"] = id
    await held(stage, "tom", "mary", id)


async def invited(stage: Stage, report: Report) -> None:
    """Mary gets what John left; John, who is away, learns of it when he is back."""
    mary, id = stage["mary"], report.ids["m"]
    began = time.perf_counter()
    mary.come_back()
    await delivered(stage, "mary", id, offline=True)
    report.took_ms = (time.perf_counter() - began) * 1000
    report.sent, report.why = _text_of(stage, "mary", id), "Mary came online"


def _back(handle: str) -> Callable[[Stage], object]:
    return lambda stage: stage[handle].come_back()


def _chooses(handle: str, words: str) -> Callable[[Stage], object]:
    return lambda stage: stage[handle].set_presence(words)


def _text_of(stage: Stage, handle: str, id: str) -> str:
    entry = stage[handle].desk.history.entry(id)
    return entry.text if entry else ""


USE_CASES: tuple[UseCase, ...] = (
    UseCase(
        "A1",
        "Out of coverage in the middle of a talk",
        "tom",
        "mary",
        (
            Step(
                "Tom asks his manager Mary something important.",
                says("q", "tom", "mary", "May I order the test rig today?"),
            ),
            Step(
                "Tom drops out of coverage. After a short grace Mary sees that he is offline.",
                leaves("tom", "mary", clean=False),
            ),
            Step(
                "Mary answers meanwhile. Her answers wait in the engine, and she sees that they wait.",
                says("a1", "mary", "tom", "Yes, please order it.", waits=True),
            ),
            Step(
                "She adds a second one.",
                says("a2", "mary", "tom", "The budget is approved.", waits=True),
            ),
            Step(
                "Tom is back: both answers are there, in order, marked as offline messages.",
                releases("tom", "mary", ("a1", "a2"), "Tom came online", _back("tom")),
            ),
            Step("The conversation goes on.", says("t", "tom", "mary", "Great, it is on its way!")),
        ),
    ),
    UseCase(
        "A2",
        "The other side drops off while you write",
        "tom",
        "mary",
        (
            Step("Tom is drafting a message to Mary.", drafts),
            Step(
                "Mary's battery is empty. Tom is told at once that it would be delivered later; his draft stays.",
                drops_while_drafting,
            ),
            Step("Tom sends. The message is kept by the engine.", sends_draft),
            Step(
                "Mary signs in again and finds it.",
                releases("mary", "tom", ("draft",), "Mary came online", _back("mary")),
            ),
            Step(
                "She answers, and the conversation goes on.",
                says("a", "mary", "tom", "Yes, the lab from Thursday on."),
            ),
        ),
    ),
    UseCase(
        "A3",
        "A word for whoever comes later",
        "john",
        "mary",
        (
            Step("Mary is offline.", leaves("mary", "john", clean=True)),
            Step(
                "John leaves “be online at 8 pm” for when she comes online.",
                says("m", "john", "mary", "Be online at 8 pm, please.", Preset.ONLINE, waits=True),
            ),
            Step(
                "Mary signs in at 7:45 and gets it. She stays.",
                releases("mary", "john", ("m",), "Mary came online", _back("mary")),
            ),
            Step(
                "John comes at 8, and they talk.",
                says("t", "john", "mary", "Good evening! Ready for the release?"),
            ),
        ),
    ),
    UseCase(
        "A4",
        "Both are away, and still it arrives",
        "john",
        "mary",
        (
            Step("Mary is offline.", leaves("mary", "john", clean=True)),
            Step(
                "John leaves an invitation for when she comes online.",
                says("m", "john", "mary", "Dinner at our place on Friday?", Preset.ONLINE, waits=True),
            ),
            Step(
                "Then John goes offline too. The engine has the message.", leaves("john", "tom", clean=True)
            ),
            Step("Mary signs in and gets the invitation, although John is away.", invited),
            Step(
                "She answers. Her answer waits for John.",
                says("a", "mary", "john", "With pleasure!", waits=True),
            ),
            Step(
                "John is back, and her answer is there.",
                releases("john", "mary", ("a",), "John came online", _back("john")),
            ),
        ),
    ),
    UseCase(
        "B1",
        "Not in the middle of a presentation",
        "tom",
        "mary",
        (
            Step(
                "Mary presents in a meeting and is Not available.",
                sets("mary", "Not available", "tom", "UserAvailability", "NOT_AVAILABLE"),
            ),
            Step(
                "Tom has a question and asks for delivery when she is available.",
                says("m1", "tom", "mary", "Can we talk about the roadmap?", Preset.AVAILABLE, waits=True),
            ),
            Step(
                "A second one, with the same condition.",
                says("m2", "tom", "mary", "I have the numbers now.", Preset.AVAILABLE, waits=True),
            ),
            Step(
                "The meeting ends, Mary is Available: Tom's messages arrive together.",
                releases("mary", "tom", ("m1", "m2"), "Mary became available", _chooses("mary", "Available")),
            ),
            Step("They talk.", says("t", "mary", "tom", "Now is a good time.")),
        ),
    ),
    UseCase(
        "B2",
        "When the storm is over",
        "tom",
        "mary",
        (
            Step("Mary is angry.", sets("mary", "Angry", "tom", "UserMood", "ANGRY")),
            Step(
                "Tom's leave request shall go when her mood is any other than angry.",
                says("m", "tom", "mary", "May I take Friday off?", Preset.NOT_ANGRY, waits=True),
            ),
            Step(
                "Good news: Mary is happy. The request arrives, and it does not tell her why it waited.",
                releases("mary", "tom", ("m",), "Mary was no longer angry", _chooses("mary", "Happy")),
            ),
            Step("She answers.", says("t", "mary", "tom", "Of course. Enjoy it!")),
        ),
    ),
)
