import pytest

from tact_desktop.state.link import Link, LinkPhase, connected, lost

UP = connected("Office", "10.0.0.7", 8228, 120, here=False)


def test_before_anything_is_known():
    link = Link()
    assert (link.phase, link.up, link.here, link.problem) == (LinkPhase.CONNECTING, False, False, "")


def test_signed_in():
    assert Link(LinkPhase.CONNECTED, "Office", "10.0.0.7", 8228, skew_ms=120, verified=True) == UP
    assert (UP.up, UP.here) == (True, False)


def test_an_engine_on_this_computer_needs_no_comparing():
    link = connected("Office", "127.0.0.1", 1, 0, here=True, verified=False)
    assert (link.here, link.verified) == (True, True)
    assert not connected("Office", "10.0.0.7", 1, 0, here=False, verified=False).verified


@pytest.mark.parametrize(
    ("before", "code", "again", "phase"),
    [
        (Link(), "", True, LinkPhase.CONNECTING),
        (Link(), "asked_to_join", True, LinkPhase.ASKING),
        (Link(LinkPhase.ASKING), "", True, LinkPhase.CONNECTING),
        (Link(LinkPhase.ASKING), "declined", False, LinkPhase.REFUSED),
        (Link(), "handle_taken", False, LinkPhase.REFUSED),
        (Link(), "", False, LinkPhase.REFUSED),
        (Link(), "signed_out", False, LinkPhase.SIGNED_OUT),
        (Link(engine="Office"), "", True, LinkPhase.AWAY),
        (UP, "", True, LinkPhase.AWAY),
        (UP, "signed_out", False, LinkPhase.SIGNED_OUT),
        (UP, "sign_in_failed", False, LinkPhase.REFUSED),
        (lost(UP, "Gone.", "", True), "", True, LinkPhase.AWAY),
        (lost(UP, "Gone.", "", True), "handle_taken", False, LinkPhase.REFUSED),
        (lost(UP, "Bye.", "signed_out", False), "", True, LinkPhase.AWAY),
    ],
)
def test_a_link_that_is_lost(before, code, again, phase):
    link = lost(before, "It is gone.", code, again)
    assert (link.phase, link.problem, link.engine) == (phase, "It is gone.", before.engine)
    assert link.code == ("" if phase is LinkPhase.CONNECTING else code)
    assert not link.up
