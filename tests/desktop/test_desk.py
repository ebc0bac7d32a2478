"""The desk: what is received, read and shown of oneself and others, at a real engine and on paper."""

import time
from collections.abc import Mapping

import pytest
from msgspec import structs

from tact_desktop.state.draft import Draft, Preset
from tact_desktop.state.entry import Stage
from tact_desktop.state.link import LinkPhase
from tact_engine.core.presence import Presence, Reading
from tact_engine.core.privacy import NO_WISHES, Privacy
from tests.support.engine_process import engine_running
from tests.support.heard import heard
from tests.support.office import GRACE, Seat, office_at
from tests.support.office import shared_engine as shared_engine
from tests.support.paper_seat import PaperSeat, paper_seat, person
from tests.support.qt_loop import on_qt, until

HOUR_HENCE = time.time_ns() // 1_000_000 + 3_600_000
ARRIVED = (Stage.DELIVERED, Stage.READ)


@pytest.fixture
def tom(qtbot, tmp_path):
    with paper_seat(tmp_path) as seat:
        seat.meet("mary")
        yield seat


# --- receiving, reading ---------------------------------------------------------------------------------------------


@pytest.mark.rule("M23", "I5")
@on_qt
async def test_what_is_received_is_stored_before_it_is_acknowledged_and_copies_are_dropped(
    tmp_path, shared_engine
):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        stored_then: list[list[bool]] = []
        deliveries = heard(mary.bridge.delivered)
        arrived = heard(mary.desk.arrived)
        acknowledge = mary.bridge.acknowledge

        def watched(copies: Mapping[str, int]) -> None:
            stored_then.append([mary.history.entry(id) is not None for id in copies])
            acknowledge(copies)

        mary.bridge.acknowledge = watched
        ids = [tom.write(mary, text) for text in ("One", "Two")]
        for id in ids:
            await tom.stands(id, *ARRIVED)
        assert [stored for each in stored_then for stored in each] == [True, True]
        known = list(deliveries)
        arrived.clear()
        for told in known:
            mary.bridge.delivered.emit(*told)
        assert [entries for entries, _ in arrived] == [[]] * len(known), "copies are no news"
        assert mary.texts(tom) == ["One", "Two"]
        assert len(stored_then) == 2 * len(known), "a copy is acknowledged again, or it would come for ever"


@pytest.mark.rule("M18")
@on_qt
async def test_what_is_unread_is_counted_until_it_is_shown_and_its_sender_is_told(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        ids = [tom.write(mary, text) for text in ("One", "Two", "Three")]
        await until(lambda: mary.desk.people[tom.handle].unread == 3)
        mary.desk.mark_read(tom.handle, mary.entries(tom)[1].position or 0)
        assert mary.desk.people[tom.handle].unread == 1
        for id in ids[:2]:
            await tom.stands(id, Stage.READ)
        await tom.stands(ids[2], Stage.DELIVERED)
        await mary.leave()
        mary.open()
        await mary.connect()
        await mary.sees(tom)
        assert mary.desk.people[tom.handle].unread == 1


@pytest.mark.rule("M18")
@on_qt
async def test_what_is_read_while_the_engine_is_away_is_told_later(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        id = tom.write(mary, "Read me")
        await tom.stands(id, Stage.DELIVERED)
        mary.bridge.lose_link()
        await until(lambda: not mary.desk.link.up)
        mary.desk.mark_read(tom.handle, mary.desk.page(tom.handle).last_position)
        await mary.leave()
        mary.open()
        await mary.connect()
        await tom.stands(id, Stage.READ)


# --- presence, drafts ------------------------------------------------------------------------------------------------


@pytest.mark.rule("P13")
@on_qt
async def test_presence_is_kept_and_goes_along_with_the_next_sign_in_as_one_version(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        mary.desk.set_presence({"UserAvailability": "DISCREET", "StatusText": "in the lab"})
        await until(lambda: tom.desk.presence_of(mary.handle).value("StatusText") == "in the lab")
        await mary.leave()
        await tom.sees(mary, online=False)
        mary.open()
        assert mary.desk.own_presence()["UserAvailability"] == "DISCREET"
        mary.desk.set_presence({"UserMood": "HAPPY"})  # before anybody is connected
        told = heard(tom.bridge.people)
        await mary.connect()
        await tom.sees(mary)
        first = next(each for (each,) in told if each[0].handle == mary.handle)[0]
        assert {
            name: first.value(name) for name in ("UserAvailability", "StatusText", "UserMood", "Alias")
        } == {
            "UserAvailability": "DISCREET",
            "StatusText": "in the lab",
            "UserMood": "HAPPY",
            "Alias": mary.name,
        }
        assert tom.desk.presence_of("nobody.here").online is False


@on_qt
async def test_drafts_are_kept_for_each_conversation_on_this_computer(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = office.seat("Tom"), office.seat("Mary")
        conversation = tom.desk.conversation_with(mary.handle)
        draft = Draft("Half a sente", Preset.NOT_ANGRY, None, 3600, pinned=True)
        tom.history.set_draft(conversation, draft)
        await tom.leave()
        tom.open()
        assert tom.history.draft(conversation) == draft
        assert tom.history.draft(tom.desk.conversation_with("john")) == Draft()


@on_qt
async def test_what_is_wrong_with_the_link_is_told_by_its_phase(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        (tom,) = await office.people("Tom")
        assert (tom.desk.link.phase, tom.desk.link.here) == (LinkPhase.CONNECTED, True)
        tom.bridge.sign_out()
        await until(lambda: tom.desk.link.phase is LinkPhase.SIGNED_OUT)
        tom.bridge.sign_in()
        await until(lambda: tom.desk.link.up)
        other = office.seat("Other")
        await other.leave()
        other.handle = tom.handle  # the name of somebody else's device
        other.open()
        other.desk.start(other.address)
        await until(lambda: other.desk.link.phase is LinkPhase.REFUSED)
        assert other.desk.link.code == "handle_taken"
        assert "belongs to another device" in other.desk.link.problem


# --- what a person chose about themselves -----------------------------------------------------------------------


@pytest.mark.rule("P13", "P19")
@on_qt
async def test_what_ends_by_itself_is_said_with_its_end_at_every_sign_in(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await office.people("Tom", "Mary")
        end_ms = mary.clock.ms + 3_600_000
        mary.desk.set_presence(
            {"UserAvailability": "NOT_AVAILABLE", "UserMood": "SAD"}, {"UserAvailability": end_ms}
        )
        assert mary.desk.own_ends() == {"UserAvailability": end_ms}
        await until(lambda: end_of(tom, mary) == end_ms)
        await mary.leave()
        await tom.sees(mary, online=False)
        mary.open()
        assert mary.desk.own_presence()["UserAvailability"] == "NOT_AVAILABLE"
        assert mary.desk.own_ends() == {"UserAvailability": end_ms}
        told = heard(tom.bridge.people)
        await mary.connect()
        await tom.sees(mary)
        assert {each.readings["UserAvailability"].until for (found,) in told for each in found} == {end_ms}
        mary.desk.set_presence({"UserAvailability": "NOT_AVAILABLE"})
        assert mary.desk.own_ends() == {}
        await until(lambda: end_of(tom, mary) is None)
        assert mary.desk.own_ends() == {}


@pytest.mark.rule("P19", "P23")
@on_qt
async def test_what_ended_while_the_window_was_closed_is_not_said_again(tmp_path):
    with engine_running(tmp_path / "engine", GRACE, "--driven-clock") as engine:
        async with office_at(tmp_path, engine) as office:
            tom, mary = await office.people("Tom", "Mary")
            end_ms = mary.clock.ms + 3_600_000
            mary.desk.set_presence({"UserAvailability": "NOT_AVAILABLE"}, {"UserAvailability": end_ms})
            await until(lambda: end_of(tom, mary) == end_ms)
            await mary.leave()
            engine.advance(3_601)
            await until(lambda: tom.desk.presence_of(mary.handle).value("UserAvailability") == "AVAILABLE")
            mary.open()
            told = heard(tom.bridge.people)
            await mary.connect()
            await tom.sees(mary)
            assert {each.value("UserAvailability") for (found,) in told for each in found} == {"AVAILABLE"}
            await until(lambda: mary.desk.own_presence()["UserAvailability"] == "AVAILABLE")
            assert mary.desk.own_ends() == {}


def end_of(tom: Seat, mary: Seat) -> int | None:
    """When Mary's availability ends by itself, as Tom sees it."""
    reading = tom.desk.presence_of(mary.handle).readings.get("UserAvailability")
    return reading.until if reading else None


def say_of_oneself(tom: PaperSeat, **readings: Reading) -> None:
    """The engine's own document of whoever sits here, as another session or time has made it."""
    known = {"OnlineStatus": Reading(True, 0), "Alias": Reading("Tom", 0)} | readings
    tom.bridge.people.emit((Presence(tom.handle, 7, known),))


@pytest.mark.rule("P22", "P26")
def test_what_another_session_chose_is_what_this_one_remembers(tom):
    tom.desk.set_presence({"UserMood": "SAD", "StatusText": "gone"}, {"UserMood": HOUR_HENCE})
    say_of_oneself(tom, UserMood=Reading("HAPPY", 5), Activity=Reading("LUNCH", 5, until=HOUR_HENCE + 9))
    for _ in range(2):
        own = tom.desk.own_presence()
        assert (own["UserMood"], own["Activity"], own["StatusText"]) == ("HAPPY", "LUNCH", "")
        assert tom.desk.own_ends() == {"Activity": HOUR_HENCE + 9}
        tom.reopen()


@pytest.mark.rule("P19")
def test_an_end_that_came_is_no_longer_remembered(tom):
    say_of_oneself(tom, UserMood=Reading("SAD", 5, until=HOUR_HENCE))
    assert (tom.desk.own_presence()["UserMood"], tom.desk.own_ends()) == ("SAD", {"UserMood": HOUR_HENCE})
    say_of_oneself(tom)
    tom.reopen()
    assert (tom.desk.own_presence()["UserMood"], tom.desk.own_ends()) == ("NONE", {})


def test_of_what_was_never_chosen_nothing_is_remembered(tom):
    say_of_oneself(tom, Idle=Reading(5, 0), TimeZone=Reading("UTC", 0))
    assert tom.desk.own_presence() == {"Alias": "Tom"}
    tom.desk.set_presence({"StatusText": None})
    assert tom.desk.own_presence() == {"Alias": "Tom", "StatusText": None}
    assert tom.bridge.intents("set_presence") == [({"StatusText": None}, {})]
    say_of_oneself(tom)
    assert tom.desk.own_presence() == {"Alias": "Tom", "StatusText": ""}


def test_what_others_let_know_is_not_remembered_as_ones_own(tom):
    tom.bridge.people.emit((person("mary", 2, UserMood="SAD"),))
    assert tom.desk.own_presence() == {"Alias": "Tom"}


def test_one_choice_leaves_the_ends_of_others_alone(tom):
    tom.desk.set_presence({"UserMood": "SAD"}, {"UserMood": HOUR_HENCE})
    tom.desk.set_presence({"Activity": "LUNCH"}, {"Activity": HOUR_HENCE + 1})
    assert tom.desk.own_ends() == {"UserMood": HOUR_HENCE, "Activity": HOUR_HENCE + 1}
    assert tom.bridge.intents("set_presence")[1] == ({"Activity": "LUNCH"}, {"Activity": HOUR_HENCE + 1})
    tom.desk.set_presence({"UserMood": "SAD"})
    assert tom.desk.own_ends() == {"Activity": HOUR_HENCE + 1}


@pytest.mark.parametrize(
    ("changes", "until"),
    [({"UserMood": "FURIOUS"}, {}), ({"StatusText": "x" * 281}, {}), ({"UserMood": "SAD"}, {"UserMood": 1})],
)
def test_what_cannot_be_is_said_and_not_kept(tom, changes, until):
    tom.desk.set_presence(changes, until)
    assert len(tom.complaints) == 1
    assert tom.bridge.intents("set_presence") == []
    tom.reopen()
    assert (tom.desk.own_presence(), tom.desk.own_ends()) == ({"Alias": "Tom"}, {})


@pytest.mark.rule("S4")
def test_who_may_see_what_is_shown_as_the_engine_has_it(tom):
    told = heard(tom.desk.privacy_changed)
    assert tom.desk.privacy == NO_WISHES
    wanted = Privacy(blocked=("john",))
    tom.desk.set_privacy(wanted)
    assert (tom.desk.privacy, tom.bridge.intents("set_privacy")) == (NO_WISHES, [(wanted,)])
    tom.bridge.privacy.emit(wanted)
    assert (tom.desk.privacy, len(told)) == (wanted, 1)


# --- what arrives -----------------------------------------------------------------------------------------------


@pytest.mark.rule("M25")
def test_the_revision_that_is_stored_here_is_acknowledged_also_where_a_copy_is_newer(tom):
    deliveries = heard(tom.bridge.delivered)
    (id,) = tom.receive("First")
    ((batch, (first,), _),) = deliveries
    newer = structs.replace(first, body=b"Second", revision=2)
    tom.bridge.delivered.emit(batch + 1, (newer,), False)
    assert tom.bridge.intents("acknowledge") == [({id: 1},), ({id: 1},)]
    entry = tom.history.entry(id)
    assert entry is not None
    assert entry.text == "First"


@pytest.mark.rule("O8")
def test_whether_more_of_the_same_moment_follows_is_told_along(tom):
    arrived = heard(tom.desk.arrived)
    tom.receive("One", "Two", delayed=True, more=True)
    tom.receive("Three", delayed=True)
    told = [([entry.text for entry in entries], more) for entries, more in arrived]
    assert told == [(["One", "Two"], True), (["Three"], False)]


def test_signing_out_is_shown_also_while_the_engine_is_away(tom):
    tom.lose()
    tom.desk.sign_out()
    assert tom.bridge.intents("sign_out") == [()]
    assert tom.desk.link.phase is LinkPhase.SIGNED_OUT
    assert not tom.desk.is_up


def test_how_somebody_is_and_who_is_there_are_told_apart(tom):
    people, presence = heard(tom.desk.people_changed), heard(tom.desk.presence_changed)
    tom.bridge.people.emit((person("mary", 2, online=False),))
    assert (len(people), len(presence)) == (0, 1)
    tom.bridge.people.emit((person("mary", 3, Alias="Maria"),))
    assert (len(people), len(presence)) == (1, 1), "a name"
    tom.bridge.people.emit((person("john"),))
    assert (len(people), len(presence)) == (2, 1), "somebody new"
    tom.receive("Goodbye")
    tom.bridge.gone.emit(("mary",))
    people.clear()
    tom.bridge.people.emit((person("mary", 1, Alias="Maria"),))
    assert (len(people), len(presence)) == (1, 1), "somebody is back"
    assert tom.desk.people["mary"].unread == 1


def test_a_message_tells_of_one_person_and_not_of_all(tom):
    people, counted = heard(tom.desk.people_changed), heard(tom.desk.counted)
    tom.receive("Hello", "again")
    assert (people, counted, tom.desk.people["mary"].unread) == ([], [("mary",)], 2)
    tom.desk.mark_read("mary", 9)
    assert (people, counted, tom.desk.people["mary"].unread) == ([], [("mary",)] * 2, 0)
