"""What is measured in the window: the same data every time, and every figure has its name."""

from itertools import islice

import pytest

from tact_desktop.local.history import History
from tact_desktop.settings import remembered
from tact_engine.core.envelope import conversation_of
from tests.bench import window, window_office
from tests.bench.window_goals import GOALS, NAMES, QUICK_STEPS, STEPS

HERE = conversation_of((window_office.ME, window_office.OTHER))


def test_the_data_are_the_same_every_time():
    one, other = (list(window_office.written(50, 20)) for _ in range(2))
    assert one == other
    assert sum(entry.conversation == HERE and not entry.waiting for entry in one) == 50
    assert sum(entry.waiting for entry in one) == window_office.WAITING
    assert len({entry.id for entry in one}) == len(one)
    for make in (window_office.changes, window_office.arriving):
        assert list(islice(make(), 5)) == list(islice(make(), 5))


def test_each_change_of_a_person_is_newer_than_the_last():
    versions: dict[str, int] = {}
    for presence in islice(window_office.changes(3), 30):
        assert presence.version > versions.get(presence.handle, 1)
        versions[presence.handle] = presence.version


def test_what_is_put_onto_the_computer_is_what_the_program_reads():
    window_office.fill(messages=120, people=8)
    history = History.open(window_office.history_file())
    seat = remembered()
    assert seat is not None
    assert seat.handle == window_office.ME
    assert len(history.newest(HERE, 1000)) == 120
    assert len(history.waiting()) == window_office.WAITING
    assert history.setting("people", {})[window_office.OTHER].endswith("0001")
    history.remember([])
    history.close()


def test_every_goal_is_of_a_figure_and_every_scene_has_a_quick_form():
    assert GOALS.keys() <= set(NAMES.values())
    assert STEPS.keys() == QUICK_STEPS.keys()
    assert len(set(NAMES.values())) == len(NAMES)


def test_what_is_asked_for():
    assert (window.parsed([]).only, window.parsed([]).repeats) == (list(STEPS), window.REPEATS)
    quick = window.parsed(["--quick", "--only", "OPEN,start"])
    assert (quick.only, quick.repeats) == (["open", "start"], window.QUICK_REPEATS)


def test_what_there_is_none_of_is_refused(capsys):
    with pytest.raises(SystemExit):
        window.parsed(["--only", "dancing"])
    assert "there is no dancing" in capsys.readouterr().err
