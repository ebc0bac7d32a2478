import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView

from tact_desktop import theme
from tact_desktop.widgets.people_delegate import PeopleDelegate, PersonRole
from tact_desktop.widgets.presence_glyph import Glyph


@pytest.fixture
def view(qtbot) -> QListView:
    made = QListView()
    qtbot.addWidget(made)
    model = QStandardItemModel(made)
    for handle, unread, waiting in (("bob", 0, 0), ("carla", 1200, 3)):
        item = QStandardItem(handle)
        values = (
            handle,
            handle.title(),
            "Available · <b>x</b>",
            Glyph.AVAILABLE,
            unread,
            waiting,
            "🙂",
            False,
        )
        for role, value in zip(PersonRole, values, strict=True):
            item.setData(value, role)
        model.appendRow(item)
    made.setItemDelegate(PeopleDelegate(made))
    made.setModel(model)
    made.resize(280, 200)
    made.show()
    return made


def test_rows_are_56_high(view):
    assert view.visualRect(view.model().index(0, 0)).height() == theme.PERSON_ROW_HEIGHT == 56


@pytest.mark.parametrize("width", [60, 280, 600])
def test_it_draws_at_any_width(view, width):
    view.resize(width, 200)
    assert not view.grab().isNull()


def test_unread_and_selection_can_be_seen(view):
    badge = theme.palette().badge
    assert badge not in colours(view, 0)
    assert badge in colours(view, 1)
    view.setCurrentIndex(view.model().index(0, 0))
    assert theme.palette().selected in colours(view, 0)


def test_who_is_gone_is_greyed(view):
    darkest = min(QColor(each).lightness() for each in colours(view, 0, left=0.25))
    view.model().item(0).setData(True, PersonRole.GONE)
    assert min(QColor(each).lightness() for each in colours(view, 0, left=0.25)) > darkest


def test_people_are_their_roles_in_order():
    assert [role.name for role in PersonRole] == [
        "HANDLE",
        "NAME",
        "LINE",
        "GLYPH",
        "UNREAD",
        "WAITING",
        "MOOD",
        "GONE",
    ]
    assert min(PersonRole) > Qt.ItemDataRole.UserRole


def colours(view: QListView, row: int, left: float = 0.5) -> set[str]:
    """The colours in the right half of a row, or behind `left`."""
    image = view.viewport().grab(view.visualRect(view.model().index(row, 0))).toImage()
    points = ((x, y) for x in range(int(image.width() * left), image.width()) for y in range(image.height()))
    return {image.pixelColor(x, y).name() for x, y in points}


def test_how_reachable_somebody_is_can_be_seen(view):
    row = view.visualRect(view.model().index(0, 0))
    image = view.viewport().grab(row).toImage()
    points = ((x, y) for x in range(image.width() // 4) for y in range(image.height()))
    assert theme.palette().presence_available in {image.pixelColor(x, y).name() for x, y in points}
