"""The look of the whole window: which palette is in force, and everything drawn from it.

Widgets name roles (`set_role(button, "primary")`, `palette().text_quiet`, `icon("send")`), never values.
"""

from collections.abc import Generator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from weakref import WeakSet

from PySide6.QtCore import QObject, QSize, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QAction, QFont, QGuiApplication, QIcon, QScreen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from tact_desktop.theme_icons import application_icon as application_icon
from tact_desktop.theme_icons import coloured_icon, scales, write_coloured
from tact_desktop.theme_palettes import DARK, LIGHT, Palette, with_accent
from tact_desktop.theme_palettes import contrast as contrast
from tact_desktop.theme_palettes import mix as mix
from tact_desktop.theme_sizes import AVATAR as AVATAR
from tact_desktop.theme_sizes import BUBBLE_COLUMNS_MAX as BUBBLE_COLUMNS_MAX
from tact_desktop.theme_sizes import CONTROL_HEIGHT as CONTROL_HEIGHT
from tact_desktop.theme_sizes import FONT_FOOT as FONT_FOOT
from tact_desktop.theme_sizes import FONT_TEXT as FONT_TEXT
from tact_desktop.theme_sizes import FONT_TITLE as FONT_TITLE
from tact_desktop.theme_sizes import ICON as ICON
from tact_desktop.theme_sizes import MOTION_MS as MOTION_MS
from tact_desktop.theme_sizes import PERSON_ROW_HEIGHT as PERSON_ROW_HEIGHT
from tact_desktop.theme_sizes import PILL_HEIGHT as PILL_HEIGHT
from tact_desktop.theme_sizes import RADIUS_BUBBLE as RADIUS_BUBBLE
from tact_desktop.theme_sizes import RADIUS_CONTROL as RADIUS_CONTROL
from tact_desktop.theme_sizes import SPACE_1 as SPACE_1
from tact_desktop.theme_sizes import SPACE_2 as SPACE_2
from tact_desktop.theme_sizes import SPACE_3 as SPACE_3
from tact_desktop.theme_sizes import SPACE_4 as SPACE_4
from tact_desktop.theme_sizes import UNDO_MS as UNDO_MS
from tact_desktop.theme_style import qt_palette, style_sheet

_ICON_NAME, _ICON_ROLE, _ICON_SIZE = "lineIcon", "lineIconRole", "lineIconSize"


class Scheme(Enum):
    """What Settings offers."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """Holds the palette in force and puts a new one over the whole application; `changed` follows each."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._scheme = Scheme.SYSTEM
        self._accent = 0
        self._palette = LIGHT
        self._drawn: Palette | None = None
        """What the icons are drawn in."""
        self._scales: tuple[float, ...] = ()
        """What scales they are drawn for."""
        self._calm: bool | None = None
        self._folder = QTemporaryDir()
        self._following = False

    def current(self) -> Palette:
        """The palette in force."""
        return self._palette

    def scheme(self) -> Scheme:
        """What was asked for; SYSTEM stays SYSTEM whatever the desktop says."""
        return self._scheme

    def set_scheme(self, scheme: Scheme) -> None:
        """Light, dark, or as the desktop has it, now and when it changes."""
        self._scheme = scheme
        self._follow_system()
        hints = QGuiApplication.styleHints()
        wanted = {Scheme.LIGHT: Qt.ColorScheme.Light, Scheme.DARK: Qt.ColorScheme.Dark}.get(scheme)
        if wanted is None:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(wanted)  # so that a title bar drawn by the desktop fits
        self._put_on()

    @contextmanager
    def undressed(self) -> Generator[None]:
        """Windows that are made inside are dressed at its end, each part once.

        Otherwise Qt dresses a part and all that stands in it anew for every widget that takes it in.
        """
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setStyleSheet("")
        try:
            yield
        finally:
            self._put_on()

    def set_reduced_motion(self, calm: bool | None) -> None:
        """True or False settles it; None asks the desktop."""
        self._calm = calm

    def reduced_motion(self) -> bool:
        """Whether to move nothing: so in tests, and where the desktop or the settings ask for it."""
        if self._calm is not None:
            return self._calm
        platform = QGuiApplication.platformName()
        if platform in ("offscreen", "minimal"):
            return True
        # Elsewhere Qt has no word from the desktop: without a platform theme it says "no effects" always.
        return platform == "windows" and not QApplication.isEffectEnabled(Qt.UIEffect.UI_General)

    def _follow_system(self) -> None:
        if not self._following:
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
            app = QGuiApplication.instance()
            assert isinstance(app, QGuiApplication), "there are colours of a desktop"
            for screen in QGuiApplication.screens():
                screen.geometryChanged.connect(self._screens_changed)
            app.screenAdded.connect(self._screen_added)
            self._following = True

    def _screen_added(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self._screens_changed)
        self._screens_changed()

    def _screens_changed(self) -> None:
        """What is drawn for the scales of the screens is drawn anew where there is another one."""
        if not {*scales()} <= {*self._scales}:
            self._scales = scales()
            _redraw_icons()
            self.changed.emit()

    def _system_changed(self) -> None:
        if self._scheme is Scheme.SYSTEM:
            self._put_on()

    def _wanted(self) -> Palette:
        dark = self._scheme is Scheme.DARK
        if self._scheme is Scheme.SYSTEM:
            dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return with_accent(DARK if dark else LIGHT, self._accent)

    def _put_on(self) -> None:
        self._palette = self._wanted()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            sheet = style_sheet(self._palette, self._image)
            if sheet == app.styleSheet():  # to put it on once more takes half a second, and changes nothing
                return
            app.setPalette(qt_palette(self._palette))
            app.setStyleSheet(sheet)
            if self._drawn != self._palette:
                self._drawn, self._scales = self._palette, scales()
                _redraw_icons()
        self.changed.emit()

    def _image(self, name: str, colour: str) -> str:
        return write_coloured(name, colour, Path(self._folder.path()))


_DRESSED = "tactDressed"
_icons: dict[tuple[str, str, int, Palette], QIcon] = {}
_iconed: WeakSet[QAbstractButton | QAction] = WeakSet()
_themes: list[Theme] = []


def theme() -> Theme:
    """The one theme of this process."""
    if not _themes:
        _themes.append(Theme())
    return _themes[0]


def apply(app: QApplication, scheme: Scheme, accent: int = 0) -> Theme:
    """Gives `app` Fusion, the palette of `scheme` in the accent of profile `accent`, and the style sheet."""
    if not app.property(_DRESSED):
        # Once: a second style would pull the first one out from under the widgets that use it.
        app.setStyle("Fusion")
        app.setFont(font())
        app.setWindowIcon(application_icon())
        app.setProperty(_DRESSED, True)
    current = theme()
    current._accent = accent  # pyright: ignore[reportPrivateUsage]  (set with the scheme, not put on twice)
    current.set_scheme(scheme)
    return current


def palette() -> Palette:
    """The palette in force."""
    return theme().current()


def reduced_motion() -> bool:
    """Whether to move nothing."""
    return theme().reduced_motion()


def font(size: float = FONT_TEXT, strong: bool = False) -> QFont:
    """The system's font at one of the three sizes; names and unread rows are `strong`."""
    made = QFont(QGuiApplication.font())
    screen = QGuiApplication.primaryScreen()
    # Pixel sizes are whole numbers in Qt; points are not.
    made.setPointSizeF(size * 72 / screen.logicalDotsPerInchY())
    made.setFeature(QFont.Tag("tnum"), 1)  # times stand under each other
    made.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return made


def icon(name: str, role: str = "text", size: int = ICON) -> QIcon:
    """The line icon `name` in the colour of a palette role; after `changed`, ask again or use `set_icon`."""
    colours = palette()
    key = (name, role, size, colours)
    if key not in _icons:
        _icons[key] = coloured_icon(name, getattr(colours, role), colours.text_disabled, size)
    return _icons[key]


def set_icon(target: QAbstractButton | QAction, name: str, role: str = "text", size: int = ICON) -> None:
    """Gives a button or action an icon that follows every change of palette."""
    target.setProperty(_ICON_NAME, name)
    target.setProperty(_ICON_ROLE, role)
    target.setProperty(_ICON_SIZE, size)
    _iconed.add(target)
    _put_icon(target)


def set_role(widget: QWidget, role: str, kind: str | None = None) -> None:
    """Chooses the rules of the style sheet for `widget`; `kind` tells variants of one role apart."""
    if (widget.property("role"), widget.property("kind")) == (role, kind):
        return  # to dress it anew would take long
    widget.setProperty("role", role)
    widget.setProperty("kind", kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _put_icon(target: QAbstractButton | QAction) -> None:
    name, role, size = (target.property(key) for key in (_ICON_NAME, _ICON_ROLE, _ICON_SIZE))
    target.setIcon(icon(name, role, size))
    if isinstance(target, QAbstractButton):
        target.setIconSize(QSize(size, size))


def _redraw_icons() -> None:
    """Only what asked for an icon is looked at: a wrapper made for a widget of Qt's own can outlive that widget."""
    _icons.clear()
    for target in tuple(_iconed):
        if isValid(target):
            _put_icon(target)
