"""What the computer of somebody in a large office keeps: made from a seed, the same for every run."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tact_desktop.desk import PEOPLE_SETTING, PRESENCE_SETTING
from tact_desktop.flows.conversation_flow import OPEN_SETTING
from tact_desktop.local.history import History
from tact_desktop.local.rows import ADD_ENTRY, entry_record
from tact_desktop.settings import Seat, profile_folder, remember
from tact_desktop.state.entry import Entry, Stage
from tact_engine.core.conditions import PRESETS
from tact_engine.core.envelope import Delivery, conversation_of
from tact_engine.core.presence import (
    ALIAS,
    ONLINE_STATUS,
    STATUS_TEXT,
    USER_AVAILABILITY,
    USER_MOOD,
    Presence,
    Reading,
)

ME, OTHER, BEFORE = "anna.berg", "p0001", "p0002"
"""Who sits here, whom they have written with for years, and whose conversation was open last."""
START_MS = 1_700_000_000_000
"""When the first message was written."""
PEOPLE, MESSAGES, SMALL_TALKS, SMALL_MESSAGES, WAITING = 2_000, 100_000, 200, 20, 10
GAP_MS = 90_000
WORDS_MEAN = 14
WORDS = (
    *(
        "report",
        "meeting",
        "tomorrow",
        "please",
        "lunch",
        "invoice",
        "customer",
        "printer",
        "number",
        "before",
    ),
    *(
        "after",
        "with",
        "the",
        "a",
        "we",
        "you",
        "it",
        "is",
        "not",
        "today",
        "done",
        "thanks",
        "could",
        "should",
    ),
    *("send", "look", "room", "deadline", "draft", "signed", "https://intra.example/ticket/42", "😀", "👍"),
)
FIRST, LAST = ("Ada", "Bo", "Cem", "Dana", "Eli", "Fay", "Gus"), ("Berg", "Chen", "Diaz", "Okoye", "Novák")


def fill(messages: int = MESSAGES, people: int = PEOPLE) -> None:
    """Put the office onto this computer, in TACT_DATA: who sits here, whom they know, what was written."""
    remember(Seat(ME, "Anna Berg", engine="0" * 32, engine_name="Office"))
    history = History.open(history_file())
    history.set_setting(PRESENCE_SETTING, {ALIAS: "Anna Berg"})
    known = office(people)
    history.set_setting(PEOPLE_SETTING, {each.handle: str(each.value(ALIAS)) for each in known})
    history.set_setting(OPEN_SETTING, BEFORE)
    with history._change() as connection:  # pyright: ignore[reportPrivateUsage]  (all at once: seconds, not minutes)
        connection.executemany(ADD_ENTRY, map(entry_record, written(messages, people)))
        connection.execute(
            "UPDATE counter SET value = (SELECT max(position) FROM entry) WHERE name = 'position'"
        )
    history.close()


def history_file() -> Path:
    """Where the history of who sits here is."""
    return profile_folder(ME) / "history.db"


def office(people: int = PEOPLE) -> tuple[Presence, ...]:
    """Everybody as the engine tells of them first; three of four are online."""
    random = Random(1)
    return tuple(_present(random, f"p{number:04}", 1) for number in range(people))


def changes(people: int = PEOPLE) -> Iterator[Presence]:
    """One change of presence after another, of anybody, without end."""
    random, versions = Random(2), [1] * people
    while True:
        number = random.randrange(people)
        versions[number] += 1
        yield _present(random, f"p{number:04}", versions[number])


def written(messages: int, people: int) -> Iterator[Entry]:
    """One long conversation, many short ones, and what waits."""
    random, position = Random(3), 0
    for handle, count in _conversations(messages, people):
        at = START_MS
        for _ in range(count):
            position += 1
            at += round(random.expovariate(1 / GAP_MS))
            own = random.random() < 0.5
            yield Entry(
                id=f"{position:032x}",
                conversation=conversation_of((ME, handle)),
                author=ME if own else handle,
                own=own,
                text=_text(random),
                stage=Stage.READ if own else Stage.DELIVERED,
                recipients=(handle if own else ME,),
                written_at=at,
                position=position,
                since=at,
                released_at=at,
                delayed=random.random() < 0.1,
                batch=position,
                valid_for=604_800 if own else 0,
            )
    for number in range(WAITING):
        yield _waits(random, number, messages)


def arriving() -> Iterator[Delivery]:
    """One new message of OTHER after another, without end."""
    random, number = Random(4), 0
    while True:
        number += 1
        at = START_MS + 200 * 86_400_000 + number * GAP_MS
        text = _text(random).encode()
        conversation = conversation_of((ME, OTHER))
        yield Delivery(
            f"a{number:031x}", OTHER, conversation, (ME, OTHER), text, "text/plain", number, at, at
        )


def _conversations(messages: int, people: int) -> Iterator[tuple[str, int]]:
    for number in range(2, min(SMALL_TALKS + 2, people)):
        yield f"p{number:04}", SMALL_MESSAGES
    yield OTHER, messages


def _waits(random: Random, number: int, messages: int) -> Entry:
    handle = OTHER if number < WAITING // 2 else f"p{2 + number:04}"
    return Entry(
        id=f"b{number:031x}",
        conversation=conversation_of((ME, handle)),
        author=ME,
        own=True,
        text=_text(random),
        stage=Stage.HELD,
        recipients=(handle,),
        written_at=START_MS + messages * GAP_MS,
        condition=PRESETS["available"],
        valid_for=604_800,
        expires_at=START_MS + messages * GAP_MS + 604_800_000,
    )


def _present(random: Random, handle: str, version: int) -> Presence:
    online, at = random.random() < 0.75, START_MS + version * 1000
    readings = {
        ALIAS: Reading(f"{FIRST[int(handle[1:]) % 7]} {LAST[int(handle[1:]) % 5]} {handle[1:]}", START_MS),
        ONLINE_STATUS: Reading(online, at),
        USER_AVAILABILITY: Reading(random.choice(("AVAILABLE", "DISCREET", "NOT_AVAILABLE")), at),
        USER_MOOD: Reading(random.choice(("NONE", "HAPPY", "ANGRY", "SAD")), at),
        STATUS_TEXT: Reading(random.choice(("", "in a meeting", "at lunch until one", "on the phone")), at),
    }
    return Presence(handle, version, readings)


def _text(random: Random) -> str:
    """As people write: mostly short, now and then long."""
    return " ".join(random.choices(WORDS, k=1 + round(random.expovariate(1 / WORDS_MEAN))))
