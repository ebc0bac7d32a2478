"""The window's look, the same for each test."""

import pytest
from PySide6.QtWidgets import QApplication

from tact_desktop import theme
from tests.support.by_role import widget


@pytest.fixture(autouse=True)
def look(qapp: QApplication):
    theme.apply(qapp, theme.Scheme.LIGHT)
    yield
    theme.apply(qapp, theme.Scheme.LIGHT)


@pytest.fixture
def by_role():
    """by_role(root, role, name): the one control in sight with that role and name."""
    return widget
