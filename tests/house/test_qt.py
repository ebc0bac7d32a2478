"""The Qt that is installed is one that Tact can trust."""

import subprocess
import sys
from importlib.metadata import version

from tests.support.house import clean_environment

# Some releases lost a reference to None with each call that returns nothing, until the process died.
MANY_CALLS = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel()
for number in range(10_000):
    label.setText(str(number))
"""


def test_pyside_is_in_range():
    found = tuple(int(part) for part in version("PySide6-Essentials").split(".")[:3])
    assert (6, 11, 3) <= found < (6, 12)


def test_none_survives_many_calls():
    done = subprocess.run(
        [sys.executable, "-c", MANY_CALLS],
        env=clean_environment(QT_QPA_PLATFORM="offscreen"),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
