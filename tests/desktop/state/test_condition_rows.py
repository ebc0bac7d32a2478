import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.state.condition_choices import (
    attribute_choices,
    operator_choices,
    takes_seconds,
    takes_several,
    value_choices,
)
from tact_desktop.state.condition_rows import (
    EditorState,
    RowDraft,
    RowView,
    add_alternative,
    add_row,
    change_row,
    editor_rows,
    from_condition,
    matched,
    present_state,
    remove_alternative,
    remove_row,
    to_condition,
    unfinished,
    why_no_alternative,
    why_no_row,
)
from tact_desktop.state.condition_times import Times
from tact_desktop.state.mark import Mark
from tact_desktop.state.recipient import Recipient
from tact_engine.core.conditions import (
    CLAUSES_MAX,
    GROUPS_MAX,
    PRESETS,
    WHEN_ONLINE,
    Clause,
    Condition,
    Group,
    evaluate,
    one_group,
    problems,
)
from tact_engine.core.window import Window

AVAILABLE = RowDraft("UserAvailability", "eq", "AVAILABLE")
NOT_ANGRY = RowDraft("UserMood", "ne", "ANGRY")
HAPPY = RowDraft("UserMood", "eq", "HAPPY")
NOW = {"OnlineStatus": True, "UserAvailability": "NOT_AVAILABLE", "UserMood": "HAPPY", "Activity": "NONE"}


@st.composite
def clauses(draw) -> Clause:
    attr = draw(st.sampled_from([choice.value for choice in attribute_choices()]))
    op = draw(st.sampled_from([choice.value for choice in operator_choices(attr)]))
    values = [choice.value for choice in value_choices(attr)]
    written = st.integers(0, 9_999) if takes_seconds(attr) else st.text(min_size=1, max_size=5)
    one = st.sampled_from(values) if values else written
    many = st.lists(one, min_size=1, max_size=3, unique=True).map(tuple)
    return Clause(attr, op, draw(many if takes_several(op) else one))


groups = st.lists(clauses(), min_size=1, max_size=2).map(lambda found: Group(tuple(found)))
windows = st.none() | st.just(Window("09:00", "17:00", (1, 2)))
conditions = st.builds(
    Condition,
    any=st.lists(groups, max_size=GROUPS_MAX).map(tuple),
    edge=st.booleans(),
    dwell=st.integers(0, 3600),
    not_before=st.none() | st.integers(0, 9_999),
    window=windows,
)
cards = st.lists(st.sampled_from([AVAILABLE, NOT_ANGRY, HAPPY]), max_size=3).map(tuple)
states = st.builds(EditorState, st.booleans(), cards, st.lists(cards.filter(bool), max_size=2).map(tuple))


@given(conditions)
def test_a_condition_comes_back_as_it_went_in(condition):
    assert to_condition(from_condition(condition)) == condition


@given(states, st.sampled_from(["HAPPY", "ANGRY"]), st.sampled_from(["AVAILABLE", "DISCREET"]))
def test_a_condition_in_the_editor_means_the_same_after_a_round_trip(state, mood, availability):
    values = {"OnlineStatus": True, "UserMood": mood, "UserAvailability": availability}
    condition = to_condition(state)
    again = to_condition(from_condition(condition))
    assert evaluate(condition, values, 0).truth == evaluate(again, values, 0).truth


@pytest.mark.parametrize(
    ("condition", "state"),
    [
        (WHEN_ONLINE, EditorState()),
        (PRESETS["available"], EditorState(True, (AVAILABLE,))),
        (
            Condition(
                any=(Group((Clause("UserMood", "eq", "HAPPY"),)), Group((Clause("UserMood", "ne", "ANGRY"),)))
            ),
            EditorState(False, (HAPPY, NOT_ANGRY)),
        ),
        (
            Condition(
                any=(
                    Group((Clause("UserAvailability", "eq", "AVAILABLE"), Clause("UserMood", "ne", "ANGRY"))),
                    Group((Clause("UserMood", "eq", "HAPPY"),)),
                )
            ),
            EditorState(True, (AVAILABLE, NOT_ANGRY), ((HAPPY,),)),
        ),
    ],
)
def test_a_condition_is_shown_as_rows_and_alternatives(condition, state):
    assert from_condition(condition) == state


def test_all_of_is_one_group_and_any_of_one_for_each_row():
    assert to_condition(EditorState(True, (AVAILABLE, HAPPY), ((NOT_ANGRY,),))) == Condition(
        any=(
            Group((Clause("UserAvailability", "eq", "AVAILABLE"), Clause("UserMood", "eq", "HAPPY"))),
            Group((Clause("UserMood", "ne", "ANGRY"),)),
        )
    )
    assert len(to_condition(EditorState(False, (AVAILABLE, HAPPY))).any) == 2


def test_a_new_row_asks_about_something_not_asked_yet():
    state = add_row(EditorState())
    assert state.rows == (AVAILABLE,)
    assert add_row(state).rows[1] == RowDraft("UserMood", "eq", "NONE")
    assert add_row(state, row=HAPPY).rows == (AVAILABLE, HAPPY)


def test_a_new_row_begins_again_where_everything_is_asked_about():
    everything = tuple(RowDraft(choice.value, "eq", "") for choice in attribute_choices())
    assert add_row(EditorState(True, everything)).rows[-1] == AVAILABLE


@pytest.mark.rule("S9")
def test_a_new_row_asks_about_nothing_that_is_not_offered():
    secret = Recipient("Bob", hidden=("UserAvailability", "UserMood"))
    assert add_row(EditorState(), whom=secret).rows[0].attr == "StatusText"
    assert add_alternative(EditorState(True, (HAPPY,)), secret).alternatives[0][0].attr == "StatusText"
    nothing = Recipient("Bob", hidden=tuple(choice.value for choice in attribute_choices()))
    assert add_row(EditorState(), whom=nothing).rows == (AVAILABLE,)


def test_a_row_is_added_to_and_removed_from_an_alternative():
    state = add_alternative(EditorState(True, (AVAILABLE,)))
    assert state.alternatives == ((RowDraft("UserMood", "eq", "NONE"),),)
    more = add_row(state, 1, HAPPY)
    assert more.cards[1][1] == HAPPY
    assert remove_row(more, 1, 1) == state
    assert remove_row(state, 1, 0) == EditorState(True, (AVAILABLE,))


def test_the_last_row_may_go():
    assert remove_row(EditorState(True, (AVAILABLE,)), 0, 0) == EditorState()


def test_an_alternative_is_removed_by_its_number():
    state = EditorState(True, (AVAILABLE,), ((HAPPY,), (NOT_ANGRY,)))
    assert remove_alternative(state, 1).alternatives == ((NOT_ANGRY,),)
    assert remove_alternative(state, 2).alternatives == ((HAPPY,),)


@pytest.mark.parametrize(
    ("change", "row"),
    [
        ({"attr": "StatusText"}, RowDraft("StatusText", "contains", "")),
        ({"attr": "UserMood"}, NOT_ANGRY),
        ({"op": "not_in"}, RowDraft("UserMood", "not_in", ("ANGRY",))),
        ({"value": "SAD"}, RowDraft("UserMood", "ne", "SAD")),
        ({"attr": "Activity", "op": "in", "value": ("LUNCH",)}, RowDraft("Activity", "in", ("LUNCH",))),
    ],
)
def test_a_changed_attribute_begins_anew_and_a_changed_operator_keeps_the_value(change, row):
    state = EditorState(True, (AVAILABLE, NOT_ANGRY))
    assert change_row(state, 0, 1, **change) == EditorState(True, (AVAILABLE, row))


def test_a_row_of_an_alternative_is_changed_in_its_place():
    state = EditorState(True, (AVAILABLE,), ((HAPPY,), (NOT_ANGRY, HAPPY)))
    changed = change_row(state, 2, 0, value="SAD")
    assert changed.alternatives == ((HAPPY,), (RowDraft("UserMood", "ne", "SAD"), HAPPY))


def test_no_more_rows_than_a_condition_may_have():
    state = EditorState(True, (HAPPY,) * (CLAUSES_MAX - 1))
    assert why_no_row(state) == why_no_alternative(state) == ""
    full = add_row(state)
    assert len(full.rows) == CLAUSES_MAX
    assert (
        why_no_row(full)
        == why_no_alternative(full)
        == f"A condition has at most {CLAUSES_MAX} rows. Remove one first."
    )
    assert add_row(full) is full
    assert add_alternative(full) is full


def test_no_more_alternatives_than_a_condition_may_have():
    state = EditorState(True, (HAPPY,), ((HAPPY,),) * (GROUPS_MAX - 2))
    assert why_no_alternative(state) == ""
    full = add_alternative(state)
    reason = f"A condition has at most {GROUPS_MAX} alternatives. Remove one first."
    assert why_no_alternative(full) == reason
    assert add_alternative(full) is full
    assert why_no_row(full, 0) == why_no_row(full, 1) == ""
    assert (
        why_no_row(remove_row(add_alternative(EditorState(True, (), ((HAPPY,),) * GROUPS_MAX)), 1, 0), 0)
        == ""
    )


@pytest.mark.parametrize(
    "state", [EditorState(False, (HAPPY,) * GROUPS_MAX), EditorState(True, (), ((HAPPY,),) * GROUPS_MAX)]
)
def test_a_row_that_is_an_alternative_of_its_own_counts_as_one(state):
    assert why_no_row(state) == f"A condition has at most {GROUPS_MAX} alternatives. Remove one first."


def test_all_becomes_any_only_where_there_is_room():
    state = EditorState(True, (HAPPY,) * GROUPS_MAX)
    assert matched(state, False) == EditorState(False, (HAPPY,) * GROUPS_MAX)
    assert matched(matched(state, False), True) == state
    wide = EditorState(True, (HAPPY,) * (GROUPS_MAX + 1))
    assert matched(wide, False) is wide


@given(st.lists(st.sampled_from(["row", "alternative", "any", "all", "row of 1"]), max_size=20))
def test_no_way_of_editing_makes_a_condition_too_large(steps):
    state = EditorState()
    for step in steps:
        match step:
            case "row":
                state = add_row(state)
            case "row of 1":
                state = add_row(state, 1) if state.alternatives else state
            case "alternative":
                state = add_alternative(state)
            case _:
                state = matched(state, step == "all")
    assert "condition_too_large" not in [problem.code for problem in problems(to_condition(state))]


def test_beside_each_row_stands_how_it_stands():
    state = EditorState(True, (AVAILABLE, HAPPY), ((RowDraft("Alias", "lt", 5),),))
    assert editor_rows(state, Recipient(values=NOW)) == (
        (RowView(Mark.FALSE, "now: Not available"), RowView(Mark.TRUE, "now: Happy")),
        (RowView(Mark.IMPOSSIBLE, "not shared with you"),),
    )
    assert editor_rows(EditorState(False, (AVAILABLE, HAPPY)), Recipient(values=NOW))[0][1].mark is Mark.TRUE


def test_what_is_hidden_is_unknown():
    assert editor_rows(EditorState(True, (NOT_ANGRY,)), Recipient(values={"OnlineStatus": True})) == (
        (RowView(Mark.UNKNOWN, "not shared with you"),),
    )


@pytest.mark.rule("W28")
def test_a_contradiction_is_marked_at_its_row():
    marks = [
        view.mark
        for view in editor_rows(
            EditorState(True, (HAPPY, AVAILABLE, RowDraft("UserMood", "eq", "SAD"))), Recipient(values=NOW)
        )[0]
    ]
    assert marks == [Mark.TRUE, Mark.FALSE, Mark.IMPOSSIBLE]


def test_a_problem_of_the_whole_marks_no_row():
    too_many = EditorState(True, (HAPPY,), ((HAPPY,),) * GROUPS_MAX)
    assert {view.mark for rows in editor_rows(too_many, Recipient(values=NOW)) for view in rows} == {
        Mark.TRUE
    }


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (RowDraft("StatusText", "contains", ""), "Write what to look for in the status text."),
        (RowDraft("UserMood", "in", ()), "Choose at least one value for the mood."),
        (HAPPY, ""),
    ],
)
def test_what_is_not_filled_in_is_said_and_not_left_out(row, sentence):
    state = EditorState(True, (AVAILABLE,), ((row,),))
    assert unfinished(state) == sentence
    assert (next(problems(to_condition(state)), None) is not None) == bool(sentence)


def test_the_present_state_becomes_rows():
    assert present_state(NOW) == (RowDraft("UserAvailability", "eq", "NOT_AVAILABLE"), HAPPY)
    assert present_state({}) == ()
    condition = to_condition(EditorState(True, present_state(NOW)))
    assert condition == one_group(("UserAvailability", "eq", "NOT_AVAILABLE"), ("UserMood", "eq", "HAPPY"))
    assert evaluate(condition, NOW, 0).truth is True


def test_hours_without_a_day_are_not_filled_in():
    state = EditorState(True, (HAPPY,), times=Times(window=Window("09:00", "17:00", ())))
    assert unfinished(state) == "Choose at least one weekday."
