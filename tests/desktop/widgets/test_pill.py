import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import QComboBox

from tact_desktop import theme
from tact_desktop.widgets.pill import PillRow

RADIO = QAccessible.Role.RadioButton
OPTIONS = [
    ("now", "Now", True, ""),
    ("online", "When online", True, ""),
    ("mood", "When not angry", False, "Bob does not share his mood"),
    ("custom", "Custom…", True, ""),
]


@pytest.fixture
def row(qtbot) -> PillRow:
    made = PillRow("Deliver")
    qtbot.addWidget(made)
    made.set_options(OPTIONS)
    made.set_chosen("now")
    made.show()
    return made


def test_a_click_chooses_and_tells_once(row, qtbot, by_role):
    said: list[str] = []
    row.chosen.connect(said.append)
    for _ in range(2):
        qtbot.mouseClick(by_role(row, RADIO, "When online"), Qt.MouseButton.LeftButton)
    assert said == ["online"]
    assert row.chosen_key() == "online"
    assert not by_role(row, RADIO, "Now").isChecked()


def test_set_chosen_is_silent(row, qtbot, by_role):
    with qtbot.assertNotEmitted(row.chosen):
        row.set_chosen("custom")
    assert by_role(row, RADIO, "Custom…").isChecked()


def test_arrows_choose_and_skip_what_cannot_be(row, qtbot, by_role):
    by_role(row, RADIO, "Now").setFocus()
    said: list[str] = []
    row.chosen.connect(said.append)
    qtbot.keyClick(by_role(row, RADIO, "Now"), Qt.Key.Key_Right)
    qtbot.keyClick(by_role(row, RADIO, "When online"), Qt.Key.Key_Right)
    assert said == ["online", "custom"]


def test_what_cannot_be_chosen_says_why(row, by_role):
    pill = by_role(row, RADIO, "When not angry")
    assert not pill.isEnabled()
    assert "does not share" in pill.toolTip()
    assert pill.accessibleDescription() == "Bob does not share his mood"


def test_bold_text_is_not_cut(row, by_role):
    pill = by_role(row, RADIO, "When online")
    bold = QFontMetrics(theme.font(strong=True)).horizontalAdvance("When online")
    assert pill.width() >= bold + 20


def test_compact_offers_the_same_choices_in_a_list(row, qtbot, by_role):
    row.set_compact(True)
    box = row.findChild(QComboBox)
    assert [box.itemText(place) for place in range(box.count())] == [text for _, text, _, _ in OPTIONS]
    assert box.currentText() == "Now"
    box.setFocus()
    with qtbot.waitSignal(row.chosen) as told:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert told.args == ["online"]
    row.set_compact(False)
    assert by_role(row, RADIO, "When online").isChecked()


def test_new_reasons_keep_the_choice_and_the_widgets(row, by_role):
    before = by_role(row, RADIO, "Now")
    row.set_options([(key, text, True, "") for key, text, _, _ in OPTIONS])
    assert by_role(row, RADIO, "Now") is before
    assert by_role(row, RADIO, "When not angry").isEnabled()
