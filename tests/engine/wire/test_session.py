"""Which frame is allowed when: by the table, for every frame in every phase."""

from itertools import product

import pytest

from tact_engine.wire import frames
from tact_engine.wire.codec import Unreadable, encode
from tact_engine.wire.frames import FRAMES, Frame, Phase, Side
from tact_engine.wire.session import Session
from tests.support.frames import EXAMPLES

SIGN_IN = encode(frames.SignIn(1, "tom", b"", b""))
NOTE = encode(frames.Note(1))
CLIENTS = {
    type(frame): frame for frame in EXAMPLES if FRAMES[str(frame.__struct_config__.tag)].side is Side.CLIENT
}

# The law of a link, written down a second time.
ALLOWED = {
    Phase.GREETED: {frames.SignIn},
    Phase.SIGNED_IN: {
        frames.SetPresence, frames.SetPrivacy, frames.Submit, frames.Edit, frames.SendNow, frames.Withdraw,
        frames.Pause, frames.Resume, frames.Explain,
        frames.Acknowledge, frames.MarkRead, frames.Note, frames.SignOut,
    },
    Phase.CLOSED: set[type[Frame]](),
}  # fmt: skip


def session_in(phase: Phase) -> Session:
    session = Session(5)
    if phase is not Phase.GREETED:
        session.receive(SIGN_IN)
        session.welcomed("tom")
    if phase is Phase.CLOSED:
        session.closed()
    return session


def refused(session: Session, data: bytes):
    with pytest.raises(Unreadable) as caught:
        session.receive(data)
    return caught.value


def test_every_frame_of_a_client_is_tried():
    assert set(CLIENTS) == {row.frame for row in FRAMES.values() if row.side is Side.CLIENT}


@pytest.mark.parametrize(
    ("phase", "kind"), list(product(Phase, CLIENTS)), ids=lambda value: getattr(value, "__name__", str(value))
)
def test_a_frame_is_allowed_by_the_table_or_refused(phase, kind):
    session, frame = session_in(phase), CLIENTS[kind]
    if kind in ALLOWED[phase]:
        assert session.receive(encode(frame)) == frame
        return
    error = refused(session, encode(frame))
    assert (error.code, error.request) == ("misplaced_frame", getattr(frame, "request", 0))
    assert kind.__struct_config__.tag in error.text
    assert session.phase is phase


def test_the_way_of_a_link():
    session = Session(5)
    assert (session.number, session.phase, session.handle) == (5, Phase.GREETED, "")
    session.receive(SIGN_IN)
    assert (session.phase, session.handle) == (Phase.GREETED, ""), "asking is not having"
    session.welcomed("tom")
    assert (session.phase, session.handle) == (Phase.SIGNED_IN, "tom")
    session.receive(encode(frames.SignOut()))
    assert session.phase is Phase.CLOSED


@pytest.mark.parametrize("data", [SIGN_IN, NOTE], ids=["sign in", "note"])
def test_until_a_sign_in_is_answered_nothing_else_is_allowed(data):
    session = session_in(Phase.GREETED)
    session.receive(SIGN_IN)
    for _ in range(2):
        assert refused(session, data).code == "misplaced_frame"
    session.welcomed("tom")
    assert session.receive(NOTE) == frames.Note(1)


def test_one_signs_in_only_once():
    session = session_in(Phase.SIGNED_IN)
    assert refused(session, SIGN_IN).code == "misplaced_frame"
    assert session.receive(NOTE) == frames.Note(1), "and the session goes on"


@pytest.mark.parametrize("phase", Phase)
def test_what_may_be_skipped_is_skipped_in_every_phase(phase):
    assert session_in(phase).receive(b'{"type":"dance","optional":true}') is None


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "malformed_frame"),
        (b'{"type":"dance"}', "unknown_frame"),
        (encode(frames.Done(1)), "unknown_frame"),
    ],
)
def test_what_cannot_be_read_changes_nothing(phase, data, code):
    session = session_in(phase)
    assert refused(session, data).code == code
    assert session.phase is phase


@pytest.mark.parametrize("phase", Phase)
def test_closing_says_whether_somebody_was_signed_in_until_now(phase):
    session = session_in(phase)
    assert session.closed() is (phase is Phase.SIGNED_IN)
    assert session.phase is Phase.CLOSED
    assert session.closed() is False


def test_after_a_sign_out_nobody_was_signed_in():
    session = session_in(Phase.SIGNED_IN)
    session.receive(encode(frames.SignOut()))
    assert session.closed() is False
