import pytest

from tact_desktop.state.link import Link, LinkPhase
from tact_desktop.state.opened import Meaning, meaning
from tact_desktop.state.welcome import Invited
from tact_engine.core.errors import CHANGED_KEY

UP = Link(LinkPhase.CONNECTED)
AWAY = Link(LinkPhase.AWAY)
REMOVED = Link(LinkPhase.REFUSED, code="removed")
CHANGED = Link(LinkPhase.REFUSED, code=CHANGED_KEY)


@pytest.mark.parametrize(
    ("engine", "handle", "link", "expected"),
    [
        ("office", "", UP, Meaning.BELONGS),
        ("office", "", AWAY, Meaning.BELONGS),
        ("office", "anna", UP, Meaning.THIS_COMPUTER),
        ("office", "tom", UP, Meaning.ELSEWHERE),
        ("office", "", REMOVED, Meaning.ELSEWHERE),
        ("office", "anna", REMOVED, Meaning.WAY_BACK),
        ("office", "tom", REMOVED, Meaning.ELSEWHERE),
        ("office", "", CHANGED, Meaning.WAY_BACK),
        ("lab", "", UP, Meaning.ELSEWHERE),
        ("lab", "anna", AWAY, Meaning.ELSEWHERE),
        ("lab", "", REMOVED, Meaning.ELSEWHERE),
        ("lab", "", CHANGED, Meaning.WAY_BACK),
        ("lab", "anna", CHANGED, Meaning.WAY_BACK),
        ("lab", "tom", CHANGED, Meaning.ELSEWHERE),
    ],
)
def test_what_an_invitation_means_for_an_open_window(engine, handle, link, expected):
    assert meaning(Invited(engine, "Somewhere", handle), "anna", "office", link) is expected
