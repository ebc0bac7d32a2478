import pytest

from tact_desktop.theme_palettes import LIGHT
from tact_desktop.widgets.avatar import Avatar, avatar_colour, initials
from tact_desktop.widgets.presence_glyph import Glyph


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Bob Okafor", "BO"),
        ("Xu", "X"),
        ("Ana de la Cruz", "AC"),
        ("山田", "山"),
        ("\u2068דנה כהן\u2069", "דכ"),
        ("“Bob” Smith", "S"),
        (" ", "?"),
    ],
)
def test_initials(name: str, letters: str):
    assert initials(name) == letters


def test_the_colour_belongs_to_the_handle():
    assert avatar_colour("bob", LIGHT) == avatar_colour("BOB", LIGHT)
    assert len({avatar_colour(handle, LIGHT) for handle in "abcdefghijkl"}) > 3


def test_a_screen_reader_hears_who_and_how(qtbot):
    avatar = Avatar()
    qtbot.addWidget(avatar)
    avatar.set_person("bob", "Bob Okafor", Glyph.AVAILABLE, "available")
    assert avatar.accessibleName() == "Bob Okafor, available"
    assert not avatar.grab().isNull()
