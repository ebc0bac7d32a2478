import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.local import queries
from tact_desktop.local.errors import LocalStoreError
from tact_desktop.local.history import History
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.wording import UNREADABLE
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.envelope import Delivery, Otherwise, Receipt, State

NOT_ANGRY = PRESETS["not angry"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
def history(path):
    history = History.open(path)
    yield history
    history.close()


def own(id: str = "1", text: str = "Hello", **fields) -> Entry:
    given: dict[str, Any] = {
        "recipients": ("bob",),
        "written_at": 5,
        "condition": NOT_ANGRY,
        "valid_for": 3600,
    } | fields
    return Entry(id, "c", "anna", True, text, Stage.UNSENT, **given)


def receipt(
    id: str = "1", state: State = State.HELD, since: int = 10, to: str = "bob", serial: int = 0, **fields
):
    given: dict[str, Any] = {"revision": 1, "accepted_at": 10, "expires_at": 1000} | fields
    return Receipt(id=id, recipient=to, state=state, since=since, serial=serial, **given)


def delivery(id: str, text: str = "Hi", conversation: str = "c", **fields) -> Delivery:
    given: dict[str, Any] = {
        "sender": "bob",
        "members": ("anna", "bob"),
        "body": text.encode(),
        "content_type": "text/plain; charset=utf-8",
        "sequence": 1,
        "written_at": 20,
        "released_at": 30,
    } | fields
    return Delivery(id=id, conversation=conversation, **given)


def arrive(history: History, *deliveries: Delivery, batch: int = 4) -> list[Entry]:
    return history.received(deliveries, batch, "anna", 31)


def held_bytes(path: Path, text: str) -> list[str]:
    """The files beside `path` that hold `text`."""
    needle = text.encode()
    return [file.name for file in path.parent.iterdir() if needle in file.read_bytes()]


# --- own messages -----------------------------------------------------------------------------------------------


def test_an_own_message_is_kept_as_unsent(history, path):
    entry = own(recipients=("bob", "carla"))
    history.remember([replace(entry, stage=Stage.HELD, position=9)])
    history.close()
    again = History.open(path)
    assert again.entry("1") == entry
    assert again.unsent() == again.waiting() == [entry]
    assert again.newest("c", 10) == []
    again.close()


def test_an_id_that_is_known_stays_as_it_is(history):
    history.remember([own()])
    history.remember([own(text="other")])
    assert [entry.text for entry in history.unsent()] == ["Hello"]


def test_a_held_message_waits_without_a_place(history):
    history.remember([own()])
    (entry,) = history.learned([receipt()])
    assert (entry.stage, entry.position, entry.expires_at, entry.written_at) == (Stage.HELD, None, 1000, 10)
    assert entry.delayed
    assert entry.condition == NOT_ANGRY
    assert history.waiting() == [entry]
    assert history.unsent() == []


@pytest.mark.rule("O5")
@pytest.mark.parametrize("state", [State.RELEASED, State.DELIVERED, State.READ, State.EXPIRED, State.FAILED])
def test_a_message_gets_its_place_when_it_goes_or_ends(history, state):
    history.remember([own()])
    arrive(history, delivery("before"))
    (entry,) = history.learned([receipt(state=state, since=40)])
    arrive(history, delivery("after"))
    assert [each.id for each in history.newest("c", 10)] == ["before", "1", "after"]
    assert history.entry("1") == entry


def test_a_place_is_kept_through_delivered_and_read(history):
    history.remember([own()])
    (released,) = history.learned([receipt(state=State.RELEASED, since=40)])
    arrive(history, delivery("after"))
    told = [receipt(state=State.DELIVERED, since=41, serial=1), receipt(state=State.READ, since=42, serial=2)]
    (entry,) = history.learned(told)
    assert (entry.stage, entry.position, entry.released_at) == (Stage.READ, released.position, 40)


def test_a_message_that_waits_again_gives_its_place_up(history):
    history.remember([own()])
    history.learned([receipt(state=State.RELEASED, since=40)])
    (entry,) = history.learned([receipt(state=State.HELD, since=45, serial=1)])
    assert (entry.stage, entry.position, entry.released_at) == (Stage.HELD, None, 0)
    arrive(history, delivery("meanwhile"))
    history.learned([receipt(state=State.RELEASED, since=50, serial=2)])
    assert [each.id for each in history.newest("c", 10)] == ["meanwhile", "1"]


@pytest.mark.rule("M16")
def test_an_acknowledgement_wins_over_an_expiry_in_the_same_place(history):
    history.remember([own()])
    (expired,) = history.learned([receipt(state=State.EXPIRED, since=40, serial=1)])
    assert history.undelivered() == [expired]
    (entry,) = history.learned([receipt(state=State.DELIVERED, since=41, serial=2)])
    assert (entry.stage, entry.position) == (Stage.DELIVERED, expired.position)
    assert history.undelivered() == []


def test_stale_and_foreign_receipts_change_nothing(history):
    history.remember([own()])
    arrive(history, delivery("theirs"))
    history.learned([receipt(state=State.EXPIRED, since=40, serial=5)])
    stale = [receipt(since=50, serial=6), receipt(state=State.DELIVERED, serial=4)]
    assert history.learned([*stale, receipt("unknown"), receipt("theirs", State.READ)]) == []
    assert history.noted_serial() == 6


def test_serials_only_grow(history):
    history.learned([receipt("unknown", serial=7)])
    history.learned([receipt("unknown", serial=3), receipt("unknown")])
    assert history.noted_serial() == 7


def test_the_least_advanced_recipient_is_shown(history):
    history.remember([own(recipients=("bob", "carla"))])
    history.learned([receipt(), receipt(to="carla")])
    (entry,) = history.learned([receipt(state=State.DELIVERED, since=20, serial=1)])
    assert (entry.stage, entry.position) == (Stage.HELD, None)
    (entry,) = history.learned([receipt(state=State.RELEASED, since=30, to="carla", serial=2)])
    assert entry.stage is Stage.RELEASED
    assert entry.position is not None


def test_a_refused_message_ends_where_it_is(history):
    history.remember([own()])
    entry = history.refused("1", "Too long.", 50)
    assert entry == history.entry("1")
    assert (entry.stage, entry.problem, entry.since, entry.position) == (Stage.FAILED, "Too long.", 50, 1)
    assert history.undelivered() == [entry]


def test_only_what_is_unsent_can_be_refused(history):
    history.remember([own()])
    history.learned([receipt()])
    assert history.refused("1", "No such revision.") is None
    assert history.refused("unknown", "") is None
    assert history.entry("1").stage is Stage.HELD


def test_an_edit_changes_what_it_names(history):
    history.remember([own()])
    history.learned([receipt()])
    entry = history.amended("1", 2, text="Bye", condition=WHEN_ONLINE, valid_for=60, expires_at=70)
    assert (entry.text, entry.condition, entry.valid_for, entry.expires_at) == ("Bye", WHEN_ONLINE, 60, 70)
    assert history.amended("1", 3) == replace(entry, revision=3) == history.entry("1")
    assert [found.id for found in history.search("bye", 5)] == ["1"]
    assert history.search("hello", 5) == []


def test_an_older_edit_or_one_of_what_does_not_wait_is_not_taken(history):
    history.remember([own()])
    history.amended("1", 3)
    assert history.amended("1", 2, text="old") is None
    assert history.amended("unknown", 2) is None
    history.learned([receipt(state=State.RELEASED, revision=3)])
    assert history.amended("1", 4, text="late") is None
    assert history.entry("1").text == "Hello"


def test_an_edit_is_taken_if_its_receipt_came_first(history):
    history.remember([own()])
    history.learned([receipt(), receipt(state=State.RELEASED, since=20, revision=2)])
    entry = history.amended("1", 2, text="Bye")
    assert (entry.text, entry.stage) == ("Bye", Stage.RELEASED)
    assert history.entry("1") == entry


@pytest.mark.rule("M25")
def test_only_another_text_makes_what_arrived_outdated(history):
    history.remember([own("1"), own("2")])
    history.learned([receipt("1"), receipt("2")])
    assert history.amended("1", 2, text="Hello", valid_for=60).text_revision == 1
    assert history.amended("2", 2, text="Bye").text_revision == 2
    assert history.amended("2", 3, condition=WHEN_ONLINE).text_revision == 2
    told = [receipt(id, State.DELIVERED, 20, serial=number) for number, id in enumerate("12", 1)]
    assert {entry.id: entry.outdated for entry in history.learned(told)} == {"1": False, "2": True}


@pytest.mark.rule("M12", "R4")
def test_an_edit_changes_what_becomes_of_it_and_whether_it_is_only_told(history):
    history.remember([own(otherwise=Otherwise.DELIVER)])
    entry = history.amended("1", 2, otherwise=Otherwise.DRAFTS, alert=True)
    assert (entry.otherwise, entry.alert, entry.text) == (Otherwise.DRAFTS, True, "Hello")
    assert history.amended("1", 3) == replace(entry, revision=3) == history.entry("1")


def test_what_is_theirs_or_gone_is_not_edited(history):
    arrive(history, delivery("a"))
    history.remember([own()])
    history.withdrawn("1")
    assert history.amended("a", 1, text="x") is None
    assert history.amended("1", 1, text="x") is None
    assert (history.entry("a").text, history.entry("1").text) == ("Hi", "")


@pytest.mark.parametrize("told", [True, False])
def test_the_text_of_a_withdrawn_message_is_gone(history, path, told):
    history.remember([own("0", "something else")])
    history.remember([own(text="xyzzysecret plover")])
    if told:
        history.learned([receipt()])
    assert held_bytes(path, "xyzzysecret")
    entry = history.withdrawn("1")
    assert (entry.stage, entry.text, entry.condition, entry.position) == (
        Stage.WITHDRAWN,
        "",
        WHEN_ONLINE,
        None,
    )
    assert history.entry("1") == entry
    assert held_bytes(path, "xyzzysecret") == []
    assert history.search("plover", 5) == []
    assert [waits.id for waits in history.waiting()] == ["0"]


def test_a_withdrawal_that_the_engine_tells_erases_too(history, path):
    history.remember([own(text="xyzzysecret plover")])
    history.learned([receipt(), receipt(state=State.WITHDRAWN, since=20)])
    assert history.entry("1").stage is Stage.WITHDRAWN
    assert held_bytes(path, "xyzzysecret") == []
    assert history.learned([receipt(state=State.EXPIRED, since=90, serial=9)]) == []


@pytest.mark.rule("M17")
def test_what_arrived_although_it_was_withdrawn_takes_its_place_without_its_text(history, path):
    history.remember([own(text="xyzzysecret plover")])
    history.learned([receipt(), receipt(state=State.WITHDRAWN, since=20)])
    (entry,) = history.learned([receipt(state=State.DELIVERED, since=90, serial=9)])
    assert (entry.stage, entry.text, entry.corrected) == (Stage.DELIVERED, "", True)
    assert history.newest("c", 9) == [entry]
    (read,) = history.learned([receipt(state=State.READ, since=91, serial=10)])
    assert (read.stage, read.text, read.corrected) == (Stage.READ, "", True)
    assert history.search("plover", 5) == []
    assert held_bytes(path, "xyzzysecret") == []


def test_what_one_recipient_was_handed_cannot_be_taken_back_whole(history):
    history.remember([own(recipients=("bob", "carla"))])
    history.learned([receipt(), receipt(state=State.DELIVERED, to="carla", since=12)])
    entry = history.withdrawn("1")
    assert (entry.stage, entry.text) == (Stage.DELIVERED, "Hello")
    assert entry.position is not None


def test_only_what_waits_can_be_withdrawn(history):
    history.remember([own()])
    history.learned([receipt(state=State.RELEASED)])
    assert history.withdrawn("1") is None
    assert history.withdrawn("unknown") is None
    assert history.entry("1").text == "Hello"


def test_what_ended_without_arriving_can_be_dismissed(history, path):
    history.remember([own(text="xyzzysecret plover")])
    history.learned([receipt(state=State.EXPIRED, since=40)])
    history.dismiss("1")
    assert history.entry("1") is None
    assert history.undelivered() == []
    assert held_bytes(path, "xyzzysecret") == []


def test_nothing_else_can_be_dismissed(history):
    history.remember([own(), own("2")])
    history.learned([receipt("2", State.DELIVERED)])
    arrive(history, delivery("3"))
    for id in ("1", "2", "3", "unknown"):
        history.dismiss(id)
    assert [history.entry(id) is None for id in "123"] == [False] * 3
    assert history.learned([receipt("2", State.DELIVERED)]) == []


def test_an_alert_is_nothing_that_arrived(history):
    history.remember([own(alert=True)])
    history.learned([receipt(), receipt(state=State.DELIVERED, since=100, serial=1)])
    assert history.entry("1").stage is Stage.DELIVERED
    assert history.delivered(0) == []


def test_own_messages_that_waited_and_arrived_since(history):
    history.remember([own("1"), own("2"), own("3"), own("4")])
    history.learned([receipt("1"), receipt("2"), receipt("3")])
    history.learned([receipt("1", State.DELIVERED, 100, serial=1), receipt("2", State.READ, 99, serial=2)])
    history.learned([receipt("4", State.RELEASED), receipt("4", State.DELIVERED, 100, serial=3)])
    assert [entry.id for entry in history.delivered(100)] == ["1"]
    assert [entry.id for entry in history.delivered(99)] == ["2", "1"]


# --- received messages ------------------------------------------------------------------------------------------


def test_received_messages_are_stored_in_their_order(history):
    first, second = arrive(history, delivery("a", "Grüße"), delivery("b", delayed=True, released_at=31))
    assert first == Entry(
        "a", "c", "bob", False, "Grüße", Stage.DELIVERED, ("anna",), 20,
        position=1, since=31, released_at=30, batch=4, unread=True,
    )  # fmt: skip
    assert (second.position, second.delayed, second.released_at) == (2, True, 31)
    assert history.newest("c", 10) == [first, second]


@pytest.mark.rule("M23", "I5")
def test_a_copy_is_dropped_by_its_id(history):
    (first,) = arrive(history, delivery("a"))
    history.mark_read("c", 1)
    (new,) = arrive(history, delivery("a", "other"), delivery("b"), delivery("b"), batch=5)
    assert (new.id, new.position) == ("b", 2)
    assert history.entry("a") == replace(first, unread=False)


@pytest.mark.rule("M25")
def test_the_revision_that_is_stored_here_counts_also_where_a_copy_is_newer(history):
    arrive(history, delivery("a", "first", revision=2))
    newer, other = delivery("a", "second", revision=3), delivery("b", revision=5)
    arrive(history, newer)
    assert history.copies([newer, other]) == {"a": 2, "b": 5}
    assert history.entry("a").text == "first"


@pytest.mark.parametrize("fields", [{"enc": "hpke"}, {"content_type": "image/png"}])
def test_what_cannot_be_shown_says_so(history, fields):
    assert arrive(history, delivery("a", **fields))[0].text == UNREADABLE


def test_a_body_that_is_no_text_is_stored_all_the_same(history):
    assert arrive(history, delivery("a", body=b"a\xff"))[0].text == "a\ufffd"


def test_a_copy_of_an_own_message_is_not_unread(history):
    (entry,) = arrive(history, delivery("a", sender="anna"))
    assert (entry.own, entry.unread, entry.recipients) == (True, False, ("bob",))


def test_what_was_shown_is_marked_read_once(history):
    arrive(history, delivery("a"), delivery("b"), delivery("x", conversation="d"), delivery("c"))
    assert history.unread_counts() == {"c": 3, "d": 1}
    assert history.mark_read("c", 2) == ["a", "b"]
    assert history.mark_read("c", 2) == []
    assert history.unread_counts() == {"c": 1, "d": 1}
    assert [history.unread_count(each) for each in "cdz"] == [1, 1, 0]
    assert [entry.unread for entry in history.newest("c", 9)] == [False, False, True]


# --- questions --------------------------------------------------------------------------------------------------


def test_pages_go_up_and_down_by_position(history):
    arrive(history, *(delivery(str(number)) for number in range(1, 8)), delivery("x", conversation="d"))

    def ids(entries):
        return [entry.id for entry in entries]

    assert ids(history.newest("c", 3)) == ["5", "6", "7"]
    assert ids(history.newest("c", 3, before=5)) == ["2", "3", "4"]
    assert ids(history.newest("c", 3, before=1)) == []
    assert ids(history.following("c", 2, after=3)) == ["4", "5"]
    assert ids(history.following("c", 2, after=7)) == []


def test_when_something_last_happened(history):
    arrive(
        history, delivery("a"), delivery("b", conversation="d", released_at=90), delivery("z", released_at=60)
    )
    history.remember([own(written_at=50), replace(own("2", written_at=77), conversation="e")])
    assert history.last_times() == {"c": 60, "d": 90, "e": 77}
    assert [history.last_time(each) for each in "cdez"] == [60, 90, 77, 0]
    history.withdrawn("2")
    assert history.last_times() == {"c": 60, "d": 90}


def test_no_messages_no_times(history):
    assert (history.last_times(), history.unread_counts()) == ({}, {})


def test_search_finds_all_words_by_their_beginnings_the_newest_first(history):
    arrive(
        history,
        delivery("a", "The printer is broken"),
        delivery("b", "Printed the café menu"),
        delivery("c", "x"),
    )
    history.remember([own(text="print it")])

    def found(text, limit=9):
        return [entry.id for entry in history.search(text, limit)]

    assert found("PRINT") == ["1", "b", "a"]
    assert found("print", 1) == ["1"]
    assert found("the print") == ["b", "a"]
    assert found("cafe") == ["b"]
    assert found("printer nothing") == []
    assert found("  ") == found('""') == []


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    history = History.open(tmp_path_factory.mktemp("empty") / "history.db")
    yield history
    history.close()


@given(text=st.text(max_size=12))
def test_whatever_is_typed_is_searched_for_and_not_obeyed(empty, text):
    assert empty.search(text, 3) == []


@pytest.mark.parametrize(
    "text", ['"', "a OR b", "text:x", "NEAR(", "x*", "-x", "^x", "a AND", "{a}: b", "(", "\0"]
)
def test_operators_are_plain_words(history, text):
    assert history.search(text, 3) == []


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (queries.WAITING, "entry_stage"),
        (queries.UNSENT, "entry_stage"),
        (queries.UNDELIVERED, "entry_stage"),
        (queries.DELIVERED, "entry_late"),
        (queries.UNREAD_COUNTS, "entry_unread"),
        (queries.MARK_READ, "entry_unread"),
        (queries.NEWEST, "idx_entry_conversation_position"),
        (queries.LAST_TIMES, "idx_entry_conversation_position"),
    ],
)
def test_no_question_looks_at_all_messages(history, path, query, index):
    with sqlite3.connect(path) as other:
        steps = other.execute(f"EXPLAIN QUERY PLAN {query}", ("c",) * query.count("?")).fetchall()
    other.close()
    assert any(f"INDEX {index}" in step[3] for step in steps)
    assert [step[3] for step in steps if step[3] == "SCAN entry"] == []


# --- transactions -----------------------------------------------------------------------------------------------


def test_a_change_that_fails_has_changed_nothing(history):
    def broken():
        yield delivery("a")
        raise RuntimeError("the link broke")

    with pytest.raises(RuntimeError):
        history.received(broken(), 1, "anna", 31)
    assert history.newest("c", 10) == []
    (entry,) = arrive(history, delivery("b"))
    assert entry.position == 1


def test_what_is_stored_is_on_the_disk_before_it_is_acknowledged(history, path):
    arrive(history, delivery("a"))
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT count(*) FROM entry").fetchone() == (1,)
    other.close()


def test_a_history_that_is_closed_says_what_to_do(path):
    history = History.open(path)
    history.close()
    with pytest.raises(LocalStoreError, match="Start Tact again"):
        history.waiting()
    with pytest.raises(LocalStoreError):
        history.remember([own()])


@pytest.mark.rule("O5")
def test_positions_are_never_given_twice(history):
    history.remember([own()])
    history.learned([receipt(state=State.RELEASED)])
    history.learned([receipt(state=State.HELD, since=20, serial=1)])
    assert arrive(history, delivery("a"))[0].position == 2
