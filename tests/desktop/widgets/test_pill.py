import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import QComboBox, QMenu

from tact_desktop import theme
from tact_desktop.widgets.pill import PillRow, Shape
from tests.support.by_role import names
from tests.support.heard import heard

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
    row.set_shape(Shape.COMPACT)
    box = row.findChild(QComboBox)
    assert [box.itemText(place) for place in range(box.count())] == [text for _, text, _, _ in OPTIONS]
    assert box.currentText() == "Now"
    box.setFocus()
    with qtbot.waitSignal(row.chosen) as told:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert told.args == ["online"]
    row.set_shape(Shape.WIDE)
    assert by_role(row, RADIO, "When online").isChecked()


def test_new_reasons_keep_the_choice_and_the_widgets(row, by_role):
    before = by_role(row, RADIO, "Now")
    row.set_options([(key, text, True, "") for key, text, _, _ in OPTIONS])
    assert by_role(row, RADIO, "Now") is before
    assert by_role(row, RADIO, "When not angry").isEnabled()


OWN = [("own:Lunch", "Lunch", True, ""), ("own:Mood", "Good mood", False, "Bob does not share his mood")]
MENU = QAccessible.Role.ButtonMenu


@pytest.fixture
def own(qtbot) -> PillRow:
    made = PillRow("Deliver", common=len(OPTIONS), more="My presets")
    qtbot.addWidget(made)
    made.set_options([*OPTIONS, *OWN])
    made.set_chosen("now")
    made.show()
    return made


def test_ones_own_choices_stand_beside_the_others_where_there_is_room(own):
    assert names(own, RADIO)[-2:] == ["Lunch", "Good mood"]
    assert names(own, MENU) == []
    own.set_shape(Shape.GATHERED)
    assert names(own, RADIO)[-1] == "Custom…"
    assert own.width_as(Shape.COMPACT) < own.width_as(Shape.GATHERED) < own.width_as(Shape.WIDE)


def test_gathered_choices_are_chosen_from_a_menu_and_shown(own, by_role):
    own.set_shape(Shape.GATHERED)
    told = heard(own.chosen)
    lunch, mood = by_role(own, MENU, "My presets").menu().actions()
    assert (mood.isEnabled(), "does not share" in mood.toolTip()) == (False, True)
    lunch.trigger()
    assert told == [("own:Lunch",)]
    own.set_chosen("own:Lunch")
    assert by_role(own, MENU, "My presets: Lunch").text() == "Lunch"
    own.set_chosen("now")
    assert by_role(own, MENU, "My presets").text() == "My presets"


@pytest.mark.parametrize(
    ("key", "signal"), [(Qt.Key.Key_F2, "rename_wanted"), (Qt.Key.Key_Delete, "delete_wanted")]
)
@pytest.mark.parametrize("shape", list(Shape))
def test_ones_own_are_renamed_and_deleted_by_keys(own, qtbot, by_role, shape, key, signal):
    own.set_shape(shape)
    own.set_chosen("own:Lunch")
    told = heard(getattr(own, signal))
    where = {
        Shape.WIDE: lambda: by_role(own, RADIO, "Lunch"),
        Shape.GATHERED: lambda: by_role(own, MENU, "My presets: Lunch"),
        Shape.COMPACT: lambda: own.findChild(QComboBox),
    }[shape]()
    own.activateWindow()
    qtbot.waitUntil(own.isActiveWindow)
    where.setFocus()
    qtbot.keyClick(where, key)
    assert told == [("own:Lunch",)]


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
def test_ones_own_have_a_context_menu(own, by_role):
    pill = by_role(own, RADIO, "Lunch")
    told = heard(own.delete_wanted), heard(own.rename_wanted)
    pill.customContextMenuRequested.emit(pill.rect().center())
    menu = pill.findChild(QMenu)
    assert [action.text() for action in menu.actions()] == ["Rename…", "Delete this preset"]
    for action in menu.actions():
        action.trigger()
    assert told == ([("own:Lunch",)], [("own:Lunch",)])


def test_what_is_nobodys_own_has_no_menu(own):
    own.set_shape(Shape.COMPACT)
    box = own.findChild(QComboBox)
    box.customContextMenuRequested.emit(box.rect().center())
    assert [menu for menu in box.findChildren(QMenu) if menu.isVisible()] == []
