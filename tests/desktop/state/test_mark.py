import pytest

from tact_desktop.state.mark import Mark, mark_of


@pytest.mark.parametrize(("truth", "mark"), [(True, Mark.TRUE), (False, Mark.FALSE), (None, Mark.UNKNOWN)])
def test_a_truth_has_its_mark(truth, mark):
    assert mark_of(truth) is mark
