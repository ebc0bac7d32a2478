"""Six further stories: what else a message can wait for, what becomes of it, and what nobody learns."""

import asyncio
import time

from msgspec.structs import replace

from tact_desktop.demo.deeds import (
    Deed,
    Report,
    Step,
    UseCase,
    acknowledged,
    chooses,
    delivered,
    held,
    releases,
    says,
    sets,
    text_of,
)
from tact_desktop.demo.stage import Stage
from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Stage as Standing
from tact_engine.core.conditions import PRESETS, one_group
from tact_engine.core.envelope import Otherwise
from tact_engine.core.presence import USER_AVAILABILITY, USER_MOOD
from tact_engine.core.privacy import NO_WISHES, Audience, Privacy, Rule

DWELL_SECONDS = 2
MINUTE = 60
NEXT_TIME = Draft(preset=Preset.CUSTOM, custom=replace(PRESETS["available"], edge=True))
SETTLED = Draft(preset=Preset.CUSTOM, custom=replace(PRESETS["available"], dwell=DWELL_SECONDS))
ANYWAY = Draft(
    preset=Preset.CUSTOM,
    custom=one_group((USER_MOOD, "eq", "EXCITED")),
    valid_for=MINUTE,
    otherwise=Otherwise.DELIVER,
)
TELL_ME = Draft(preset=Preset.AVAILABLE, alert=True)
SECRET_MOOD = Privacy({USER_MOOD: Rule(Audience.NOBODY)})


def still_waits(name: str, by: str, to: str) -> Deed:
    """Nothing has happened to the message: it waits, and its recipient sees nothing."""

    async def deed(stage: Stage, report: Report) -> None:
        await held(stage, by, to, report.ids[name])

    return deed


def both(*deeds: Deed) -> Deed:
    """Several deeds in one step."""

    async def deed(stage: Stage, report: Report) -> None:
        for each in deeds:
            await each(stage, report)

    return deed


async def settles(stage: Stage, report: Report) -> None:
    """Mary stays available: the message arrives when she has been for long enough, and not before."""
    began = time.perf_counter()
    stage["mary"].set_presence("Available")
    await delivered(stage, "mary", report.ids["m"], offline=True)
    report.took_ms = (time.perf_counter() - began) * 1000 - DWELL_SECONDS * 1000
    if report.took_ms < 0:
        await stage.until(lambda: False, "the message waited as long as it should", patience=0)
    report.sent, report.why = text_of(stage, "mary", report.ids["m"]), "Mary stayed available for 2 seconds"
    await acknowledged(stage, "tom", report.ids["m"])


async def until_later(stage: Stage, report: Report) -> None:
    """Mary is not available for a minute; Tom sees until when."""
    del report
    mary, end = stage["mary"], stage.now_ms() + MINUTE * 1000
    mary.desk.set_presence({USER_AVAILABILITY: "NOT_AVAILABLE"}, {USER_AVAILABILITY: end})
    desk = stage["tom"].desk
    await stage.until(
        lambda: desk.presence_of("mary").value(USER_AVAILABILITY) == "NOT_AVAILABLE",
        "Tom sees that Mary is not available",
    )


def a_minute(stage: Stage) -> object:
    """The clock goes on by a minute."""
    return stage.advance(MINUTE)


async def second_life(stage: Stage, report: Report) -> None:
    """The minute is over: the condition is dropped, and the message goes because Mary is online."""
    await releases("mary", "tom", ("m",), "its time was over, and Mary was online", a_minute)(stage, report)


async def hides_mood(stage: Stage, report: Report) -> None:
    """Mary lets nobody see her mood; Tom's window says so and can no longer tell."""
    stage["mary"].desk.set_privacy(SECRET_MOOD)
    desk = stage["tom"].desk
    await stage.until(lambda: USER_MOOD in desk.presence_of("mary").hidden, "Tom sees no mood")
    await held(stage, "tom", "mary", report.ids["m"])


async def cheers_up_unseen(stage: Stage, report: Report) -> None:
    """Mary is happy, and nobody may know: the message waits on, and so tells nobody."""
    stage["mary"].set_presence("Happy")
    await stage.until(lambda: stage["mary"].desk.own_presence().get(USER_MOOD) == "HAPPY", "Mary is happy")
    await asyncio.sleep(0.3)
    await held(stage, "tom", "mary", report.ids["m"])


async def asks_to_be_told(stage: Stage, report: Report) -> None:
    """Tom asks to be told; nothing is sent to Mary."""
    tom = stage["tom"]
    before = {entry.id for entry in tom.desk.waiting()}
    tom.prepare(TELL_ME)
    tom.send()
    (id,) = [entry.id for entry in tom.desk.waiting() if entry.id not in before]
    report.ids["alert"] = id
    await held(stage, "tom", "mary", id)


async def is_told(stage: Stage, report: Report) -> None:
    """Mary is available: Tom is told, and Mary's window shows nothing."""
    began = time.perf_counter()
    stage["mary"].set_presence("Available")
    id = report.ids["alert"]
    await stage.until(lambda: stage["tom"].stage_of(id) is Standing.DELIVERED, "Tom is told")
    report.took_ms = (time.perf_counter() - began) * 1000
    await stage.until(lambda: not stage["mary"].sees(id), "Mary sees nothing of it")
    report.sent, report.why = "Tell me when Mary is available", "Mary became available"


def _allows(stage: Stage) -> object:
    return stage["mary"].desk.set_privacy(NO_WISHES)


_BUSY = sets("mary", "Not available", "tom", USER_AVAILABILITY, "NOT_AVAILABLE")
_FREE = sets("mary", "Available", "tom", USER_AVAILABILITY, "AVAILABLE")

FURTHER: tuple[UseCase, ...] = (
    UseCase(
        "7",
        "The next time, not now",
        "tom",
        "mary",
        (
            Step(
                "Mary is available. Tom asks for delivery the next time she becomes so: it waits although it is true.",
                says("m", "tom", "mary", "When you next come up for air: tea?", NEXT_TIME, waits=True),
            ),
            Step("Mary is in a meeting. It waits.", both(_BUSY, still_waits("m", "tom", "mary"))),
            Step(
                "The meeting is over, and the message arrives.",
                releases("mary", "tom", ("m",), "Mary became available again", chooses("mary", "Available")),
            ),
        ),
    ),
    UseCase(
        "8",
        "Not between two meetings",
        "tom",
        "mary",
        (
            Step("Mary is not available.", _BUSY),
            Step(
                "Tom's message shall go once she has been available for two seconds; an office would say minutes.",
                says("m", "tom", "mary", "Half an hour for the budget?", SETTLED, waits=True),
            ),
            Step(
                "Mary is available for a moment, and away again. The message waits.",
                both(_FREE, _BUSY, still_waits("m", "tom", "mary")),
            ),
            Step("Mary stays available, and the message arrives.", settles),
        ),
    ),
    UseCase(
        "9",
        "Not available until then",
        "tom",
        "mary",
        (
            Step("Mary is not available for a minute, and has said until when.", until_later),
            Step(
                "Tom's message waits until she is available.",
                says("m", "tom", "mary", "How did the talk go?", Preset.AVAILABLE, waits=True),
            ),
            Step(
                "The demo lets the minute pass: Mary is available again without a hand, and the message arrives.",
                releases("mary", "tom", ("m",), "Mary's minute was over", a_minute),
            ),
        ),
    ),
    UseCase(
        "10",
        "Better late than never",
        "tom",
        "mary",
        (
            Step(
                "Tom would rather tell her when she is excited, within a minute; after that, in any case.",
                says("m", "tom", "mary", "By the way: we won the bid.", ANYWAY, waits=True),
            ),
            Step(
                "The demo lets the minute pass. The condition is dropped, and the message goes.", second_life
            ),
        ),
    ),
    UseCase(
        "11",
        "What nobody may know, no message tells",
        "tom",
        "mary",
        (
            Step("Mary is angry.", sets("mary", "Angry", "tom", USER_MOOD, "ANGRY")),
            Step(
                "Tom's message waits until she is not angry.",
                says("m", "tom", "mary", "May I ask for a favour?", Preset.NOT_ANGRY, waits=True),
            ),
            Step("Mary lets nobody see her mood any more. Tom's window cannot tell.", hides_mood),
            Step("Mary is happy. The message stays where it is, or it would tell.", cheers_up_unseen),
            Step(
                "Mary lets others see her mood again, and the message arrives.",
                releases("mary", "tom", ("m",), "Mary shows her mood again", _allows),
            ),
        ),
    ),
    UseCase(
        "12",
        "Just tell me",
        "tom",
        "mary",
        (
            Step("Mary is not available.", _BUSY),
            Step(
                "Tom asks to be told when she is available. Nothing is sent, and Mary sees nothing.",
                asks_to_be_told,
            ),
            Step("Mary is available: Tom is told, and Mary sees nothing.", is_told),
        ),
    ),
)
