"""Every colour of the window, by role: a light and a dark palette, and the accents that tell profiles apart."""

from dataclasses import dataclass, replace

TEXT_CONTRAST_MIN = 4.5
MARK_CONTRAST_MIN = 3.0


@dataclass(frozen=True)
class Palette:
    """Colours as "#rrggbb", each named for its place, never for its hue."""

    dark: bool
    window: str
    """Behind conversations and cards."""
    pane: str
    """Behind lists, bars and the composer."""
    raised: str
    """Cards, menus, pop-ups."""
    field: str
    """Inside of an input on any tone."""
    field_line: str
    button: str
    """A button, pill or chip at rest, on any tone."""
    hover: str
    pressed: str
    selected: str
    hairline: str
    text: str
    text_quiet: str
    text_disabled: str
    accent: str
    """Fill of the one primary thing; `on_accent` is written on it."""
    accent_hover: str
    on_accent: str
    accent_text: str
    """The accent as text, line or mark on any surface."""
    accent_tint: str
    """A faint wash: held bubbles, chips."""
    bubble_own: str
    bubble_other: str
    on_bubble: str
    on_bubble_quiet: str
    presence_available: str
    presence_discreet: str
    presence_not_available: str
    presence_offline: str
    danger: str
    danger_fill: str
    danger_tint: str
    warning: str
    warning_tint: str
    ok: str
    badge: str
    on_badge: str
    tooltip: str
    on_tooltip: str
    shadow: str
    on_avatar: str
    avatars: tuple[str, ...]


AVATARS = ("#b5483d", "#a4581a", "#7c6a12", "#2f7a4c", "#18757f", "#2f69b5", "#6a56bd", "#a3458b")

LIGHT = Palette(
    dark=False,
    window="#edf1f5",
    pane="#ffffff",
    raised="#ffffff",
    field="#f4f6f8",
    field_line="#dde3e9",
    button="#edf1f5",
    hover="#f0f3f6",
    pressed="#e0e6ec",
    selected="#e3edf9",
    hairline="#e1e6eb",
    text="#17202a",
    text_quiet="#586573",
    text_disabled="#9aa5b1",
    accent="#2269c9",
    accent_hover="#1c5bb0",
    on_accent="#ffffff",
    accent_text="#1f62bd",
    accent_tint="#e9f1fb",
    bubble_own="#d9e8fb",
    bubble_other="#ffffff",
    on_bubble="#17202a",
    on_bubble_quiet="#506072",
    presence_available="#1c8a4c",
    presence_discreet="#ad6600",
    presence_not_available="#cb372d",
    presence_offline="#6b7785",
    danger="#b92c22",
    danger_fill="#c4352b",
    danger_tint="#fdeeec",
    warning="#8f5500",
    warning_tint="#fdf3de",
    ok="#1a7a44",
    badge="#2269c9",
    on_badge="#ffffff",
    tooltip="#2a333d",
    on_tooltip="#f2f5f8",
    shadow="#c9d2db",
    on_avatar="#ffffff",
    avatars=AVATARS,
)

DARK = Palette(
    dark=True,
    window="#0f151b",
    pane="#171e26",
    raised="#202933",
    field="#212a34",
    field_line="#2e3945",
    button="#2b3541",
    hover="#1f2832",
    pressed="#364250",
    selected="#22354c",
    hairline="#29333d",
    text="#e7ecf1",
    text_quiet="#9dabb9",
    text_disabled="#637080",
    accent="#2f6fc8",
    accent_hover="#2a66ba",
    on_accent="#ffffff",
    accent_text="#84b7f7",
    accent_tint="#16273b",
    bubble_own="#264a73",
    bubble_other="#202933",
    on_bubble="#eef2f6",
    on_bubble_quiet="#b3c3d3",
    presence_available="#4fc487",
    presence_discreet="#e2a846",
    presence_not_available="#f2786e",
    presence_offline="#93a0ad",
    danger="#f58b82",
    danger_fill="#bf3b32",
    danger_tint="#351d1e",
    warning="#e8b45c",
    warning_tint="#33291a",
    ok="#5fcb93",
    badge="#2f6fc8",
    on_badge="#ffffff",
    tooltip="#2d3845",
    on_tooltip="#eef2f6",
    shadow="#05080b",
    on_avatar="#ffffff",
    avatars=AVATARS,
)


@dataclass(frozen=True)
class _Accent:
    fill: str
    hover: str
    text: str
    tint: str
    selected: str
    bubble: str


# Blue is what LIGHT and DARK are born with; the others let a demo's windows be told apart at a glance.
_LIGHT_ACCENTS = (
    _Accent("#2269c9", "#1c5bb0", "#1f62bd", "#e9f1fb", "#e3edf9", "#d9e8fb"),
    _Accent("#0f766e", "#0b625b", "#0d6b64", "#e2f4f1", "#dcf1ee", "#cfece7"),
    _Accent("#7047c4", "#6039b0", "#673fba", "#f1ecfb", "#ece6f9", "#e5dbf8"),
    _Accent("#ae4a17", "#953d10", "#9c4013", "#fcefe6", "#fbeadf", "#fae0cf"),
    _Accent("#b3316d", "#9b285d", "#a52c64", "#fcebf3", "#fae4ee", "#f8d8e7"),
)
_DARK_ACCENTS = (
    _Accent("#2f6fc8", "#2a66ba", "#84b7f7", "#16273b", "#22354c", "#264a73"),
    _Accent("#15786f", "#126b63", "#5fcfc2", "#0f2c2b", "#17393a", "#17514d"),
    _Accent("#7650c8", "#6a46b8", "#bba0f7", "#261f3d", "#30294d", "#473679"),
    _Accent("#b3501f", "#a24718", "#f3a679", "#331f15", "#42291c", "#663519"),
    _Accent("#b83d76", "#a8356a", "#f39cc3", "#341a28", "#432233", "#692947"),
)
ACCENTS = len(_LIGHT_ACCENTS)


def with_accent(palette: Palette, index: int) -> Palette:
    """`palette` in the accent of profile `index`; any number does, they repeat after ACCENTS."""
    accent = (_DARK_ACCENTS if palette.dark else _LIGHT_ACCENTS)[index % ACCENTS]
    return replace(
        palette,
        accent=accent.fill,
        accent_hover=accent.hover,
        accent_text=accent.text,
        accent_tint=accent.tint,
        selected=accent.selected,
        bubble_own=accent.bubble,
        badge=accent.fill,
    )


def contrast(a: str, b: str) -> float:
    """The ratio of two colours' lightness, from 1 to 21, as WCAG 2 reckons it."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(a: str, b: str, share: float) -> str:
    """`a` with `share` (0 to 1) of `b` laid over it."""
    pairs = zip(_channels(a), _channels(b), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
