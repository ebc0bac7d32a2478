from PySide6.QtCore import QObject

from tact_desktop.widgets.fade import FADE_MS, Fade
from tests.support.heard import heard


def test_light_fades_from_one_to_nothing_in_few_steps(qapp):
    fade = Fade(QObject(qapp))
    told = heard(fade.stepped)
    fade.start()
    for at in range(0, FADE_MS + 1, 5):
        fade.setCurrentTime(at)
    values = [value for (value,) in told]
    assert (values[0], values[-1]) == (1, 0)
    assert values == sorted(set(values), reverse=True)
    assert len(values) <= 21
