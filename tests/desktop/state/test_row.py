import pytest

from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind


@pytest.mark.parametrize(
    ("first", "own", "author"), [(True, False, "Bob"), (False, False, ""), (True, True, "")]
)
def test_the_author_stands_above_the_first_of_a_group_of_somebody_else(first, own, author):
    row = MessageRow("1", 1, RowKind.BUBBLE, "Hi", own=own, author="Bob", first_in_group=first)
    assert row.shown_author() == author


@pytest.mark.parametrize(
    ("last", "style", "foot"),
    [
        (True, BubbleStyle.NORMAL, "10:02"),
        (False, BubbleStyle.NORMAL, ""),
        (False, BubbleStyle.HELD, "10:02"),
    ],
)
def test_the_foot_stands_under_the_last_of_a_group_and_where_the_style_is_special(last, style, foot):
    row = MessageRow("1", 1, RowKind.BUBBLE, "Hi", foot="10:02", style=style, last_in_group=last)
    assert row.shown_foot() == foot
