"""Deletion is real: no byte of a finished body in any file of the engine, nor in its memory."""

from pathlib import Path

import pytest

from tact_engine.core.conditions import PRESETS
from tact_engine.core.envelope import Otherwise, State
from tact_engine.core.privacy import Audience, Privacy, Rule
from tests.support.heart import Office

CANARY = "Quetzalcoatlus-7531-"
SMALL = CANARY
LARGE = (CANARY * 1_000)[: 16 * 1024]
BODIES = {"small": SMALL, "large": LARGE, "edited away": LARGE}


def traces(office: Office, of: str = CANARY) -> list[str]:
    """The files with a trace of a body; a piece of it is trace enough."""
    piece = of[:12].encode()
    return [path.name for path in sorted(Path(office.path.parent).iterdir()) if piece in path.read_bytes()]


def begin(office: Office, kind: str):
    """A message with the body, which is then on the disk."""
    office.away("mary")
    tom = office.sign_in("tom")
    for _ in range(5):  # neighbours on the same pages
        tom.submit("mary", body="neighbour " * 30, when=PRESETS["not angry"])
    id = tom.submit("mary", body=BODIES[kind], valid_for=60)
    for _ in range(5):
        tom.submit("mary", body="neighbour " * 300, when=PRESETS["not angry"])
    assert traces(office), "the search finds it while it is there"
    return tom, id


def finish(office: Office, tom, id: str, end: State):
    match end:
        case State.DELIVERED:
            office.sign_in("mary", UserMood="ANGRY").acknowledge(id)
        case State.READ:
            mary = office.sign_in("mary", UserMood="ANGRY")
            mary.acknowledge(id)
            mary.mark_read(id)
        case State.WITHDRAWN:
            tom.withdraw(id)
        case _:
            office.after(60)
    assert office.state(id) is end


ENDS = [State.DELIVERED, State.READ, State.WITHDRAWN, State.EXPIRED]


@pytest.mark.rule("C5", "D1", "I10")
@pytest.mark.parametrize("kind", ["small", "large"])
@pytest.mark.parametrize("end", ENDS)
def test_a_finished_body_is_in_no_file(office, kind, end):
    tom, id = begin(office, kind)
    finish(office, tom, id, end)
    office.store.housekeep(office.now)
    assert traces(office) == []
    assert traces(office, "neighbour neighbour"), "what still waits is still there"


@pytest.mark.parametrize("end", [None, *ENDS])
def test_a_body_that_was_edited_away_is_in_no_file(office, end):
    tom, id = begin(office, "edited away")
    tom.edit(id, body=b"harmless")
    if end is not None:
        finish(office, tom, id, end)
    office.store.housekeep(office.now)
    assert traces(office) == []


@pytest.mark.rule("D1")
@pytest.mark.parametrize("kind", ["small", "large"])
def test_a_body_goes_with_the_last_of_its_recipients(office, kind):
    office.away("mary", "john")
    tom = office.sign_in("tom")
    id = tom.submit("mary", "john", body=BODIES[kind])
    office.sign_in("mary").acknowledge(id)
    office.store.housekeep(office.now)
    assert traces(office), "john still waits for it"
    john = office.sign_in("john")
    assert [each.body == BODIES[kind].encode() for each in john.arrived] == [True]
    john.acknowledge(id)
    office.store.housekeep(office.now)
    assert traces(office) == []


@pytest.mark.rule("D1", "I10")
def test_a_good_end_of_the_engine_erases_as_well(office):
    tom, id = begin(office, "large")
    tom.withdraw(id)
    office.restart()
    assert traces(office) == []


@pytest.mark.rule("D1", "I10")
@pytest.mark.parametrize("end", [None, *ENDS])
def test_a_body_that_ended_before_a_crash_is_in_no_file(office, end):
    tom, id = begin(office, "edited away")
    if end is None:
        tom.edit(id, body=b"harmless")
    else:
        finish(office, tom, id, end)
    office.crash()
    office.store.housekeep(office.now)
    assert traces(office) == []
    assert traces(office, "neighbour neighbour")


@pytest.mark.parametrize("way", ["restart", "crash"])
def test_the_first_housekeeping_always_empties_the_log(office, way):
    begin(office, "small")
    getattr(office, way)()
    log = office.path.with_name(office.path.name + "-wal")
    assert log.stat().st_size > 0, "everybody went offline"
    office.store.housekeep(office.now)
    assert log.stat().st_size == 0


@pytest.mark.rule("L5")
def test_what_was_refused_was_never_written(office):
    office.away("mary")
    tom = office.sign_in("tom")
    tom.try_submit("mary", "nobody", body=LARGE)
    tom.try_submit("mary", body=LARGE + "!" * 16_000)
    id = tom.submit("mary", body="held")
    tom.edit(id, 7, body=LARGE.encode())
    assert traces(office) == []


def test_housekeeping_without_need_leaves_the_files_alone(office):
    tom, _ = begin(office, "small")
    office.store.housekeep(office.now)
    tom.submit("mary")
    before = {path.name: path.stat().st_mtime_ns for path in office.path.parent.iterdir()}
    office.store.housekeep(office.now)
    assert {path.name: path.stat().st_mtime_ns for path in office.path.parent.iterdir()} == before


def test_the_log_does_not_grow_for_ever(office):
    tom, _ = begin(office, "small")
    for _ in range(50):
        tom.withdraw(tom.submit("mary", body=LARGE))
    log = office.path.with_name(office.path.name + "-wal")
    assert log.stat().st_size > 100_000
    office.store.housekeep(office.now)
    assert log.stat().st_size == 0


def test_no_body_is_in_memory(office):
    """Not of what is held, for somebody online or not, nor of what is on its way."""
    tom, _ = begin(office, "small")
    office.sign_in("john", UserMood="ANGRY")
    tom.submit("john", body=SMALL, when=PRESETS["not angry"])
    tom.submit("john", body=SMALL)
    kept = repr(vars(office.store._live))
    assert "tom" in kept
    assert CANARY not in kept
    for thing in (
        office.store,
        office.store._performer,
        office.store.view,
        office.store._known,
        office.store._ledger,
    ):
        assert not [value for value in vars(thing).values() if CANARY in repr(value)]


@pytest.mark.rule("D3")
def test_a_tombstone_says_nothing_of_the_content(office):
    tom, id = begin(office, "small")
    tom.withdraw(id)
    number = office.envelope(id).number
    assert office.store.view.contents([number]) == {}
    (message,) = office.store._db.execute("SELECT * FROM message WHERE number = ?", (number,))
    (ended,) = office.store._db.execute("SELECT * FROM ended WHERE number = ?", (number,))
    assert CANARY not in repr((message, ended))


@pytest.mark.rule("R4", "D1", "I10")
@pytest.mark.parametrize("kind", ["small", "large"])
@pytest.mark.parametrize("way", ["", "restart", "crash"])
def test_the_text_of_what_has_become_an_alert_is_in_no_file(office, kind, way):
    tom, id = begin(office, kind)
    tom.edit(id, alert=True)
    if way:
        getattr(office, way)()
    office.store.housekeep(office.now)
    assert traces(office) == []
    assert office.state(id) is State.HELD


@pytest.mark.rule("D1", "I10", "M17")
def test_what_was_withdrawn_and_had_left_is_in_no_file(office):
    tom, id = begin(office, "large")
    mary = office.sign_in("mary", UserMood="ANGRY")
    mary.lose_link()
    tom.withdraw(id)
    office.sign_in("mary", UserMood="ANGRY").acknowledge(id)
    assert office.state(id) is State.DELIVERED
    office.store.housekeep(office.now)
    assert traces(office) == []


@pytest.mark.rule("D1", "I10", "S8")
def test_what_arrived_quietly_is_in_no_file(office):
    _, id = begin(office, "large")
    mary = office.sign_in("mary", UserMood="ANGRY")
    mary.allow(Privacy(rules={"OnlineStatus": Rule(Audience.NOBODY)}))
    mary.acknowledge(id)
    office.store.housekeep(office.now)
    assert traces(office) == []


@pytest.mark.rule("D1", "M12", "I10")
def test_a_second_life_needs_its_text_until_its_end(office):
    office.away("mary")
    tom = office.sign_in("tom")
    tom.submit("mary", body=LARGE, when=PRESETS["not angry"], valid_for=60, otherwise=Otherwise.DELIVER)
    office.after(60)
    office.store.housekeep(office.now)
    assert traces(office)
    office.after(60)
    office.store.housekeep(office.now)
    assert traces(office) == []


@pytest.mark.rule("D4")
def test_the_file_shrinks_again_when_what_was_in_it_is_over(office):
    office.away("mary")
    tom = office.sign_in("tom")
    for _ in range(200):
        tom.submit("mary", body="x" * 15_000, valid_for=60)
    office.store.housekeep(office.now)
    full = office.path.stat().st_size
    office.after(120)
    for _ in range(2):
        office.store.housekeep(office.now)
    assert office.path.stat().st_size < full / 2
