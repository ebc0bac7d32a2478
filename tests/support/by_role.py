"""Finding and using controls as a screen reader does: by role and name, in the accessibility tree."""

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

Role = QAccessible.Role
W = TypeVar("W", bound=QWidget)


def tree(root: QWidget) -> Iterator[QAccessibleInterface]:
    """Everything in `root` that a screen reader can reach and that is in sight, from top to bottom."""
    yield from _below(QAccessible.queryAccessibleInterface(root))


def name_of(item: QAccessibleInterface) -> str:
    """What a screen reader calls it."""
    return item.text(QAccessible.Text.Name)


def names(root: QWidget, role: Role) -> list[str]:
    """The names of everything with that role, from top to bottom."""
    return [name_of(item) for item in tree(root) if item.role() == role]


def widget(root: QWidget, role: Role, name: str, kind: type[W] = QWidget) -> W:
    """The one widget with that role and name; `kind` is what it is expected to be."""
    found = [item for item in tree(root) if item.role() == role and name_of(item) == name]
    assert len(found) == 1, f"{len(found)} × {role.name} “{name}”; there are {names(root, role)}"
    made = found[0].object()
    assert isinstance(made, kind), f"“{name}” is a {type(made).__name__}"
    return made


def press(root: QWidget, role: Role, name: str) -> None:
    """Presses the button with that role and name, as the space bar does."""
    button = widget(root, role, name, QAbstractButton)
    assert button.isEnabled(), f"“{name}” cannot be pressed"
    button.click()


def toggle(root: QWidget, role: Role, name: str) -> None:
    """Switches what can be checked as a screen reader does, which is not a click."""
    QAccessible.queryAccessibleInterface(widget(root, role, name)).actionInterface().doAction("Toggle")


def labelled(root: QWidget, name: str) -> QComboBox:
    """The drop-down whose label says `name`: its own name is its current text."""
    for combo in root.findChildren(QComboBox):
        if combo.isVisible() and name in _labels_of(combo):
            return combo
    raise AssertionError(f"no drop-down is labelled “{name}”")


def choose(root: QWidget, name: str, text: str) -> None:
    """Chooses `text` in the drop-down labelled `name`, as a person does: it counts as an act of theirs."""
    combo = labelled(root, name)
    place = combo.findText(text)
    assert place >= 0, f"“{text}” is not in {[combo.itemText(i) for i in range(combo.count())]}"
    combo.setCurrentIndex(place)
    combo.activated.emit(place)


def unnamed(root: QWidget) -> list[str]:
    """What the keyboard can reach although nobody can tell what it is."""
    return [
        f"{item.role().name} {type(item.object()).__name__}"
        for item in tree(root)
        if item.state().focusable and not _known(item)
    ]


def _known(item: QAccessibleInterface) -> bool:
    made = item.object()
    if isinstance(made, QComboBox):
        return bool(_labels_of(made))
    return bool(name_of(item))


def _labels_of(combo: QComboBox) -> list[str]:
    relations = QAccessible.queryAccessibleInterface(combo).relations(QAccessible.RelationFlag.Label)
    return [name_of(found).replace("&", "") for found, _ in relations]


def _below(item: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield item
    if isinstance(item.object(), QComboBox):
        return  # its list is not there until it is opened
    for place in range(item.childCount()):
        child = item.child(place)
        if child is not None and not child.state().invisible:
            yield from _below(child)
