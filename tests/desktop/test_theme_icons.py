import pytest
from PySide6.QtCore import QByteArray
from PySide6.QtSvg import QSvgRenderer

from tact_resources import path

ICONS = sorted(file.stem for file in path("icons/send.svg").parent.glob("*.svg"))


def test_a_missing_resource_is_an_error():
    with pytest.raises(FileNotFoundError):
        path("icons/none.svg")


@pytest.mark.parametrize("name", ICONS)
def test_every_icon_can_be_drawn_and_coloured(name: str):
    source = path(f"icons/{name}.svg").read_bytes()
    assert b"currentColor" in source
    assert QSvgRenderer(QByteArray(source)).isValid()


def test_the_licence_lies_beside_the_icons():
    assert "ISC License" in path("icons/LICENSE").read_text()
    assert QSvgRenderer(str(path("tact.svg"))).isValid()
