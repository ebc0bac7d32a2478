"""The six use cases as a script: captions, what the hands do, and what must then be seen.

Their names and stories are those of the proposal that Tact completes; each step leaves the stage as its caption says.
"""

import time

from tact_desktop.demo.deeds import (
    Report,
    Step,
    UseCase,
    back,
    chooses,
    delivered,
    held,
    leaves,
    releases,
    says,
    sets,
    text_of,
)
from tact_desktop.demo.stage import Stage
from tact_desktop.state.draft import Preset


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
    report.sent, report.why = text_of(stage, "mary", id), "Mary came online"


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
                releases("tom", "mary", ("a1", "a2"), "Tom came online", back("tom")),
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
                releases("mary", "tom", ("draft",), "Mary came online", back("mary")),
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
                releases("mary", "john", ("m",), "Mary came online", back("mary")),
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
                releases("john", "mary", ("a",), "John came online", back("john")),
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
                releases("mary", "tom", ("m1", "m2"), "Mary became available", chooses("mary", "Available")),
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
                releases("mary", "tom", ("m",), "Mary was no longer angry", chooses("mary", "Happy")),
            ),
            Step("She answers.", says("t", "mary", "tom", "Of course. Enjoy it!")),
        ),
    ),
)
