import pytest
from PySide6.QtWidgets import QApplication, QPushButton

from tact_desktop import theme, theme_icons
from tact_desktop.theme_palettes import (
    ACCENTS,
    DARK,
    LIGHT,
    MARK_CONTRAST_MIN,
    TEXT_CONTRAST_MIN,
    Palette,
    with_accent,
)

SURFACES = ("window", "pane", "raised", "field", "button", "hover", "selected")
TEXT_PAIRS = [
    *(("text", surface) for surface in (*SURFACES, "pressed", "accent_tint", "danger_tint", "warning_tint")),
    *(("text_quiet", surface) for surface in (*SURFACES, "accent_tint", "danger_tint")),
    *(("accent_text", surface) for surface in ("window", "pane", "raised", "selected", "accent_tint")),
    *(("danger", surface) for surface in ("window", "pane", "raised", "danger_tint")),
    *(("warning", surface) for surface in ("pane", "raised", "warning_tint")),
    *(("ok", surface) for surface in ("pane", "raised")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "danger_fill"),
    ("on_badge", "badge"),
    ("on_tooltip", "tooltip"),
    *(
        (text, bubble)
        for text in ("on_bubble", "on_bubble_quiet")
        for bubble in ("bubble_own", "bubble_other")
    ),
    ("on_bubble_quiet", "accent_tint"),
    ("on_bubble", "warning_tint"),
]
MARK_PAIRS = [
    *(
        (f"presence_{presence}", surface)
        for presence in ("available", "discreet", "not_available", "offline")
        for surface in ("window", "pane", "raised", "hover", "selected")
    ),
    *(("accent_text", surface) for surface in SURFACES),
    *((mark, "button") for mark in ("ok", "warning", "text_quiet")),
    ("danger", "danger_tint"),
]
PALETTES = {
    f"{'dark' if palette.dark else 'light'}-{index}": with_accent(palette, index)
    for palette in (LIGHT, DARK)
    for index in range(ACCENTS)
}


@pytest.fixture(autouse=True)
def light_again(qapp: QApplication):
    theme.apply(qapp, theme.Scheme.LIGHT)
    yield
    theme.apply(qapp, theme.Scheme.LIGHT)


@pytest.mark.parametrize("palette", PALETTES.values(), ids=PALETTES)
def test_text_can_be_read_and_marks_can_be_seen(palette: Palette):
    faint = [
        (front, back, round(theme.contrast(getattr(palette, front), getattr(palette, back)), 2))
        for pairs, least in ((TEXT_PAIRS, TEXT_CONTRAST_MIN), (MARK_PAIRS, MARK_CONTRAST_MIN))
        for front, back in pairs
        if theme.contrast(getattr(palette, front), getattr(palette, back)) < least
    ]
    faint += [avatar for avatar in palette.avatars if theme.contrast(palette.on_avatar, avatar) < 4.5]
    assert faint == []


def test_contrast_is_that_of_wcag():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_accent_zero_changes_nothing_and_accents_repeat():
    assert with_accent(LIGHT, 0) == LIGHT
    assert with_accent(DARK, 0) == DARK
    assert with_accent(LIGHT, ACCENTS + 1) == with_accent(LIGHT, 1)


def test_a_scheme_puts_its_palette_on_and_tells(qapp: QApplication, qtbot):
    with qtbot.waitSignal(theme.theme().changed):
        theme.apply(qapp, theme.Scheme.DARK, accent=2)
    assert theme.palette() == with_accent(DARK, 2)
    assert qapp.palette().window().color().name() == DARK.pane
    assert theme.palette().accent in qapp.styleSheet()


def test_an_icon_on_a_button_follows_the_palette(qapp: QApplication, qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    theme.set_icon(button, "send")
    light = darkest(button)
    theme.apply(qapp, theme.Scheme.DARK)
    assert light < 60
    assert darkest(button) > 180


def test_a_role_of_a_widget_changes_its_look(qtbot):
    button = QPushButton("Send")
    qtbot.addWidget(button)
    button.show()
    theme.set_role(button, "primary")
    colours = {button.grab().toImage().pixelColor(12, y).name() for y in range(4, 10)}
    assert theme.palette().accent in colours


def test_nothing_moves_in_tests_unless_asked_to():
    assert theme.reduced_motion()
    theme.theme().set_reduced_motion(False)
    assert not theme.reduced_motion()
    theme.theme().set_reduced_motion(None)


def darkest(button: QPushButton) -> int:
    """The lightness of the strongest pixel of the button's icon."""
    image = button.icon().pixmap(button.iconSize(), 1.0).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda colour: colour.alpha()).lightness()


def test_the_same_look_is_put_on_once(qtbot):
    with qtbot.assertNotEmitted(theme.theme().changed):
        theme.theme().set_scheme(theme.Scheme.LIGHT)
    with qtbot.waitSignal(theme.theme().changed):
        theme.theme().set_scheme(theme.Scheme.DARK)


def test_what_is_made_undressed_is_dressed_at_the_end(qapp, qtbot):
    with theme.theme().undressed():
        assert qapp.styleSheet() == ""
        button = QPushButton("Send")
        qtbot.addWidget(button)
        plain = button.sizeHint()
        theme.set_role(button, "primary")
    assert qapp.styleSheet()
    dressed = QPushButton("Send")
    qtbot.addWidget(dressed)
    theme.set_role(dressed, "primary")
    assert button.sizeHint() == dressed.sizeHint() != plain


def test_it_is_dressed_also_where_making_it_fails(qapp):
    def fail():
        with theme.theme().undressed():
            raise RuntimeError("no window")

    with pytest.raises(RuntimeError, match="no window"):
        fail()
    assert qapp.styleSheet()


def test_icons_are_drawn_for_a_screen_of_another_scale_once_there_is_one(
    qapp: QApplication, qtbot, monkeypatch
):
    theme.apply(qapp, theme.Scheme.LIGHT)
    button = QPushButton()
    qtbot.addWidget(button)
    theme.set_icon(button, "send")
    assert pixels(button, 3.0) < 3 * theme.ICON
    for module in (theme, theme_icons):
        monkeypatch.setattr(module, "scales", lambda: (1.0, 3.0))
    screen = qapp.primaryScreen()
    with qtbot.waitSignal(theme.theme().changed):
        screen.geometryChanged.emit(screen.geometry())
    assert pixels(button, 3.0) == 3 * theme.ICON
    with qtbot.assertNotEmitted(theme.theme().changed):
        screen.geometryChanged.emit(screen.geometry())


def pixels(button: QPushButton, scale: float) -> int:
    """How wide the picture is that the button's icon has for a screen of that scale."""
    return button.icon().pixmap(button.iconSize(), scale).width()
