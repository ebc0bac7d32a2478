"""The one style sheet, and the QPalette under it, made from a palette of roles."""

from collections.abc import Callable

from PySide6.QtGui import QColor, QPalette

from tact_desktop.theme_palettes import Palette
from tact_desktop.theme_sizes import CONTROL_HEIGHT, PILL_HEIGHT, RADIUS_BUBBLE, RADIUS_CONTROL

ImageOf = Callable[[str, str], str]
"""(icon name, colour) -> the path of a file with that icon in that colour; style sheets know only files."""


def qt_palette(p: Palette) -> QPalette:
    """What Fusion itself draws with, so that anything without a rule below still fits in."""
    roles = QPalette.ColorRole
    colours = {
        roles.Window: p.pane,
        roles.WindowText: p.text,
        roles.Base: p.pane,
        roles.AlternateBase: p.hover,
        roles.Text: p.text,
        roles.Button: p.button,
        roles.ButtonText: p.text,
        roles.BrightText: p.danger,
        roles.Highlight: p.accent,
        roles.HighlightedText: p.on_accent,
        roles.Accent: p.accent,
        roles.Link: p.accent_text,
        roles.LinkVisited: p.accent_text,
        roles.ToolTipBase: p.tooltip,
        roles.ToolTipText: p.on_tooltip,
        roles.PlaceholderText: p.text_quiet,
        roles.Light: p.raised,
        roles.Midlight: p.hover,
        roles.Mid: p.hairline,
        roles.Dark: p.field_line,
        roles.Shadow: p.shadow,
    }
    palette = QPalette()
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(p.text_disabled))
    return palette


def style_sheet(p: Palette, image: ImageOf) -> str:
    """All rules in the colours of `p`; widgets choose among them with the dynamic property `role`."""
    parts = (
        _surfaces(p),
        _buttons(p, image),
        _round_buttons(p),
        _fields(p, image),
        _quiet_lists(p),
        _choices(p, image),
        _lists(p),
        _frames(p),
    )
    return "\n".join(parts)


def _surfaces(p: Palette) -> str:
    return f"""
QMainWindow, QDialog {{ background: {p.window}; }}
QWidget[role="window"] {{ background: {p.window}; }}
QWidget[role="pane"] {{ background: {p.pane}; }}
QWidget[role="raised"] {{ background: {p.raised}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QFrame[role="hairline"] {{ background: {p.hairline}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="hairline-vertical"] {{ background: {p.hairline}; border: none; max-width: 1px; min-width: 1px; }}
QLabel {{ background: transparent; color: {p.text}; }}
QLabel:disabled {{ color: {p.text_disabled}; }}
QLabel[role="quiet"], QLabel[role="foot"], QLabel[role="heading"] {{ color: {p.text_quiet}; }}
QLabel[role="accent"] {{ color: {p.accent_text}; }}
QLabel[role="danger"] {{ color: {p.danger}; }}
QLabel[role="warning"] {{ color: {p.warning}; }}
QLabel[role="ok"] {{ color: {p.ok}; }}
QLabel[role="badge"] {{ background: {p.badge}; color: {p.on_badge}; border-radius: 9px; padding: 1px 6px; }}
QLabel[role="on-tooltip"] {{ color: {p.on_tooltip}; }}
QToolTip {{ background: {p.tooltip}; color: {p.on_tooltip}; border: none; padding: 5px 8px; }}
QSplitter::handle {{ background: {p.hairline}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QSplitter::handle:vertical {{ height: 1px; }}
QStatusBar {{ background: {p.pane}; color: {p.text_quiet}; border-top: 1px solid {p.hairline}; }}
QStatusBar::item {{ border: none; }}
QStatusBar QLabel {{ padding: 2px 8px; color: {p.text_quiet}; }}
QMenuBar {{ background: {p.pane}; color: {p.text}; border: none; padding: 2px 4px; }}
QMenuBar::item {{ background: transparent; padding: 5px 9px; border-radius: 6px; }}
QMenuBar::item:selected {{ background: {p.hover}; }}
QMenuBar::item:pressed {{ background: {p.pressed}; }}
"""


def _buttons(p: Palette, image: ImageOf) -> str:
    return f"""
QPushButton, QToolButton {{
    background: {p.button}; color: {p.text}; border: 2px solid transparent; border-radius: {RADIUS_CONTROL}px;
    padding: 0 12px; min-height: {CONTROL_HEIGHT - 4}px; outline: none;
}}
QPushButton:hover, QToolButton:hover {{ background: {p.pressed}; }}
QPushButton:pressed, QToolButton:pressed, QPushButton:open {{ background: {p.pressed}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {p.text_disabled}; background: {p.button}; }}
QPushButton:focus, QToolButton:focus {{ border-color: {p.accent_text}; }}
QPushButton::menu-indicator {{
    image: url("{image("chevron-down", p.text_quiet)}"); width: 14px; height: 14px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 6px;
}}
QToolButton::menu-indicator {{ image: none; }}
QPushButton[role="primary"] {{ background: {p.accent}; color: {p.on_accent}; font-weight: 600; padding: 0 16px; }}
QPushButton[role="primary"]:hover, QPushButton[role="primary"]:pressed {{ background: {p.accent_hover}; }}
QPushButton[role="primary"]:focus {{ border-color: {p.text}; }}
QPushButton[role="primary"]:disabled {{ background: {p.pressed}; color: {p.text_disabled}; }}
QPushButton[role="danger"] {{ background: {p.danger_tint}; color: {p.danger}; }}
QPushButton[role="danger"]:hover {{ background: {p.danger_fill}; color: {p.on_accent}; }}
QPushButton[role="danger"]:focus {{ border-color: {p.danger}; }}
QPushButton[role="quiet"], QToolButton {{ background: transparent; padding: 0 5px; }}
QPushButton[role="quiet"]:hover, QToolButton:hover {{ background: {p.hover}; }}
QPushButton[role="quiet"]:pressed, QToolButton:pressed {{ background: {p.pressed}; }}
QPushButton[role="quiet"]:checked, QToolButton:checked {{ background: {p.selected}; color: {p.accent_text}; }}
QPushButton[role="quiet"]:disabled, QToolButton:disabled {{ background: transparent; }}
QPushButton[role="link"] {{
    background: transparent; color: {p.accent_text}; padding: 0 4px; min-height: 20px; border-radius: 5px;
}}
QPushButton[role="link"]:hover {{ background: {p.accent_tint}; }}
QPushButton[role="link"]:disabled {{ color: {p.text_disabled}; }}
QPushButton[role="presence"] {{ background: transparent; padding: 0 22px 0 8px; }}
QPushButton[role="presence"]:hover {{ background: {p.hover}; }}
"""


def _round_buttons(p: Palette) -> str:
    return f"""
QPushButton[role="pill"] {{
    background: {p.button}; border: 2px solid transparent; border-radius: {PILL_HEIGHT // 2}px;
    padding: 0 10px; min-height: {PILL_HEIGHT - 4}px; max-height: {PILL_HEIGHT - 4}px;
}}
QPushButton[role="pill"]:hover {{ background: {p.pressed}; }}
QPushButton[role="pill"]:checked {{ background: {p.accent}; color: {p.on_accent}; font-weight: 600; }}
QPushButton[role="pill"][kind="chosen"] {{ background: {p.accent}; color: {p.on_accent}; font-weight: 600; }}
QPushButton[role="day"] {{ padding: 0; border-radius: {RADIUS_CONTROL}px; }}
QPushButton[role="day"]:checked {{ background: {p.selected}; color: {p.accent_text}; font-weight: 600; }}
QPushButton[role="pill"]:disabled {{ color: {p.text_disabled}; background: transparent; }}
QPushButton[role="pill"]:checked:disabled {{ background: {p.pressed}; }}
QPushButton[role="pill"]:focus {{ border-color: {p.accent_text}; }}
QPushButton[role="pill"]:checked:focus {{ border-color: {p.text}; }}
QPushButton[role="jump"] {{
    background: {p.raised}; color: {p.accent_text}; font-weight: 600; border: 1px solid {p.hairline};
    border-radius: 18px; padding: 0 7px; min-height: 34px; max-height: 34px; min-width: 20px;
}}
QPushButton[role="jump"]:hover {{ background: {p.hover}; }}
QPushButton[role="jump"]:focus {{
    border: 2px solid {p.accent_text}; padding: 0 6px; min-height: 32px; max-height: 32px;
}}
QPushButton[role="toast"] {{
    background: transparent; color: {p.on_tooltip}; font-weight: 600; text-decoration: underline; min-height: 26px;
}}
QPushButton[role="toast"]:hover {{ background: {p.accent}; color: {p.on_accent}; }}
QPushButton[role="toast"]:focus {{ border-color: {p.on_tooltip}; }}
"""


def _fields(p: Palette, image: ImageOf) -> str:
    boxes = "QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractSpinBox"
    focused = ", ".join(f"{box}:focus" for box in boxes.split(", "))
    disabled = ", ".join(f"{box}:disabled" for box in boxes.split(", "))
    return f"""
{boxes} {{
    background: {p.field}; color: {p.text}; border: 1px solid {p.field_line}; border-radius: {RADIUS_CONTROL}px;
    padding: 1px 9px; selection-background-color: {p.accent}; selection-color: {p.on_accent};
}}
QLineEdit, QComboBox, QAbstractSpinBox {{ min-height: {CONTROL_HEIGHT - 4}px; }}
QTextEdit, QPlainTextEdit {{ padding: 4px 6px; }}
{focused} {{ border: 2px solid {p.accent_text}; padding: 0 8px; }}
QTextEdit:focus, QPlainTextEdit:focus {{ padding: 3px 5px; }}
QPlainTextEdit[role="composer"] {{ border-radius: 18px; padding: 2px 10px; }}
QPlainTextEdit[role="composer"]:focus {{ padding: 1px 9px; }}
QLineEdit[role="search"] {{ border-radius: {CONTROL_HEIGHT // 2}px; }}
QLineEdit[invalid="true"] {{ border: 2px solid {p.danger}; padding: 0 8px; }}
{disabled} {{ color: {p.text_disabled}; }}
QLineEdit QToolButton {{ border: none; padding: 0; min-height: 0; background: transparent; }}
QAbstractSpinBox QLineEdit {{ background: transparent; border: none; padding: 0; min-height: 0; }}
QComboBox {{ padding-right: 4px; combobox-popup: 0; }}
QComboBox:focus {{ padding-right: 3px; }}
QComboBox:hover {{ background: {p.hover}; }}
QComboBox::drop-down {{ border: none; width: 24px; }}
QComboBox::down-arrow {{ image: url("{image("chevron-down", p.text_quiet)}"); width: 16px; height: 16px; }}
QComboBox QAbstractItemView {{
    background: {p.raised}; color: {p.text}; border: 1px solid {p.hairline}; padding: 4px; outline: none;
    selection-background-color: {p.selected}; selection-color: {p.text};
}}
QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 8px; border-radius: 6px; }}
QComboBox QAbstractItemView::item:disabled {{ color: {p.text_disabled}; }}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{
    background: transparent; border: none; width: 26px; border-radius: 6px; subcontrol-origin: padding; margin: 2px;
}}
QAbstractSpinBox::up-button {{ subcontrol-position: center right; }}
QAbstractSpinBox::down-button {{ subcontrol-position: center left; }}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {p.pressed}; }}
QAbstractSpinBox::up-arrow {{ image: url("{image("plus", p.text_quiet)}"); width: 14px; height: 14px; }}
QAbstractSpinBox::down-arrow {{ image: url("{image("minus", p.text_quiet)}"); width: 14px; height: 14px; }}
QDateTimeEdit[calendarPopup="true"]::drop-down {{
    background: transparent; border: none; width: 24px; subcontrol-origin: padding; subcontrol-position: center right;
}}
QDateTimeEdit[calendarPopup="true"]::down-arrow {{
    image: url("{image("calendar", p.text_quiet)}"); width: 16px; height: 16px;
}}
QCalendarWidget QWidget {{ alternate-background-color: {p.raised}; background: {p.raised}; }}
QCalendarWidget QToolButton {{ font-weight: 600; min-height: 26px; }}
QCalendarWidget QAbstractItemView {{
    selection-background-color: {p.accent}; selection-color: {p.on_accent}; outline: none; border: none;
}}
"""


def _quiet_lists(p: Palette) -> str:
    """Drop-downs that are part of a line of words."""
    return f"""
QComboBox[role="quiet"] {{ background: transparent; border-color: transparent; padding-left: 4px; }}
QComboBox[role="quiet"]:focus {{ border-color: {p.accent_text}; padding-left: 3px; }}
QComboBox[role="quiet"]:hover {{ background: {p.hover}; }}
"""


def _choices(p: Palette, image: ImageOf) -> str:
    return f"""
QCheckBox, QRadioButton {{
    background: transparent; color: {p.text}; spacing: 8px; padding: 3px; border: 2px solid transparent;
    border-radius: 6px; outline: none;
}}
QCheckBox:focus, QRadioButton:focus {{ border-color: {p.accent_text}; }}
QCheckBox:disabled, QRadioButton:disabled {{ color: {p.text_disabled}; }}
QCheckBox::indicator, QRadioButton::indicator {{
    width: 16px; height: 16px; border: 1px solid {p.text_quiet}; background: {p.field};
}}
QCheckBox::indicator {{ border-radius: 5px; }}
QRadioButton::indicator {{ border-radius: 9px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {p.accent_text}; }}
QCheckBox::indicator:checked {{
    background: {p.accent}; border-color: {p.accent}; image: url("{image("check", p.on_accent)}");
}}
QCheckBox::indicator:indeterminate {{
    background: {p.accent}; border-color: {p.accent}; image: url("{image("minus", p.on_accent)}");
}}
QRadioButton::indicator:checked {{ width: 8px; height: 8px; border: 5px solid {p.accent}; background: {p.on_accent}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {p.text_disabled}; }}
QMenu {{ background: {p.raised}; color: {p.text}; border: 1px solid {p.hairline}; padding: 5px; }}
QMenu::item {{ padding: 6px 22px 6px 8px; border-radius: 6px; }}
QMenu::item:selected {{ background: {p.selected}; }}
QMenu::item:disabled {{ color: {p.text_disabled}; background: transparent; }}
QMenu::icon {{ padding-left: 6px; }}
QMenu::separator {{ height: 1px; background: {p.hairline}; margin: 5px 8px; }}
QMenu::right-arrow {{ image: url("{image("chevron-right", p.text_quiet)}"); width: 14px; height: 14px; right: 6px; }}
QMenu::indicator {{ width: 14px; height: 14px; left: 6px; }}
QMenu::indicator:checked {{ image: url("{image("check", p.accent_text)}"); }}
QTabWidget::pane {{ border: none; }}
QTabBar {{ background: transparent; border: none; }}
QTabBar::tab {{
    background: transparent; color: {p.text_quiet}; border: 2px solid transparent; padding: 6px 12px;
    border-radius: {RADIUS_CONTROL}px;
}}
QTabBar::tab:hover {{ background: {p.hover}; }}
QTabBar::tab:selected {{ background: {p.selected}; color: {p.accent_text}; }}
QTabBar::tab:focus {{ border-color: {p.accent_text}; }}
"""


def _lists(p: Palette) -> str:
    return f"""
QAbstractItemView {{ background: {p.pane}; color: {p.text}; border: none; outline: none; }}
QListView[role="conversation"] {{ background: {p.window}; }}
QListView::item, QTreeView::item {{ border: none; padding: 4px 8px; border-radius: 6px; color: {p.text}; }}
QListView::item:hover, QTreeView::item:hover {{ background: {p.hover}; }}
QListView::item:selected, QTreeView::item:selected {{ background: {p.selected}; color: {p.text}; }}
QHeaderView::section {{
    background: {p.pane}; color: {p.text_quiet}; border: none; border-bottom: 1px solid {p.hairline}; padding: 6px 8px;
}}
QScrollBar {{ background: transparent; border: none; margin: 0; }}
QScrollBar:vertical {{ width: 10px; }}
QScrollBar:horizontal {{ height: 10px; }}
QScrollBar::handle {{ background: {p.text_disabled}; border-radius: 3px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 36px; }}
QScrollBar::handle:horizontal {{ min-width: 36px; }}
QScrollBar::handle:hover {{ background: {p.text_quiet}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {p.pressed}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }}
QProgressBar::chunk {{ background: {p.accent_text}; border-radius: 2px; }}
"""


def _frames(p: Palette) -> str:
    return f"""
QFrame[role="card"] {{
    background: {p.raised}; border: 2px solid transparent; border-radius: {RADIUS_BUBBLE}px;
}}
QFrame[role="card"]:hover {{ background: {p.raised}; }}
QFrame[role="card"]:focus {{ border-color: {p.accent_text}; }}
QFrame[role="card"][kind="danger"] {{ background: {p.danger_tint}; }}
QFrame[role="chip"] {{ background: {p.button}; border: none; border-radius: 11px; }}
QFrame[role="popover"] {{
    background: {p.raised}; border: 1px solid {p.hairline}; border-radius: {RADIUS_BUBBLE}px;
}}
QFrame[role="banner"] {{ background: {p.accent_tint}; border: none; border-radius: {RADIUS_CONTROL}px; }}
QFrame[role="banner"][kind="warning"] {{ background: {p.warning_tint}; }}
QFrame[role="banner"][kind="danger"] {{ background: {p.danger_tint}; }}
QFrame[role="banner"] QPushButton {{ background: {p.pane}; }}
QFrame[role="banner"] QPushButton[role="quiet"] {{ background: transparent; }}
QFrame[role="banner"] QPushButton:hover {{ background: {p.hover}; }}
QFrame[role="toast"] {{ background: {p.tooltip}; border: none; border-radius: {RADIUS_BUBBLE}px; }}
"""
