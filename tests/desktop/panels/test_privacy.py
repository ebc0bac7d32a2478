"""The page on who may see what: what it shows, and what it tells when a person decides."""

from datetime import UTC

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit

from tact_desktop.panels.privacy import PrivacyPanel
from tact_desktop.widgets.people_picker import PeoplePicker
from tact_desktop.widgets.privacy_row import PrivacyRow
from tact_engine.core.presence import Presence, Reading
from tact_engine.core.privacy import NO_WISHES, Audience, Privacy, Rule, rule_of
from tests.support.by_role import Role, choose, names, press, unnamed, widget
from tests.support.heard import heard

TEXT, BUTTON, RADIO, BOX = Role.StaticText, Role.Button, Role.RadioButton, Role.CheckBox
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NAMES = {"mary": "Mary Okafor", "john": "John Ruiz"}
ME = Presence(
    "tom",
    1,
    {
        "OnlineStatus": Reading(True, 0),
        "UserAvailability": Reading("DISCREET", 0),
        "UserMood": Reading("HAPPY", 0),
        "FreeTextLocation": Reading("Room 4", 0),
    },
)
MOOD = "Who may see my mood?"


@pytest.fixture
def page(qtbot) -> PrivacyPanel:
    made = PrivacyPanel()
    qtbot.addWidget(made)
    made.resize(640, 1200)
    made.show_me(ME, NAMES, 0, UTC)
    made.show_privacy(NO_WISHES, enabled=True)
    made.bring_up()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def row(page: PrivacyPanel, question: str) -> PrivacyRow:
    """The row that asks `question`."""
    return next(each for each in page.findChildren(PrivacyRow) if question in names(each, TEXT))


def answer(page: PrivacyPanel, question: str) -> list[str]:
    """What is chosen in a row."""
    one = row(page, question)
    return [name for name in names(one, RADIO) if widget(one, RADIO, name, QAbstractButton).isChecked()]


def sentences(page: PrivacyPanel) -> list[str]:
    return names(page, TEXT)


@pytest.mark.rule("S6")
def test_each_attribute_is_a_question_and_the_defaults_are_answers(page):
    assert {question: answer(page, question) for question in sentences(page) if question.endswith("?")} == {
        "Who may see whether I am online?": ["Everyone"],
        "Who may see my availability?": ["Everyone"],
        "Who may see my activity?": ["Everyone"],
        MOOD: ["Everyone"],
        "Who may see my status text?": ["Everyone"],
        "Who may see my location?": ["Everyone"],
        "Who may see how long I am idle?": ["Chosen people"],
        "Who may see my time zone?": ["Everyone"],
        "Who may see my name?": ["Everyone"],
    }
    unusable = [name for name in names(page, BOX) if not widget(page, BOX, name, QAbstractButton).isChecked()]
    assert unusable == ["Others may wait for it. Who may see my location?"]
    assert "Nobody is chosen yet, so nobody sees it." in sentences(page)


@pytest.mark.rule("S4", "S5")
def test_an_answer_is_told_at_once_as_the_whole_of_what_is_wanted(page):
    changed = heard(page.changed)
    page.show_privacy(Privacy(vips=("mary",)), enabled=True)
    press(row(page, MOOD), RADIO, "Nobody")
    press(page, BOX, f"Others may wait for it. {MOOD}")
    assert changed == [
        (Privacy({"UserMood": Rule(Audience.NOBODY)}, vips=("mary",)),),
        (Privacy({"UserMood": Rule(usable=False)}, vips=("mary",)),),
    ]


def test_showing_what_holds_tells_nothing(page, qtbot):
    with qtbot.assertNotEmitted(page.changed):
        page.show_privacy(Privacy({"UserMood": Rule(Audience.NOBODY, usable=False)}), enabled=True)
    assert answer(page, MOOD) == ["Nobody"]
    assert not widget(page, BOX, f"Others may wait for it. {MOOD}").isEnabled(), "who should?"


def test_people_are_chosen_from_a_list_that_is_searched(page, qtbot):
    changed = heard(page.changed)
    page.changed.connect(lambda privacy: page.show_privacy(privacy, enabled=True))
    press(row(page, MOOD), RADIO, "Chosen people")
    press(page, BUTTON, f"Choose people… {MOOD}")
    picker = page.findChild(PeoplePicker)
    qtbot.keyClicks(widget(picker, Role.EditableText, "Find people", QLineEdit), "joh")
    assert names(picker, BOX) == ["John Ruiz (john)"]
    press(picker, BOX, "John Ruiz (john)")
    widget(picker, Role.EditableText, "Find people", QLineEdit).clear()
    press(picker, BOX, "Mary Okafor (mary)")
    assert unnamed(picker) == []
    picker.close()
    assert rule_of(changed[-1][0], "UserMood") == Rule(Audience.CHOSEN, ("mary", "john"))
    press(page, BUTTON, f"Remove John Ruiz from “{MOOD}”")
    assert rule_of(changed[-1][0], "UserMood") == Rule(Audience.CHOSEN, ("mary",))


def test_who_left_the_office_stays_chosen(page):
    changed = heard(page.changed)
    page.show_privacy(Privacy({"UserMood": Rule(Audience.CHOSEN, ("gone",))}), enabled=True)
    assert f"Remove gone from “{MOOD}”" in names(page, BUTTON)
    press(page, BUTTON, f"Choose people… {MOOD}")
    picker = page.findChild(PeoplePicker)
    press(picker, BOX, "Mary Okafor (mary)")
    picker.close()
    assert rule_of(changed[-1][0], "UserMood").people == ("gone", "mary")


def test_blocked_and_loud_people_are_listed_and_let_go(page):
    changed = heard(page.changed)
    both = Privacy(blocked=("john",), vips=("mary",))
    page.show_privacy(both, enabled=True)
    press(page, BUTTON, "Remove John Ruiz from “Blocked”")
    press(page, BUTTON, "Remove Mary Okafor from “Always notify me”")
    assert changed == [(Privacy(vips=("mary",)),), (Privacy(blocked=("john",)),)]
    page.show_privacy(NO_WISHES, enabled=True)
    assert any(text.startswith("You have blocked nobody.") for text in sentences(page))


@pytest.mark.rule("S4", "S5", "S12")
def test_one_sees_oneself_with_the_eyes_of_others(page):
    assert "Mary Okafor sees: Discreet · 🙂 Happy · 📍 Room 4" in sentences(page)
    page.show_privacy(Privacy({"UserMood": Rule(Audience.CHOSEN, ("mary",))}, ("john",)), enabled=True)
    choose(page, "See yourself as", "John Ruiz (john)")
    assert "John Ruiz sees: Offline" in sentences(page)
    choose(page, "See yourself as", "Somebody new")
    assert "Somebody new sees: Discreet · 📍 Room 4" in sentences(page)
    (waits,) = (text for text in sentences(page) if text.startswith("Can wait for"))
    assert "mood" not in waits
    assert "location" not in waits, "it is only to be seen"
    page.show_me(ME, {"anna": "Anna", **NAMES}, 0, UTC)
    page.show_privacy(NO_WISHES, enabled=True)
    assert "Somebody new sees: Discreet · 🙂 Happy · 📍 Room 4" in sentences(page), "the choice stays"


def test_while_the_engine_is_away_nothing_can_be_changed_and_a_sentence_says_so(page):
    page.show_privacy(NO_WISHES, enabled=False)
    assert "The engine is away: this can be changed once it is back." in sentences(page)
    assert not any(widget(row(page, MOOD), RADIO, name).isEnabled() for name in names(row(page, MOOD), RADIO))
    page.show_privacy(NO_WISHES, enabled=True, state="Saved")
    assert "The engine is away: this can be changed once it is back." not in sentences(page)
    assert "Saved" in sentences(page)


def test_the_keyboard_is_enough(page, qtbot):
    assert unnamed(page) == []
    focused = QApplication.focusWidget()
    assert isinstance(focused, QAbstractButton)
    assert focused.text() == "Everyone"
    qtbot.keyClick(focused, Qt.Key.Key_Escape)
    assert not page.isVisible()


@pytest.mark.parametrize("width", [520, 640, 900])
def test_nothing_is_cut_at_any_width(page, width):
    page.resize(width, 700)
    QApplication.processEvents()
    assert page.width() == width
    for button in page.findChildren(QAbstractButton):
        if button.isVisible() and button.text():
            assert button.width() >= button.minimumSizeHint().width(), button.text()
