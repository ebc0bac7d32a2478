from collections.abc import Iterator

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from tact_desktop.state.row import MessageRow, RowKind
from tact_desktop.widgets.link_pointer import LinkPointer
from tact_desktop.widgets.message_list import MessageList
from tact_desktop.widgets.message_row import row_data
from tests.support.heard import heard

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # there is no screen
LEFT, HAND = Qt.MouseButton.LeftButton, Qt.CursorShape.PointingHandCursor
TEXT = "Hello 🙂 https://bank.com@evil.example/x and\nthen mailto:a@b.example to שלום https://c.example"


class Rows(QAbstractListModel):
    def __init__(self, *texts: str, kind: RowKind = RowKind.BUBBLE):
        super().__init__()
        self.rows = [MessageRow(str(number), 0, kind, text) for number, text in enumerate(texts)]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008
        return len(self.rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        return row_data(self.rows[index.row()], role)


@pytest.fixture
def view(qtbot) -> Iterator[MessageList]:
    made = MessageList("Conversation")
    qtbot.addWidget(made)
    made.setModel(Rows(TEXT))
    made.resize(600, 300)
    made.show()
    made.executeDelayedItemsLayout()
    QApplication.processEvents()
    yield made
    QToolTip.hideText()


def places(view: MessageList) -> dict[str, list[QPoint]]:
    """Where each link is met, by what it opens; "" is where there is none."""
    (pointer,) = view.findChildren(LinkPointer)
    area = view.viewport().rect()
    found: dict[str, list[QPoint]] = {}
    for y in range(0, area.height(), 3):
        for x in range(0, area.width(), 3):
            link = pointer.link_at(QPoint(x, y))
            found.setdefault(link.url if link else "", []).append(QPoint(x, y))
    return found


def middle(points: list[QPoint]) -> QPoint:
    return points[len(points) // 2]


def test_each_link_is_where_it_is_drawn_and_nowhere_else(view):
    found = places(view)
    assert set(found) == {"", "https://bank.com@evil.example/x", "mailto:a@b.example", "https://c.example"}
    width = view.fontMetrics().horizontalAdvance("https://bank.com@evil.example/x")
    columns = sorted({point.x() for point in found["https://bank.com@evil.example/x"]})
    assert abs(columns[-1] - columns[0] - width) < 12
    assert view.fontMetrics().horizontalAdvance("Hello 🙂 ") < columns[0]


def test_a_click_opens_it(view, qtbot):
    pressed = heard(view.link_pressed)
    for url, points in places(view).items():
        pressed.clear()
        qtbot.mouseClick(view.viewport(), LEFT, pos=middle(points))
        assert pressed == ([(url,)] if url else [])


def test_a_double_click_opens_once(view, qtbot):
    pressed = heard(view.link_pressed)
    at = middle(places(view)["https://c.example"])
    qtbot.mouseClick(view.viewport(), LEFT, pos=at)
    qtbot.mouseDClick(view.viewport(), LEFT, pos=at)
    qtbot.mouseRelease(view.viewport(), LEFT, pos=at)
    assert pressed == [("https://c.example",)]


def test_what_is_no_click_opens_nothing(view, qtbot):
    pressed, found = heard(view.link_pressed), places(view)
    one, other, none = (middle(found[url]) for url in ("https://c.example", "mailto:a@b.example", ""))
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=one)
    qtbot.mouseClick(view.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, pos=one)
    for down, up in ((one, other), (one, none), (none, one)):
        qtbot.mousePress(view.viewport(), LEFT, pos=down)
        qtbot.mouseRelease(view.viewport(), LEFT, pos=up)
    assert pressed == []


def test_the_hand_and_the_tool_tip_tell_where_it_leads(view, qtbot):
    found = places(view)
    at = middle(found["https://bank.com@evil.example/x"])
    qtbot.mouseMove(view.viewport(), at)
    assert view.viewport().cursor().shape() == HAND
    QApplication.sendEvent(
        view.viewport(), QHelpEvent(QHelpEvent.Type.ToolTip, at, view.viewport().mapToGlobal(at))
    )
    assert "Opens evil.example in your browser" in QToolTip.text()
    QToolTip.hideText()
    qtbot.mouseMove(view.viewport(), found[""][-1])
    assert view.viewport().cursor().shape() != HAND


def test_lines_that_are_no_messages_have_no_links(view):
    view.setModel(Rows("https://a.example", kind=RowKind.NOTE))
    view.executeDelayedItemsLayout()
    assert set(places(view)) == {""}


def test_beyond_the_last_row_there_is_none(view):
    view.setModel(Rows())
    view.executeDelayedItemsLayout()
    assert set(places(view)) == {""}
