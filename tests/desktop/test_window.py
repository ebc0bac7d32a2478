"""Two real windows on a real engine, used by role and name as a person or a screen reader uses them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QListView,
    QMenu,
    QPushButton,
    QWidget,
)

from tact_desktop.local.errors import LocalStoreError
from tact_desktop.panels.help import HelpPanel
from tact_desktop.panels.trust import ConnectionPage
from tact_desktop.state.draft import Preset
from tact_desktop.state.entry import Stage
from tact_desktop.state.link import LinkPhase
from tact_desktop.window import MainWindow
from tests.support.by_role import Role, choose, labelled, names, press, unnamed, widget
from tests.support.heard import heard
from tests.support.office import Office, Seat, frozen, office_at
from tests.support.office import own_engine as own_engine
from tests.support.office import shared_engine as shared_engine
from tests.support.qt_loop import on_qt, turns, until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")  # there is no screen

ARRIVED = (Stage.DELIVERED, Stage.READ)
LIST, ITEM, TEXT, BUTTON, RADIO = Role.List, Role.ListItem, Role.StaticText, Role.Button, Role.RadioButton
WIDE, COMPACT, SMALLEST = (1240, 760), (683, 720), (640, 480)
KEY = Qt.Key
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


def pick(window: MainWindow, name: str) -> None:
    """Click somebody in the list of people, found by what a screen reader calls the row."""
    people = widget(window, LIST, "People", QListView)
    row = next(
        row
        for row in range(people.model().rowCount())
        if str(people.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)).startswith(name)
    )
    place = people.visualRect(people.model().index(row, 0)).center()
    QTest.mouseClick(people.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def said(window: MainWindow, other: Seat) -> list[str]:
    """The rows of the conversation as they are read out."""
    shown = widget(window, LIST, f"Conversation with {other.name}", QListView)
    role = Qt.ItemDataRole.AccessibleTextRole
    return [str(shown.model().index(row, 0).data(role)) for row in range(shown.model().rowCount())]


def hears(window: MainWindow, other: Seat, text: str) -> bool:
    """Whether the conversation with `other` has a row with `text`."""
    return any(text in row for row in said(window, other))


def key(window: QWidget, code: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(QApplication.focusWidget() or window, code, keys)


async def two_windows(office: Office, width: int = WIDE[0], height: int = WIDE[1]) -> tuple[Seat, Seat]:
    """Tom at his window, Mary at hers; Tom's is in front."""
    tom, mary = await office.people("Tom", "Mary")
    await mary.show(width, height)
    await tom.show(width, height)
    return tom, mary


async def one_window(office: Office, width: int = WIDE[0], height: int = WIDE[1]) -> tuple[Seat, Seat]:
    """Tom at his window; Mary is there."""
    tom, mary = await office.people("Tom", "Mary")
    await tom.show(width, height)
    return tom, mary


@pytest.mark.rule("O2")
@on_qt
async def test_somebody_is_chosen_and_what_is_written_is_in_the_other_window(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await two_windows(office)
        pick(tom.window, mary.name)
        pick(mary.window, tom.name)
        send = widget(tom.window, BUTTON, "Send", QPushButton)
        assert not send.isEnabled()
        tom.type("Good morning, Mary!")
        assert send.isEnabled()
        tom.enter()
        assert widget(tom.window, Role.EditableText, f"Message: {mary.name}").property("plainText") == ""
        await until(lambda: hears(mary.window, tom, f"{tom.name}: Good morning, Mary!"))
        await until(lambda: hears(tom.window, mary, "Delivered"))
        press_time = said(mary.window, tom)
        assert not [row for row in press_time if "Offline message" in row]


@pytest.mark.parametrize(
    ("preset", "words", "mood"),
    [
        ("When online", "Send", {}),
        ("When available", "Send when available", {"UserAvailability": "DISCREET"}),
        ("When not angry", "Send when not angry", {"UserMood": "ANGRY"}),
    ],
)
@on_qt
async def test_the_button_says_what_the_preset_will_do(tmp_path, shared_engine, preset, words, mood):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await one_window(office)
        pick(tom.window, mary.name)
        mary.desk.set_presence(mood)
        for name, value in mood.items():
            await until(lambda n=name, v=value: tom.desk.presence_of(mary.handle).value(n) == v)
        tom.type("Have you got a minute?")
        press(tom.window, RADIO, preset)
        press(tom.window, BUTTON, words)
        await until(lambda: hears(tom.window, mary, "Waiting until" if mood else "Delivered"))
        assert widget(tom.window, BUTTON, "Send"), "the choice is back at Now"
        assert widget(tom.window, RADIO, "Now", QAbstractButton).isChecked()


@pytest.mark.rule("U1", "U8")
@on_qt
async def test_the_custom_editor_ends_as_the_condition_that_is_kept(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await one_window(office)
        pick(tom.window, mary.name)
        tom.type("The printer is yours")
        press(tom.window, RADIO, "Custom…")
        assert f"Deliver to {mary.name} when …" in names(tom.window, TEXT)
        choose(tom.window, "Attribute, row 1", "Mood")
        choose(tom.window, "Comparison, row 1", "is not")
        choose(tom.window, "Value, row 1", "Happy")
        press(tom.window, BUTTON, "and …")
        choose(tom.window, "Attribute, row 2", "Status text")
        choose(tom.window, "Comparison, row 2", "contains")
        QTest.keyClicks(widget(tom.window, Role.EditableText, "Value, row 2"), "printer")
        press(tom.window, BUTTON, "Use this")
        press(tom.window, BUTTON, "Send when…")
        await until(lambda: [entry.stage for entry in tom.desk.waiting()] == [Stage.HELD])
        (group,) = tom.desk.waiting()[0].condition.any
        assert [(each.attr, each.op, each.value) for each in group.all] == [
            ("UserMood", "ne", "HAPPY"),
            ("StatusText", "contains", "printer"),
        ]
        mary.desk.set_presence({"StatusText": "at the PRINTER"})
        await tom.stands(tom.entries(mary)[-1].id, *ARRIVED)


async def one_waits(office: Office, width: int = WIDE[0], height: int = WIDE[1]) -> tuple[Seat, Seat, str]:
    """Tom's window, with a message in it that waits for Mary to be available."""
    tom, mary = await one_window(office, width, height)
    mary.desk.set_presence({"UserAvailability": "NOT_AVAILABLE"})
    await until(lambda: tom.desk.presence_of(mary.handle).value("UserAvailability") == "NOT_AVAILABLE")
    pick(tom.window, mary.name)
    id = tom.write(mary, "The roadmap", Preset.AVAILABLE)
    await tom.stands(id, Stage.HELD)
    return tom, mary, id


@pytest.mark.rule("M6")
@on_qt
async def test_a_card_of_what_waits_sends_now(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, id = await one_waits(office)
        assert "Waiting (1)" in names(tom.window.waiting, TEXT)
        press(tom.window.waiting, BUTTON, "Send now")
        await tom.stands(id, *ARRIVED)
        await until(lambda: "Waiting" in names(tom.window.waiting, TEXT))
        assert "Nothing is waiting" in names(tom.window.waiting, TEXT)
        await until(lambda: "Delivered today: 1" in names(tom.window.waiting, TEXT))
        assert mary.texts(tom) == ["The roadmap"]


@pytest.mark.rule("M9")
@on_qt
async def test_a_card_of_what_waits_takes_back_and_offers_to_undo(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, id = await one_waits(office)
        press(tom.window.waiting, BUTTON, "Withdraw")
        assert "Undo: Withdrawn." not in names(tom.window, BUTTON), "it may have left already"
        await tom.stands(id, Stage.WITHDRAWN)
        assert not hears(tom.window, mary, "The roadmap")
        press(tom.window, BUTTON, "Undo: Withdrawn.")
        await until(lambda: [entry.stage for entry in tom.desk.waiting()] == [Stage.HELD])
        assert tom.desk.waiting()[0].text == "The roadmap"
        assert hears(tom.window, mary, "The roadmap")


@pytest.mark.rule("M15", "I7")
@on_qt
async def test_what_left_before_it_was_taken_back_cannot_be_undone_into_a_second_one(tmp_path, own_engine):
    async with office_at(tmp_path, own_engine) as office:
        tom, mary, id = await one_waits(office)
        with frozen(own_engine):
            mary.desk.set_presence({"UserAvailability": "AVAILABLE"})
            await turns(20)
            press(tom.window.waiting, BUTTON, "Withdraw")
        await until(lambda: tom.complaints)
        await tom.stands(id, *ARRIVED)
        assert "Undo: Withdrawn." not in names(tom.window, BUTTON)
        assert any("Too late" in text for text in names(tom.window.conversation, TEXT))


@pytest.mark.rule("M7")
@on_qt
async def test_a_card_of_what_waits_is_edited_in_the_composer(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, id = await one_waits(office)
        tom.type("half a draft")
        press(tom.window.waiting, BUTTON, "Edit")
        field = tom.window.composer.text_field()
        assert (field.toPlainText(), field.hasFocus()) == ("The roadmap", True)
        assert "Paused while you edit — its time runs on." in names(tom.window, TEXT)
        tom.type(" of next year")
        press(tom.window, BUTTON, "Save change")
        assert field.toPlainText() == "half a draft"
        await until(lambda: hears(tom.window, mary, "The roadmap of next year"))
        entry = tom.history.entry(id)
        assert entry is not None
        assert (entry.stage, entry.revision) == (Stage.HELD, 2)
        press(tom.window.waiting, BUTTON, "Edit")
        key(tom.window, KEY.Key_Escape)
        assert field.toPlainText() == "half a draft"


@pytest.mark.rule("M8", "M20")
@on_qt
async def test_a_message_does_not_leave_while_it_is_edited_and_does_once_the_editor_is_left(
    tmp_path, shared_engine
):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, id = await one_waits(office)
        press(tom.window.waiting, BUTTON, "Edit")
        tom.desk.explain(id)
        await until(lambda: tom.desk.standings.get(id) and tom.desk.standings[id][0].paused)
        mary.desk.set_presence({"UserAvailability": "AVAILABLE"})
        other = tom.write(mary, "By the way")
        await tom.stands(other, *ARRIVED)
        assert tom.stage(id) is Stage.HELD
        press(tom.window, BUTTON, "Resume")
        await tom.stands(id, *ARRIVED)
        assert tom.window.composer.text_field().toPlainText() == ""


@on_qt
async def test_what_was_not_accepted_can_be_sent_again_or_deleted(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await one_window(office)
        pick(tom.window, mary.name)
        long = tom.write(mary, "x" * 20_000)
        await tom.stands(long, Stage.FAILED)
        waiting = tom.window.waiting
        assert "Not delivered (1)" in names(waiting, TEXT)
        press(waiting, BUTTON, "Send again")
        await until(lambda: tom.stage(long) is None and len(tom.history.undelivered()) == 1)
        press(waiting, BUTTON, "Delete")
        assert tom.history.undelivered() == []
        assert "Nothing is waiting" in names(waiting, TEXT)
        assert tom.texts(mary) == []


# --- keys ------------------------------------------------------------------------------------------------------


@on_qt
async def test_somebody_is_found_with_the_keyboard_alone(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await one_window(office)
        key(tom.window, KEY.Key_K, CONTROL)
        assert widget(tom.window, Role.EditableText, "Find people").hasFocus()
        QTest.keyClicks(widget(tom.window, Role.EditableText, "Find people"), mary.name)
        key(tom.window, KEY.Key_Return)
        assert tom.window.flow.handle == mary.handle
        assert tom.window.composer.text_field().hasFocus()
        tom.type("Found you")
        key(tom.window, KEY.Key_Return)
        await until(lambda: mary.texts(tom) == ["Found you"])


@on_qt
async def test_conversations_are_walked_with_alt_and_the_arrows(tmp_path, own_engine):
    async with office_at(tmp_path, own_engine) as office:
        tom, _, _ = await office.people("Tom", "Mary", "John")
        await tom.show()
        order = [person.handle for person in tom.desk.people.values() if person.handle != tom.handle]
        key(tom.window, KEY.Key_Down, ALT)
        first = tom.window.flow.handle
        assert first in order
        key(tom.window, KEY.Key_Down, ALT)
        second = tom.window.flow.handle
        assert {first, second} == set(order)
        key(tom.window, KEY.Key_Down, ALT)
        assert tom.window.flow.handle == second, "the end stays the end"
        key(tom.window, KEY.Key_Up, ALT)
        assert tom.window.flow.handle == first


@on_qt
async def test_f6_goes_through_all_panes_and_back(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, _, _ = await one_waits(office)
        window = tom.window
        panes = {"people": window.people, "composer": window.composer, "waiting": window.waiting}

        def pane() -> str:
            focus = QApplication.focusWidget()
            assert focus is not None
            found = [name for name, each in panes.items() if each.isAncestorOf(focus) or each is focus]
            return found[0] if found else "conversation" if window.conversation.isAncestorOf(focus) else "?"

        window.people.focus_list()
        there = []
        for _ in range(4):
            key(window, KEY.Key_F6)
            there.append(pane())
        assert there == ["conversation", "composer", "waiting", "people"]
        back = []
        for _ in range(4):
            key(window, KEY.Key_F6, SHIFT)
            back.append(pane())
        assert back == ["waiting", "composer", "conversation", "people"]


@on_qt
async def test_escape_leads_back_to_the_message(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, _, _ = await one_waits(office)
        field = tom.window.composer.text_field()
        for leave in (
            tom.window.people.focus_list,
            tom.window.people.focus_search,
            tom.window.conversation.focus_list,
            lambda: tom.window.next_pane(-1),
        ):
            leave()
            key(tom.window, KEY.Key_Escape)
            assert field.hasFocus(), QApplication.focusWidget()
        press(tom.window, RADIO, "Custom…")
        key(tom.window, KEY.Key_Escape)
        assert f"Deliver to {tom.name} when …" not in names(tom.window, TEXT)
        assert field.hasFocus()


@on_qt
async def test_what_waits_is_shown_and_hidden_by_its_key(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, _, _ = await one_waits(office)
        assert tom.window.waiting.isVisible()
        key(tom.window, KEY.Key_W, CONTROL | SHIFT)
        assert not tom.window.waiting.isVisible()
        key(tom.window, KEY.Key_W, CONTROL | SHIFT)
        assert tom.window.waiting.isVisible()
        assert tom.window.waiting.parent() is not None
        press(tom.window, BUTTON, "Close the list of waiting messages")
        assert not tom.window.waiting.isVisible()
        press(tom.window, BUTTON, "1 waiting")
        assert tom.window.waiting.isVisible()


# --- narrow and wide ---------------------------------------------------------------------------------------------


@on_qt
async def test_a_narrow_window_folds_and_what_waits_has_a_window_of_its_own(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, id = await one_waits(office, *COMPACT)
        waiting = tom.window.waiting
        assert tom.window.width() == COMPACT[0]
        assert not waiting.isVisible()
        assert names(tom.window, RADIO) == [], "the presets are a drop-down"
        assert labelled(tom.window, "Deliver").count() == 5
        key(tom.window, KEY.Key_W, CONTROL | SHIFT)
        assert (waiting.isVisible(), waiting.isWindow()) == (True, True)
        assert waiting.windowTitle() == f"Waiting messages — {tom.name}"
        press(waiting, BUTTON, "Send now")
        await tom.stands(id, *ARRIVED)
        assert mary.texts(tom) == ["The roadmap"]
        tom.window.resize(*WIDE)
        await until(lambda: not waiting.isWindow() and waiting.isVisible())
        assert names(tom.window, RADIO)[:3] == ["Now", "When online", "When available"]
        tom.window.resize(*COMPACT)
        await until(lambda: not waiting.isVisible())


@on_qt
async def test_the_windows_of_what_waits_closes_with_the_main_window(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, _, _ = await one_waits(office, *COMPACT)
        window, waiting = tom.window, tom.window.waiting
        window.show_waiting(True)
        waiting.close()
        key(window, KEY.Key_W, CONTROL | SHIFT)
        assert waiting.isVisible()
        window.close()
        assert not waiting.isVisible()


@pytest.mark.parametrize(
    ("size", "presets"),
    [(WIDE, tuple(Preset)), (COMPACT, tuple(Preset)[:-1]), (SMALLEST, tuple(Preset)[:-1])],
    ids=str,
)
@on_qt
async def test_everything_the_keyboard_reaches_has_a_name_and_no_button_is_cut(
    tmp_path, shared_engine, size, presets
):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary, _ = await one_waits(office, *size)
        failed = tom.write(mary, "x" * 20_000)
        await tom.stands(failed, Stage.FAILED)
        window = tom.window
        window.show_waiting(True)
        tom.type("Something")
        for preset in presets:
            window.composer.choose(preset)
            await turns()
            for shown in {window, window.waiting.window()}:
                assert unnamed(shown) == []
                assert cut(shown) == [], preset
        window.composer.close_editor()
        window.flow.begin_edit(tom.desk.waiting()[0].id)
        await turns()
        assert unnamed(window) == []
        assert cut(window) == []
        assert (window.width(), window.height()) == size, "nothing needs more room"


def cut(root: QWidget) -> list[str]:
    """The buttons in sight whose words do not fit."""
    return [
        f"{button.text()}: {button.sizeHint().width()} > {button.width()}"
        for button in root.findChildren(QAbstractButton)
        if button.isVisible() and button.text() and button.sizeHint().width() > button.width()
    ]


# --- the engine and oneself ----------------------------------------------------------------------------------------


@on_qt
async def test_the_window_says_that_the_engine_is_away_and_that_it_is_back(tmp_path, own_engine):
    async with office_at(tmp_path, own_engine) as office:
        tom, mary = await one_window(office)
        pick(tom.window, mary.name)
        own_engine.kill()
        await until(
            lambda: any("cannot be reached. What you write" in text for text in names(tom.window, TEXT))
        )
        tom.type("Are you there?")
        assert any("Not connected — kept on this computer" in text for text in names(tom.window, TEXT))
        tom.enter()
        assert hears(tom.window, mary, "Not handed over yet")
        await until(lambda: any("1 message is kept" in text for text in names(tom.window, TEXT)))
        own_engine.start()
        await until(lambda: hears(tom.window, mary, "Delivered"))
        assert not any("cannot be reached" in text for text in names(tom.window, TEXT))
        assert mary.texts(tom) == ["Are you there?"]


@pytest.mark.parametrize("chosen", [True, False], ids=["in a conversation", "before anybody is chosen"])
@on_qt
async def test_one_signs_out_in_the_presence_bar_and_in_again(tmp_path, shared_engine, chosen):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await one_window(office)
        if chosen:
            pick(tom.window, mary.name)
        menu = widget(tom.window, Role.ButtonMenu, "Availability: Available", QPushButton).menu()
        next(action for action in menu.actions() if action.text() == "Sign out").trigger()
        await mary.sees(tom, online=False)
        await until(lambda: tom.desk.link.phase is LinkPhase.SIGNED_OUT)
        assert any("Signed out" in text for text in names(tom.window, TEXT))
        if chosen:
            press(tom.window, BUTTON, "Sign in")
        else:
            entry(tom.window, "Presence", "Sign in").trigger()
        await mary.sees(tom)
        await until(lambda: not any("signed out" in text.casefold() for text in names(tom.window, TEXT)))


def entry(window: MainWindow, menu: str, text: str):
    """An entry of the menu bar, by its words."""
    bar = next(action for action in window.menuBar().actions() if action.text().replace("&", "") == menu)
    menu_shown = bar.menu()
    assert isinstance(menu_shown, QMenu)
    return next(action for action in menu_shown.actions() if action.text().replace("&", "") == text)


@pytest.mark.rule("M18")
@on_qt
async def test_the_title_counts_what_is_unread_until_it_is_seen(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await one_window(office)
        assert tom.window.windowTitle() == f"Tact — {tom.name}"
        ids = [mary.write(tom, text) for text in ("One", "Two")]
        await until(lambda: tom.window.windowTitle() == f"(2) Tact — {tom.name}")
        assert all(mary.stage(id) is not Stage.READ for id in ids)
        pick(tom.window, mary.name)
        await until(lambda: tom.window.windowTitle() == f"Tact — {tom.name}")
        for id in ids:
            await mary.stands(id, Stage.READ)


@on_qt
async def test_what_one_lets_others_know_is_chosen_in_the_presence_bar(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await two_windows(office)
        pick(mary.window, tom.name)
        menu = widget(tom.window, Role.ButtonMenu, "Mood: No mood", QPushButton).menu()
        next(action for action in menu.actions() if action.text().endswith("Happy")).trigger()
        await until(lambda: any("😀 Happy" in text or "Happy" in text for text in names(mary.window, TEXT)))
        assert "Mood: Happy" in names(tom.window, Role.ButtonMenu)


@on_qt
async def test_a_draft_stays_with_its_conversation_and_with_the_window(tmp_path, own_engine):
    async with office_at(tmp_path, own_engine) as office:
        tom, mary, john = await office.people("Tom", "Mary", "John")
        await tom.show()
        pick(tom.window, mary.name)
        tom.type("For Mary")
        press(tom.window, RADIO, "When not angry")
        pick(tom.window, john.name)
        assert tom.window.composer.draft().text == ""
        tom.type("For John")
        pick(tom.window, mary.name)
        assert tom.window.composer.draft().text == "For Mary"
        assert tom.window.composer.draft().preset is Preset.NOT_ANGRY
        await tom.leave()
        tom.open()
        await tom.connect()
        await tom.sees(john)
        await tom.show()
        pick(tom.window, john.name)
        assert tom.window.composer.text_field().toPlainText() == "For John"
        pick(tom.window, mary.name)
        assert widget(tom.window, RADIO, "When not angry", QAbstractButton).isChecked()
        assert tom.window.composer.text_field().toPlainText() == "For Mary"


@on_qt
async def test_the_window_is_closed_by_its_key_and_comes_back_as_it_was(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        (tom,) = await office.people("Tom")
        window = await tom.show(777, 666)
        closing = heard(window.closing)
        key(window, KEY.Key_Q, CONTROL)
        assert not window.isVisible()
        assert len(closing) == 1
        await tom.leave()
        tom.open()
        await tom.connect()
        tom.window.show()
        assert (tom.window.width(), tom.window.height()) == (777, 666)


def full_disk(*_: object) -> None:
    """What a history does when there is no room any more."""
    raise LocalStoreError("The disk is full. Free some space, then try again.")


@on_qt
async def test_the_window_closes_although_nothing_can_be_kept_any_more(tmp_path, shared_engine, monkeypatch):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await one_window(office)
        pick(tom.window, mary.name)
        tom.type("Half a sente")
        closing = heard(tom.window.closing)

        for change in ("set_draft", "set_setting"):
            monkeypatch.setattr(tom.history, change, full_disk)
        tom.window.close()
        assert len(closing) == 1
        assert not tom.window.isVisible()


@on_qt
async def test_what_cannot_be_kept_stays_in_the_composer(tmp_path, shared_engine, monkeypatch):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await one_window(office)
        pick(tom.window, mary.name)

        tom.type("Important")
        monkeypatch.setattr(tom.history, "remember", full_disk)
        tom.enter()
        assert tom.window.composer.text_field().toPlainText() == "Important"
        assert "The disk is full. Free some space, then try again." in names(tom.window, TEXT)


@on_qt
async def test_signing_out_while_the_engine_is_away_is_so_when_it_is_back(tmp_path, own_engine):
    async with office_at(tmp_path, own_engine) as office:
        tom, mary = await one_window(office)
        own_engine.kill()
        await until(lambda: tom.desk.link.phase is LinkPhase.AWAY)
        entry(tom.window, "Presence", "Sign out").trigger()
        await until(lambda: tom.desk.link.phase is LinkPhase.SIGNED_OUT)
        own_engine.start()
        await until(lambda: mary.desk.link.up)
        await mary.sees(tom, online=False)
        entry(tom.window, "Presence", "Sign in").trigger()
        await mary.sees(tom)


@on_qt
async def test_help_says_where_the_engine_is(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        (tom,) = await office.people("Tom")
        await tom.show()
        entry(tom.window, "Help", "Connection").trigger()
        (page,) = tom.window.findChildren(ConnectionPage)
        said = " ".join(names(page, TEXT))
        assert "chooses" in said or "from this computer only" in said
        assert "127.0.0.1" not in said, "that address leads a colleague to their own computer"
        press(page, BUTTON, "Close")


@on_qt
async def test_help_says_how_delivery_works(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        (tom,) = await office.people("Tom")
        window = await tom.show()
        key(window, KEY.Key_F1)
        (page,) = window.findChildren(HelpPanel)
        assert page.isVisible()
        assert "What the other person sees" in names(page, TEXT)
        page.close()
        entry(window, "Help", "How delivery works").trigger()
        assert window.findChildren(HelpPanel) == [page]
        assert page.isVisible()


@on_qt
async def test_a_notification_leads_to_its_conversation(tmp_path, shared_engine):
    async with office_at(tmp_path, shared_engine) as office:
        tom, mary = await one_window(office)
        tom.window.showMinimized()
        tom.window.bring_up(mary.handle)
        await until(lambda: not tom.window.isMinimized() and tom.window.isActiveWindow())
        assert tom.window.flow.handle == mary.handle


@on_qt
async def test_who_is_known_can_be_written_to_before_the_engine_answers(tmp_path, own_engine):
    async with office_at(tmp_path, own_engine) as office:
        tom, mary = await one_window(office)
        id = mary.write(tom, "Remember this")
        await mary.stands(id, *ARRIVED)
        await tom.leave()
        own_engine.kill()
        tom.open()
        tom.desk.start(own_engine.address)
        await tom.show()
        pick(tom.window, mary.name)
        assert hears(tom.window, mary, "Remember this")
        own_engine.start()
