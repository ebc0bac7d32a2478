from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from tact_desktop import theme
from tact_desktop.state.row import BubbleStyle, MessageRow, RowKind
from tact_desktop.widgets.message_list import MessageList
from tact_desktop.widgets.message_row import row_data

BUTTON = QAccessible.Role.Button


class Rows(QAbstractListModel):
    def __init__(self, rows: Iterable[MessageRow] = ()):
        super().__init__()
        self.rows = list(rows)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return row_data(self.rows[index.row()], role)

    def put(self, place: int, *rows: MessageRow):
        self.beginInsertRows(QModelIndex(), place, place + len(rows) - 1)
        self.rows[place:place] = rows
        self.endInsertRows()

    def append(self, *rows: MessageRow):
        self.put(len(self.rows), *rows)


def bubble(number: int, own: bool = False, style: BubbleStyle = BubbleStyle.NORMAL) -> MessageRow:
    text = f"message {number} " + "word " * (number % 30)
    return MessageRow(
        str(number), 0, RowKind.BUBBLE, text, own, foot="09:02", style=style, accessible=f"Bob, {number}"
    )


@pytest.fixture
def model() -> Rows:
    return Rows(bubble(number) for number in range(60))


@pytest.fixture
def view(qtbot, model) -> Iterator[MessageList]:
    around = QWidget()
    qtbot.addWidget(around)
    made = MessageList("Conversation with Bob", "Say hello to Bob.", around)
    made.resize(600, 500)
    made.setModel(model)
    around.resize(1300, 600)
    around.show()
    settle(made)
    yield made
    around.close()


def settle(view: MessageList):
    view.executeDelayedItemsLayout()
    QApplication.processEvents()


def scroll_to(view: MessageList, value: int):
    view.verticalScrollBar().setValue(value)
    settle(view)


def bottom(view: MessageList, model: Rows) -> int:
    return view.visualRect(model.index(len(model.rows) - 1, 0)).bottom()


def test_it_opens_at_the_newest_and_stays_there(view, model):
    assert bottom(view, model) == view.viewport().height() - 1
    model.append(bubble(100))
    settle(view)
    assert bottom(view, model) == view.viewport().height() - 1


def test_reading_above_nothing_moves_and_the_button_counts(view, model, by_role, qtbot):
    scroll_to(view, 300)
    model.append(bubble(100), bubble(101))
    settle(view)
    assert view.verticalScrollBar().value() == 300
    qtbot.mouseClick(
        by_role(view.window(), BUTTON, "Jump to the newest message, 2 new"), Qt.MouseButton.LeftButton
    )
    settle(view)
    assert bottom(view, model) == view.viewport().height() - 1
    with pytest.raises(AssertionError):
        by_role(view.window(), BUTTON, "Jump to the newest message")


def test_what_i_send_is_shown_wherever_i_read(view, model):
    scroll_to(view, 300)
    model.append(bubble(100, own=True))
    settle(view)
    assert view.at_bottom()


def test_rows_put_in_above_do_not_move_what_is_read(view, model):
    scroll_to(view, 200)
    top = view.indexAt(QPoint(300, 1))
    key, offset = model.rows[top.row()].key, view.visualRect(top).top()
    with view.keep_anchor():
        model.put(0, *(bubble(number) for number in range(200, 240)))
    settle(view)
    place = [row.key for row in model.rows].index(key)
    assert view.visualRect(model.index(place, 0)).top() == offset


def test_more_is_asked_for_once_near_the_top(view, model, qtbot):
    asked: list[int] = []
    view.near_top.connect(lambda: asked.append(len(model.rows)))
    scroll_to(view, 200)
    scroll_to(view, 100)
    qtbot.waitUntil(lambda: asked == [60])
    with view.keep_anchor():
        model.put(0, *(bubble(number) for number in range(200, 203)))
    qtbot.waitUntil(lambda: asked == [60, 63])


@pytest.mark.parametrize("width", [320, 683, 1200])
def test_own_bubbles_stay_in_sight_at_any_width(view, model, width):
    model.append(bubble(100, own=True))
    view.resize(width, 500)
    settle(view)
    rect = view.visualRect(model.index(60, 0))
    assert rect.width() == view.viewport().width()
    assert bottom(view, model) == view.viewport().height() - 1
    accent = theme.palette().bubble_own
    image = view.viewport().grab(rect).toImage()
    columns = [x for x in range(image.width()) if image.pixelColor(x, image.height() // 2).name() == accent]
    assert columns
    assert columns[-1] < width - 8


def test_few_rows_stand_at_the_bottom(view):
    few = Rows([bubble(1), bubble(2)])
    view.setModel(few)
    settle(view)
    corner = view.viewport().mapTo(view, QPoint(0, bottom(view, few)))
    assert corner.y() >= view.height() - 2
    few.append(*(bubble(number) for number in range(3, 40)))
    settle(view)
    assert view.viewport().height() == view.height()


def test_the_keyboard_walks_opens_and_copies(view, model, qtbot):
    view.setFocus(Qt.FocusReason.TabFocusReason)
    assert view.current_key() == "59"
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert view.current_key() == "58"
    with qtbot.waitSignal(view.activated_row) as told:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["58"]
    qtbot.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"{model.rows[57].text}\n{model.rows[58].text}"


def test_day_lines_are_not_copied(view, model):
    model.append(MessageRow("d", 0, RowKind.DAY, "Today"), bubble(100))
    view.selectAll()
    assert "Today" not in view.selected_text()


def test_the_menu_is_asked_for_with_the_row_it_is_for(view, model, qtbot):
    place = view.visualRect(model.index(59, 0)).center()
    at = view.viewport().mapToGlobal(place)
    with qtbot.waitSignal(view.menu_wanted) as told:
        QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, at))
    assert told.args == ["59", at]


def test_a_screen_reader_reads_the_plain_words(view, model):
    listed = QAccessible.queryAccessibleInterface(view)
    assert listed.text(QAccessible.Text.Name) == "Conversation with Bob"
    assert listed.child(59).text(QAccessible.Text.Name) == "Bob, 59"


def test_every_kind_and_style_can_be_drawn_in_both_palettes(view, model, qapp):
    kinds = [MessageRow(kind.name, 0, kind, "<b>words</b>", highlight=0.5) for kind in RowKind]
    view.setModel(Rows([*kinds, *(bubble(place, True, style) for place, style in enumerate(BubbleStyle))]))
    for scheme in (theme.Scheme.LIGHT, theme.Scheme.DARK):
        theme.apply(qapp, scheme)
        settle(view)
        assert not view.grab().isNull()


def test_a_row_can_be_shown_by_its_key(view):
    assert view.show_row("3")
    assert view.current_key() == "3"
    assert not view.at_bottom()
    assert not view.show_row("no such row")


def test_an_empty_conversation_says_what_to_do(view):
    view.setModel(Rows())
    empty = view.grab().toImage()
    view.set_empty_text("")
    assert view.grab().toImage() != empty


def test_at_the_bottom_rows_put_in_above_leave_it_there(view, model):
    with view.keep_anchor():
        model.put(0, *(bubble(number) for number in range(200, 240)))
    assert view.at_bottom()
    assert bottom(view, model) == view.viewport().height() - 1


def test_what_comes_above_waiting_rows_is_counted(view, model, by_role):
    model.append(bubble(99, own=True, style=BubbleStyle.HELD))
    settle(view)
    scroll_to(view, 300)
    model.put(60, bubble(100))
    assert by_role(view.window(), BUTTON, "Jump to the newest message, 1 new")


def test_the_menu_keeps_what_is_selected(view, model):
    view.selectAll()
    chosen = view.selected_text()
    place = view.visualRect(model.index(59, 0)).center()
    at = view.viewport().mapToGlobal(place)
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, at))
    assert view.selected_text() == chosen
    assert view.current_key() == "59"


def test_older_messages_of_the_same_day_are_asked_for_too(view, model, qtbot):
    day = MessageRow("day", 0, RowKind.DAY, "Today")
    model.put(0, day)
    settle(view)
    with qtbot.waitSignal(view.near_top):
        scroll_to(view, 0)
    model.put(1, *(bubble(1000 + number) for number in range(20)))
    with qtbot.waitSignal(view.near_top):
        scroll_to(view, 0)
