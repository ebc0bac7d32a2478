"""What people write is shown as plain text: one module makes the widgets that could show more, one opens links.

Each rule is a function that finds the lines of a module which break it, and PLANTED shows that it does.
"""

import ast
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from tests.support.house import Source, names, sources

TEXT = "desktop/tact_desktop/widgets/text.py"
OPENING = "desktop/tact_desktop/opening.py"
THEME = "desktop/tact_desktop/theme.py"
MENUS = "desktop/tact_desktop/menus.py"
"""Its words are all our own, and their "&" is meant."""
DEMO = "desktop/tact_desktop/demo/"
"""Shows nothing but what it says itself."""
WORDS_FOR_TITLES = {"title_text", "window_title"}

RICH = {
    *(
        "setHtml",
        "setMarkdown",
        "insertHtml",
        "insertMarkdown",
        "appendHtml",
        "toHtml",
        "fromHtml",
        "setTextFormat",
    ),
    *("AutoText", "RichText", "MarkdownText", "setDefaultStyleSheet", "mightBeRichText", "addResource"),
    *(
        "setOpenExternalLinks",
        "setOpenLinks",
        "linkActivated",
        "anchorClicked",
        "setWhatsThis",
        "showMessage",
    ),
}
"""What makes markup of a text, follows links by itself, or guesses."""
RICH_CLASSES = {
    *(
        "QTextDocument",
        "QTextBrowser",
        "QTextEdit",
        "QGraphicsTextItem",
        "QStaticText",
        "QWhatsThis",
        "QErrorMessage",
    ),
    *(
        "QProgressDialog",
        "QInputDialog",
        "QWizard",
        "QWizardPage",
        "QSplashScreen",
        "QWebEngineView",
        "QWebEnginePage",
    ),
}
GUESSING = {"QLabel", "QMessageBox"}
"""They take a text for HTML when it looks like it."""
ENUMERATIONS = {"ButtonRole", "StandardButton", "Icon"}
BUTTONS = {
    "QPushButton",
    "QCheckBox",
    "QRadioButton",
    "QToolButton",
    "QCommandLinkButton",
    "QAction",
    "QGroupBox",
}
ENTRIES = {"addAction", "addMenu", "addSection", "insertAction"}
TABS = {"addTab", "insertTab", "setTabText"}
"""Their text comes last."""
SAFE = {"button_text"}
OPENERS = {"QDesktopServices", "webbrowser", "startfile", "openUrl"}

WINDOW = sources("desktop/tact_desktop")

Rule = Callable[[Source], Iterator[ast.AST]]


def rich_text(source: Source) -> Iterator[ast.AST]:
    """Nothing is markup, and no widget follows links by itself."""
    if source.path != TEXT:
        yield from _named(source, RICH, RICH_CLASSES)


def guessing_widget(source: Source) -> Iterator[ast.AST]:
    """Labels and message boxes are made in one place; elsewhere they are named as types only."""
    if source.path != TEXT:
        for node in _nodes(source):
            made = (
                [node.func]
                if isinstance(node, ast.Call)
                else node.bases
                if isinstance(node, ast.ClassDef)
                else []
            )
            if any(GUESSING & set(_last(part)) for part in made):
                yield node
            elif (
                isinstance(node, ast.Attribute)
                and GUESSING & set(_last(node.value))
                and node.attr not in ENUMERATIONS
            ):
                yield node  # QMessageBox.about(…) and its like


def plain_text_format(source: Source) -> Iterator[ast.AST]:
    """Where the format is set, it is that of plain text."""
    for call, name in _calls(source):
        if name == "setTextFormat" and "PlainText" not in names(call):
            yield call


def opening(source: Source) -> Iterator[ast.AST]:
    """One function hands addresses to the desktop."""
    if source.path != OPENING:
        yield from _named(source, OPENERS, OPENERS)


def tool_tip(source: Source) -> Iterator[ast.AST]:
    """A tool tip is guessed to be HTML, so what is in it is escaped."""
    through = {"plain_tooltip"}
    for call, name in _calls(source):
        place = {"setToolTip": 0, "setStatusTip": 0, "showText": 1}.get(name)
        if place is not None and not _is(call.args[place], through, source):
            yield call
    if "ToolTipRole" not in source.text:
        return
    for node in _nodes(source):
        if isinstance(node, ast.Call) and any("ToolTipRole" in names(each) for each in node.args):
            if not any(_is(argument, through) for argument in node.args):
                yield node
        elif isinstance(node, ast.match_case) and "ToolTipRole" in names(node.pattern):
            given = [each for part in node.body for each in ast.walk(part) if isinstance(each, ast.Return)]
            yield from (each for each in given if each.value and not _is(each.value, through))


def button(source: Source) -> Iterator[ast.AST]:
    """On a button and in a menu one "&" makes a key: what is no word of our own goes through `button_text`."""
    if source.path == MENUS or source.path.startswith(DEMO):
        return
    kept = set(_buttons_kept(source))
    for call, name in _calls(source):
        said = call.args[-1 if name in TABS else 0] if call.args else None
        on_button = (
            name == "setText"
            and isinstance(call.func, ast.Attribute)
            and ast.unparse(call.func.value) in kept
        )
        in_box = name == "addButton" and len(call.args) > 1  # a group of buttons takes one alone
        if (
            said is not None
            and (name in BUTTONS | ENTRIES | TABS or on_button or in_box)
            and not _is_own_word(said, SAFE)
        ):
            yield call
    for made in (node for node in _nodes(source) if isinstance(node, ast.ClassDef)):
        if any(BUTTONS & set(_last(base)) for base in made.bases):
            for call in (node for node in ast.walk(made) if isinstance(node, ast.Call) and node.args):
                own = ast.unparse(call.func) in ("self.setText", "super().__init__")
                if own and not _is_own_word(call.args[0], SAFE):
                    yield call


def title(source: Source) -> Iterator[ast.AST]:
    """In the title of a window "[*]" is a mark."""
    for call, name in _calls(source):
        if name == "setWindowTitle" and not _is_own_word(call.args[0], WORDS_FOR_TITLES):
            yield call


def style(source: Source) -> Iterator[ast.AST]:
    """Only the theme writes style sheets, in which a name would be read as rules."""
    if source.path != THEME:
        yield from (call for call, name in _calls(source) if name == "setStyleSheet")


RULES: tuple[Rule, ...] = (
    rich_text,
    guessing_widget,
    plain_text_format,
    opening,
    tool_tip,
    button,
    title,
    style,
)
PLANTED: tuple[tuple[Rule, str], ...] = (
    *((rich_text, f"field.{name}(text)") for name in sorted(RICH - {"AutoText", "RichText", "MarkdownText"})),
    *(
        (rich_text, f"label.setTextFormat(Qt.TextFormat.{name})")
        for name in ("AutoText", "RichText", "MarkdownText")
    ),
    *((rich_text, f"from PySide6.QtWidgets import {name}") for name in sorted(RICH_CLASSES)),
    (guessing_widget, "QLabel(name)"),
    (guessing_widget, "QtWidgets.QLabel()"),
    (guessing_widget, "QMessageBox(window)"),
    (guessing_widget, "class Name(QLabel): ..."),
    (guessing_widget, "QMessageBox.about(window, title, text)"),
    (guessing_widget, "QMessageBox.question(window, title, text)"),
    (plain_text_format, "box.setTextFormat(how)"),
    (opening, "from PySide6.QtGui import QDesktopServices"),
    (opening, "QtGui.QDesktopServices.openUrl(url)"),
    (opening, "import webbrowser"),
    (opening, "os.startfile(path)"),
    (tool_tip, "label.setToolTip(name)"),
    (tool_tip, 'label.setToolTip(f"{name}")'),
    (tool_tip, 'label.setToolTip(name if cut else "")'),
    (tool_tip, "QToolTip.showText(at, name, view)"),
    (tool_tip, "item.setData(Qt.ItemDataRole.ToolTipRole, name)"),
    (tool_tip, "match role:\n  case Qt.ItemDataRole.ToolTipRole:\n    return row.name"),
    (button, "QPushButton(name)"),
    (button, 'QAction(f"Write to {name}", menu)'),
    (button, "menu.addAction(name)"),
    (button, "menu.addMenu(person.name)"),
    (button, "tabs.addTab(page, person.name)"),
    (button, "tabs.setTabText(0, person.name)"),
    (button, "self._go = QPushButton()\nself._go.setText(name)"),
    (button, "self._a, self._b = QLineEdit(), QCheckBox(words.SAVE)\nself._b.setText(words.said(name))"),
    (button, "class Pill(QPushButton):\n  def show(self, name):\n    self.setText(name)"),
    (button, "class Pill(QPushButton):\n  def __init__(self, name):\n    super().__init__(name)"),
    (title, "window.setWindowTitle(name)"),
    (title, 'window.setWindowTitle(f"Tact — {name}")'),
    (style, 'label.setStyleSheet(f"color: {name}")'),
)
ALLOWED = """
label.setTextFormat
made = label(name)
def head(title: QLabel) -> QMessageBox: ...
role = QMessageBox.ButtonRole.AcceptRole
widget.setToolTip("")
widget.setToolTip(plain_tooltip(name))
widget.setToolTip("" if whole else plain_tooltip(name))
text = plain_tooltip(name) if link else ""
QToolTip.showText(at, text, view)
QPushButton()
QPushButton(words.SAVE)
QPushButton(words.AGAIN if item.alert else words.SEND)
QPushButton(LETTERS[number])
QPushButton(button_text(name), parent)
menu.addAction(action)
tabs.addTab(page, button_text(name))
field.addAction(QIcon(), place)
box.addButton(words.STOP, QMessageBox.ButtonRole.AcceptRole)
self._line.setText(name)
window.setWindowTitle(words.PRIVACY)
window.setWindowTitle(title_text(name))
match role:
    case Qt.ItemDataRole.ToolTipRole:
        return plain_tooltip(row.name)
"""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_what_is_shown_is_plain_text(rule: Rule):
    found = [f"{source.path}:{getattr(node, 'lineno', 0)}" for source in WINDOW for node in rule(source)]
    assert found == []


@pytest.mark.parametrize(("rule", "text"), PLANTED, ids=lambda given: getattr(given, "__name__", None))
def test_each_rule_finds_what_breaks_it(rule: Rule, text: str):
    assert list(rule(Source("desktop/tact_desktop/panels/planted.py", text)))


def test_what_keeps_the_rules_is_left_in_peace():
    source = Source("desktop/tact_desktop/panels/planted.py", ALLOWED.replace("label.setTextFormat\n", ""))
    assert [ast.unparse(node) for rule in RULES for node in rule(source)] == []


@cache
def _nodes(source: Source) -> list[ast.AST]:
    return list(ast.walk(source.tree))


def _calls(source: Source) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the last part of the name that it calls."""
    for node in _nodes(source):
        if isinstance(node, ast.Call):
            for name in _last(node.func):
                yield node, name


def _named(source: Source, attributes: set[str], imported: set[str]) -> Iterator[ast.AST]:
    """Where one of these is used or imported."""
    for node in _nodes(source):
        name = node.attr if isinstance(node, ast.Attribute) else ""
        if name in attributes or (isinstance(node, ast.alias) and node.name in imported):
            yield node


def _last(node: ast.AST) -> list[str]:
    """The last part of a dotted name."""
    if isinstance(node, ast.Name):
        return [node.id]
    return [node.attr] if isinstance(node, ast.Attribute) else []


def _is(node: ast.AST, through: set[str], source: Source | None = None) -> bool:
    """Whether a text is "", or comes out of one of the functions `through`, here or where it was given its name."""
    if isinstance(node, ast.IfExp):
        return _is(node.body, through, source) and _is(node.orelse, through, source)
    if isinstance(node, ast.Name) and source is not None:
        given = [
            made.value
            for made in _nodes(source)
            if isinstance(made, ast.Assign) and any(_last(target) == [node.id] for target in made.targets)
        ]
        return bool(given) and all(_is(each, through) for each in given)
    if isinstance(node, ast.Call):
        return bool(through & set(_last(node.func)))
    return isinstance(node, ast.Constant) and node.value == ""


def _is_own_word(node: ast.AST, through: set[str]) -> bool:
    """Whether a text is written down in the source, in CAPITALS there, or comes out of `through`."""
    match node:
        case ast.Constant():
            return True
        case ast.IfExp():
            return _is_own_word(node.body, through) and _is_own_word(node.orelse, through)
        case ast.Subscript():
            return _is_own_word(node.value, through)
        case ast.Name() | ast.Attribute():
            (name,) = _last(node)
            return name.isupper() or name in ("action", "self", "parent")  # the last three are no texts
        case ast.Call():
            return bool((through | {"QIcon"}) & set(_last(node.func)))
        case _:
            return False


def _buttons_kept(source: Source) -> Iterator[str]:
    """Where a module keeps the buttons that it makes."""
    for node in _nodes(source):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                pairs = [(target, node.value)]
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    pairs = list(zip(target.elts, node.value.elts, strict=False))
                for place, value in pairs:
                    if isinstance(value, ast.Call) and BUTTONS & set(_last(value.func)):
                        yield ast.unparse(place)
