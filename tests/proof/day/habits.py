"""What people in an office do all day: they come, go for coffee, meet, write, change their minds, and go home."""

from collections.abc import Callable
from functools import partial
from random import Random

from tact_engine.core import facts
from tact_engine.core.conditions import WHEN_ONLINE, Condition, one_group
from tact_engine.core.envelope import Otherwise, Submission
from tact_engine.core.facts import Amendment
from tact_engine.core.presence import Value
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.core.window import Window
from tests.proof.day.office import DAY, HOUR, MINUTE, SECOND, Office, Person

MESSAGES_A_DAY = 54
FRIENDS = 12
MOODS = ("NONE", "ANGRY", "HAPPY", "SLEEPY", "EXCITED")
ZONE = "Europe/Helsinki"


def settle_in(office: Office):
    """The first day: everybody has an account, and some make rules about who may see what."""
    for person in office.people.values():
        office.sign_in(person)
        draw = office.chance.random()
        rule = Rule(Audience.NOBODY)
        hidden = "UserMood" if draw < 0.15 else "OnlineStatus" if draw < 0.22 else ""
        if hidden:
            privacy = Privacy(rules={hidden: rule})
            office.ask(
                person, lambda session, request, rules=privacy: facts.PrivacySet(session, request, rules)
            )
        office.leave(person)


def plan_day(office: Office, midnight_ms: int):
    """Everybody's day that begins at `midnight_ms`; some stay away."""
    for person in office.people.values():
        if office.chance.random() < 0.06:
            office.met["days away"] += 1
            continue
        _plan(office, person, midnight_ms)


def _plan(office: Office, person: Person, midnight_ms: int):
    chance = office.chance
    come = midnight_ms + chance.randint(8 * HOUR, 9 * HOUR + 30 * MINUTE)
    go = midnight_ms + chance.randint(17 * HOUR, 18 * HOUR)
    morning: dict[str, Value] = {"UserAvailability": "AVAILABLE", "Activity": "WORKING", "TimeZone": ZONE}
    office.then(come, lambda: office.sign_in(person, **morning))
    _pause(
        office, person, go - chance.randint(0, 40) * MINUTE, 50 * MINUTE
    )  # some have gone before they sign out
    office.then(go, lambda: office.leave(person, cleanly=chance.random() < 0.9))
    for at in (10 * HOUR, 15 * HOUR):
        _pause(office, person, midnight_ms + at + chance.randint(0, HOUR), chance.randint(5, 15) * MINUTE)
    lunch = midnight_ms + chance.randint(11 * HOUR + 30 * MINUTE, 13 * HOUR)
    office.then(lunch, partial(_set, office, person, {"Activity": "LUNCH"}, lunch + 40 * MINUTE))
    _pause(office, person, lunch, 40 * MINUTE)
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        start = chance.randint(come, go)
        meeting: dict[str, Value] = {"UserAvailability": "NOT_AVAILABLE", "Activity": "MEETING"}
        office.then(start, partial(_set, office, person, meeting, start + chance.choice((30, 60)) * MINUTE))
    for _ in range(4):
        office.then(
            chance.randint(come, go), lambda: _set(office, person, {"UserMood": chance.choice(MOODS)})
        )
    if chance.random() < 0.5:
        office.then(chance.randint(come, go), lambda: _drop_off(office, person, morning, go))
    for _ in range(chance.randint(MESSAGES_A_DAY // 2, MESSAGES_A_DAY * 3 // 2)):
        office.then(chance.randint(come, go), lambda: _write(office, person))
    for _ in range(5):
        office.then(chance.randint(come, go), lambda: _think_again(office, person))


def _set(office: Office, person: Person, changes: dict[str, Value], until_ms: int | None = None):
    """Somebody lets others know, perhaps until some time."""
    ends = {} if until_ms is None or until_ms <= office.now.utc_ms else dict.fromkeys(changes, until_ms)
    office.ask(person, lambda session, request: facts.PresenceSet(session, request, {**changes}, ends))


def _pause(office: Office, person: Person, at_ms: int, length_ms: int):
    """Somebody is away from their desk for a while: their client notices after five minutes, and that they are back."""
    if length_ms > 5 * MINUTE:
        office.then(at_ms + 5 * MINUTE, lambda: _set(office, person, {"Idle": 300}))
    office.then(at_ms + length_ms, lambda: _set(office, person, {"Idle": 0}))


def _drop_off(office: Office, person: Person, presence: dict[str, Value], go: int):
    """The network is gone for some seconds, or somebody closes a lid for some minutes; not on the way home."""
    back = office.now.utc_ms + office.chance.randint(
        2 * SECOND, office.chance.choice((8 * SECOND, 20 * MINUTE))
    )
    if person.session and back < go:
        office.met["links lost"] += 1
        office.leave(person, cleanly=False)
        office.then(back, lambda: office.sign_in(person, **presence))


# --- messages


def _write(office: Office, person: Person):
    """Somebody writes to those they mostly write to."""
    chance = office.chance
    handles = list(office.people)
    place = handles.index(person.handle)
    circle = [handles[(place + 1 + each * each) % len(handles)] for each in range(FRIENDS)]
    to = tuple(dict.fromkeys(chance.sample(circle, 1 if chance.random() < 0.95 else 4)))
    to = tuple(handle for handle in to if handle != person.handle)
    is_alert = chance.random() < 0.02
    id = f"{'alert' if is_alert else 'message'}-{chance.randrange(16**16):016x}"
    message = Submission(
        id,
        to,
        b"" if is_alert else b"a few words " * chance.choice((1, 3, 10, 80)),
        when=_when(chance, office.now.utc_ms),
        valid_for=7 * DAY // 1000 if chance.random() < 0.8 else chance.choice((600, 3_600, 8 * 3_600)),
        otherwise=Otherwise.DELIVER if chance.random() < 0.1 and not is_alert else Otherwise.EXPIRE,
        keep_order=chance.random() < 0.05 and not is_alert,
        alert=is_alert,
    )
    if to and person.session:
        person.mine = [*person.mine[-20:], id]
        office.met["alerts" if is_alert else "messages"] += 1
        office.ask(person, lambda session, request: facts.Submitted(session, request, message))


def _when(chance: Random, now_ms: int) -> Condition:
    """Mostly at once; else when somebody is free, in another mood, there again, or at some hour."""
    draw = chance.random()
    if draw < 0.70:
        return WHEN_ONLINE
    if draw < 0.90:
        return one_group(("UserAvailability", "eq", "AVAILABLE"))
    if draw < 0.95:
        return one_group(("UserMood", "ne", "ANGRY"))
    return chance.choice(
        (
            Condition(edge=True),
            Condition(dwell=300),
            Condition(not_before=now_ms + chance.randint(MINUTE, 8 * MINUTE)),
            Condition(window=Window("09:00", "17:00")),
            Condition(any=one_group(("Activity", "eq", "LUNCH")).any, dwell=60),
        )
    )


def _think_again(office: Office, person: Person):
    """Somebody asks why something waits, changes it, takes it back, or opens it in an editor for a while."""
    if not person.mine or not person.session:
        return
    waiting = [id for id in person.mine if any((id, handle) in office.open for handle in office.people)]
    id = office.chance.choice(waiting if waiting and office.chance.random() < 0.8 else person.mine)
    revision = office.chance.choice((1, 1, 1, 2))
    acts: tuple[Callable[[int, int], facts.Fact], ...] = (
        lambda session, request: facts.Asked(session, request, id),
        lambda session, request: facts.Withdrawn(session, request, id),
        lambda session, request: facts.SentNow(session, request, id),
        lambda session, request: facts.Paused(session, request, id),
        lambda session, request: facts.Edited(session, request, id, revision, Amendment(valid_for=7_200)),
    )
    act = office.chance.choice(acts)
    office.ask(person, act)
    if act is acts[3] and office.chance.random() < 0.7:
        office.soon(
            5 * SECOND,
            5 * MINUTE,
            lambda: office.ask(person, lambda session, request: facts.Resumed(session, request, id)),
        )
