from datetime import UTC

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QDateTimeEdit

from tact_desktop.widgets.validity_chooser import ValidityChooser
from tests.support.by_role import choose, labelled, unnamed, widget
from tests.support.heard import heard

NOW_MS = 1_795_341_600_000  # Sunday 22 November 2026, 10:00 UTC
DAY = 86_400


@pytest.fixture
def chooser(qtbot) -> ValidityChooser:
    made = ValidityChooser()
    qtbot.addWidget(made)
    made.show_seconds(7 * DAY)
    made.show_now(NOW_MS, UTC)
    made.show()
    return made


def moment(chooser: ValidityChooser) -> QDateTimeEdit:
    return widget(chooser, QAccessible.Role.SpinBox, "Deliver until", QDateTimeEdit)


def test_what_was_shown_before_the_time_is_known_stays(chooser):
    assert (chooser.seconds(), labelled(chooser, "Valid for").currentText()) == (7 * DAY, "1 week")


@pytest.mark.parametrize(
    ("text", "seconds"), [("1 hour", 3600), ("Until 18:00", 8 * 3600), ("1 day", DAY), ("30 days", 30 * DAY)]
)
def test_a_choice_tells_its_seconds(chooser, text, seconds):
    told = heard(chooser.changed)
    choose(chooser, "Valid for", text)
    assert told == [(seconds,)]


def test_a_moment_of_ones_own(chooser):
    told, reshaped = heard(chooser.changed), heard(chooser.shape_changed)
    choose(chooser, "Valid for", "Until…")
    assert (told, len(reshaped)) == ([], 1)
    assert moment(chooser).currentSection() is QDateTimeEdit.Section.HourSection, "what is typed first"
    moment(chooser).setDateTime(moment(chooser).dateTime().addDays(-2))
    assert told == [(5 * DAY,)]
    chooser.show_now(NOW_MS + 3_600_000, UTC)
    assert told[-1] == (5 * DAY - 3600,)
    assert unnamed(chooser) == []
    choose(chooser, "Valid for", "1 day")
    assert told[-1] == (DAY,)
    assert len(reshaped) == 2


def test_no_moment_is_out_of_bounds(chooser):
    chooser.show_seconds(12_345)
    assert chooser.seconds() == 12_345
    moment(chooser).setDateTime(moment(chooser).dateTime().addYears(1))
    assert chooser.seconds() == 30 * DAY
    moment(chooser).setDateTime(moment(chooser).dateTime().addYears(-2))
    assert chooser.seconds() == 60


def test_the_evening_comes_nearer_by_itself(chooser):
    choose(chooser, "Valid for", "Until 18:00")
    told = heard(chooser.changed)
    chooser.show_now(NOW_MS + 60_000, UTC)
    assert told == [(8 * 3600 - 60,)]
