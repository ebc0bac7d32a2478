import pytest

from tact_desktop.state.mark import Mark
from tact_desktop.state.wording import MARK_WORDS
from tact_desktop.widgets.chip import Chip


@pytest.mark.parametrize("mark", list(Mark))
def test_a_chip_says_its_mark_in_words(qtbot, mark: Mark):
    chip = Chip("mood not Angry", mark)
    qtbot.addWidget(chip)
    assert chip.accessibleName() == f"mood not Angry: {MARK_WORDS[mark]}"
    assert not chip.grab().isNull()


def test_a_detail_is_said_beside_the_mark(qtbot):
    chip = Chip("mood not Angry", Mark.FALSE, "now: Angry")
    qtbot.addWidget(chip)
    assert chip.accessibleName() == "mood not Angry: not yet, now: Angry"


def test_a_dimmed_chip_says_that_it_is_as_last_known(qtbot):
    chip = Chip("mood not Angry", Mark.FALSE)
    qtbot.addWidget(chip)
    bright = chip.grab().toImage()
    chip.set_clause("mood not Angry", Mark.FALSE, dimmed=True)
    assert chip.accessibleName() == "mood not Angry: not yet, as last known"
    assert chip.grab().toImage() != bright
    chip.set_clause("mood not Angry", Mark.FALSE)
    assert chip.accessibleName() == "mood not Angry: not yet"
    assert chip.grab().toImage() == bright
