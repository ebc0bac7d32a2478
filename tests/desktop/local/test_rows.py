"""Whatever a message, its parts or a draft can be, the store gives it back as it was."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TypeVar, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tact_desktop.local import rows
from tact_desktop.local.opening import opened
from tact_desktop.local.standings import Standing
from tact_desktop.state.draft import Draft
from tact_desktop.state.entry import Entry
from tact_engine.core.conditions import PRESETS, Condition
from tact_engine.core.window import Window

T = TypeVar("T")

FIXED = ("id", "conversation", "author", "own", "recipients", "batch", "keep_order")
"""What is said of a message once and never changes."""

integers = st.integers(0, 2**63 - 1)
texts = st.text(st.characters(exclude_categories=["Cs"]))
PATIENT = structs.replace(
    PRESETS["not angry"], edge=True, dwell=60, not_before=9, window=Window("22:00", "06:00", (1, 7))
)
conditions = st.sampled_from([*PRESETS.values(), PATIENT])


def filled(kind: type[T], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[T]:
    """Any value of a kind, each of its fields drawn, also those that have a default."""
    known = {int: integers, str: texts, Condition: conditions, Condition | None: st.none() | conditions}
    types = get_type_hints(kind)
    drawn = {name: known.get(asked, st.from_type(asked)) for name, asked in types.items()}
    return st.builds(kind, **drawn | given)


ENTRIES = filled(Entry, recipients=st.lists(texts).map(tuple), position=st.none() | integers)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    connection = opened(tmp_path_factory.mktemp("store") / "history.db")
    yield connection
    connection.close()


def found(store: sqlite3.Connection, query: str) -> rows.Record:
    return next(rows.records(store.execute(query)))


@given(entry=ENTRIES)
def test_a_message_is_stored_whole(store, entry):
    store.execute("DELETE FROM entry")
    store.execute(rows.ADD_ENTRY, rows.entry_record(entry))
    assert rows.entry_of(found(store, "SELECT * FROM entry")) == entry


@given(before=ENTRIES, after=ENTRIES)
def test_a_message_is_changed_whole(store, before, after):
    after = replace(after, **{name: getattr(before, name) for name in FIXED})
    store.execute("DELETE FROM entry")
    store.execute(rows.ADD_ENTRY, rows.entry_record(before))
    store.execute(rows.CHANGE_ENTRY, rows.entry_record(after))
    assert rows.entry_of(found(store, "SELECT * FROM entry")) == after


@given(before=filled(Standing), after=filled(Standing))
def test_a_part_is_stored_whole(store, before, after):
    store.execute("DELETE FROM standing")
    for each in (before, replace(after, recipient=before.recipient)):
        store.execute(rows.PUT_STANDING, rows.standing_record("1", each))
        assert rows.standing_of(found(store, "SELECT * FROM standing")) == each


@given(before=filled(Draft), after=filled(Draft))
def test_a_draft_is_stored_whole(store, before, after):
    for each in (before, after):
        store.execute(rows.PUT_DRAFT, rows.draft_record("c", each))
        assert rows.draft_of(found(store, "SELECT * FROM draft")) == each
