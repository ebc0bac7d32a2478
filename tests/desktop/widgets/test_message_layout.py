from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF

from tact_desktop import theme
from tact_desktop.state.links import links_in
from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.theme_palettes import ACCENTS, DARK, LIGHT, TEXT_CONTRAST_MIN, contrast, with_accent
from tact_desktop.widgets.message_layout import BubbleLayouts, Text, link_colour

ROW = MessageRow("1", 0, RowKind.BUBBLE, "Hello", foot="09:02")
LONG = replace(ROW, key="2", text="several words in a line " * 20)


@pytest.fixture
def layouts(qapp) -> BubbleLayouts:
    return BubbleLayouts()


def test_a_short_text_has_its_foot_beside_it(layouts):
    beside = layouts.bubble(ROW, 500).size
    alone = layouts.bubble(replace(ROW, foot=""), 500).size
    assert beside.height() == alone.height()
    assert beside.width() > alone.width()


def test_a_foot_without_room_goes_below(layouts):
    wide = layouts.bubble(replace(ROW, foot="delivered 11:20"), 500).size
    tight = layouts.bubble(replace(ROW, foot="delivered 11:20"), 120).size
    assert tight.height() > wide.height()
    assert tight.width() <= 120


def test_lines_are_at_most_68_columns(layouts):
    columns = 68 * QFontMetricsF(theme.font()).averageCharWidth()
    assert layouts.bubble(LONG, 4000).size.width() <= columns + 24
    assert layouts.bubble(LONG, 200).size.width() <= 200


def test_what_has_no_blanks_still_fits(layouts):
    assert layouts.bubble(replace(ROW, text="x" * 500), 200).size.width() <= 200


def test_sizes_are_kept_until_the_revision_or_the_width_changes(layouts):
    first = layouts.bubble(ROW, 500)
    assert layouts.bubble(replace(ROW, highlight=0.5), 500) is first
    assert layouts.bubble(replace(ROW, revision=1), 500) is not first
    assert layouts.bubble(ROW, 400) is not first


def test_each_paragraph_runs_its_own_way(qapp):
    assert not Text("Hello", theme.font(), 300).right_to_left
    assert Text("مرحبا", theme.font(), 300).right_to_left
    assert Text("Hello\nשלום", theme.font(), 300).right_to_left
    assert Text("one\ntwo\n", theme.font(), 300).lines == 3


def test_the_sign_a_foot_begins_with_is_drawn_and_not_written(layouts):
    held = replace(ROW, foot="⏳ until online", style=BubbleStyle.HELD)
    plain = replace(held, key="3", foot="until online")
    assert layouts.bubble(held, 500).size == layouts.bubble(plain, 500).size
    read = replace(ROW, key="4", foot="09:02 ✓✓ Read")
    assert layouts.bubble(read, 500).size.width() > layouts.bubble(ROW, 500).size.width()


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_links_can_be_read_on_every_bubble(palette):
    bubbles = ("bubble_own", "bubble_other", "accent_tint", "warning_tint", "danger_tint")
    for accent in range(ACCENTS):
        shown = with_accent(palette, accent)
        assert all(
            contrast(link_colour(shown), getattr(shown, each)) >= TEXT_CONTRAST_MIN for each in bubbles
        )


def test_a_link_is_where_it_stands_in_its_paragraph(qapp):
    text = "🙂🙂 see\n🙂 https://a.example/ now"
    made = Text(text, theme.font(), 400, links=links_in(text))
    metrics = QFontMetricsF(theme.font())
    left = metrics.horizontalAdvance("🙂 ")
    second = made.size.height() * 0.75
    assert made.link_at(QPointF(left - 3, second)) is None
    found = made.link_at(QPointF(left + 3, second))
    assert found is not None
    assert found.place == "a.example"
    assert made.link_at(QPointF(left + 3, made.size.height() * 0.25)) is None
    assert made.link_at(QPointF(399, second)) is None


def test_a_link_over_several_lines_is_one(qapp):
    text = "https://a.example/" + "x" * 200
    made = Text(text, theme.font(), 200, links=links_in(text))
    assert made.lines > 2
    height = made.size.height() / made.lines
    assert {made.link_at(QPointF(20, (line + 0.5) * height)) for line in range(made.lines)} == {
        links_in(text)[0]
    }
