"""Which frame is allowed when: by the table, for every frame in every phase."""

import json
from itertools import product

import pytest

from tact_engine.core.members import DEVICE_NAME_LENGTH_MAX, TOKEN_BYTES
from tact_engine.core.presence import ATTRIBUTES, SECONDS_MAX, Kind, Value
from tact_engine.wire import frames
from tact_engine.wire.codec import Unreadable, encode
from tact_engine.wire.frames import FRAME_BYTES_MAX, FRAMES, NUMBER_MAX, Frame, Phase, Side
from tact_engine.wire.session import BROKEN_FRAMES_MAX, EARLY_FRAME_BYTES_MAX, Session
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
        frames.Invite, frames.Revoke, frames.Approve, frames.Decline, frames.SetPassword, frames.LookOver,
        frames.RemoveDevice, frames.RemovePerson,
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


def test_so_many_broken_frames_and_one_more():
    session = session_in(Phase.SIGNED_IN)
    for data in [b"{", b'{"type":"dance"}', SIGN_IN, b" " * (FRAME_BYTES_MAX + 1)] * (BROKEN_FRAMES_MAX // 4):
        refused(session, data)
        session.receive(NOTE)
    assert session.unbearable == ""
    refused(session, b"{")
    assert session.unbearable == "too many broken frames"


def test_before_signing_in_a_frame_is_as_long_as_a_sign_in_may_be_and_no_longer():
    session = session_in(Phase.GREETED)
    assert refused(session, b" " * EARLY_FRAME_BYTES_MAX).code == "malformed_frame"
    assert session.unbearable == ""
    error = refused(session, SIGN_IN.ljust(EARLY_FRAME_BYTES_MAX + 1))
    assert (error.code, str(EARLY_FRAME_BYTES_MAX) in error.text) == ("malformed_frame", True)
    assert session.unbearable == "too large a frame before signing in"
    assert session_in(Phase.GREETED).receive(SIGN_IN.ljust(EARLY_FRAME_BYTES_MAX)) is not None
    assert session_in(Phase.SIGNED_IN).receive(NOTE.ljust(FRAME_BYTES_MAX)) is not None


def test_the_largest_sign_in_there_is_may_be_sent():
    """Every text as long as it may be, of letters that take the most bytes, and written in the longest way."""
    letter = "😀"
    presence: dict[str, Value | None] = {}
    for name, row in ATTRIBUTES.items():
        texts = [letter * row.length_max, *row.words]
        presence[name] = SECONDS_MAX if row.kind is Kind.SECONDS else max(texts, key=len)
    frame = frames.SignIn(
        version=NUMBER_MAX,
        handle="x" * 32,
        device_key=bytes(32),
        signature=bytes(64),
        presence=presence,
        until=dict.fromkeys(ATTRIBUTES, NUMBER_MAX),
        token=bytes(TOKEN_BYTES),
        password=letter * 256,
        computer=letter * DEVICE_NAME_LENGTH_MAX,
    )
    largest = json.dumps(json.loads(encode(frame)), ensure_ascii=True)
    assert EARLY_FRAME_BYTES_MAX // 2 < len(largest) < EARLY_FRAME_BYTES_MAX
    assert session_in(Phase.GREETED).receive(largest) == frame


def test_a_welcome_is_told_of():
    session, told = session_in(Phase.GREETED), list[str]()
    session.on_welcome = lambda: told.append(session.handle)
    session.receive(SIGN_IN)
    assert told == []
    session.welcomed("tom")
    assert told == ["tom"]


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


def test_a_stranger_may_not_say_for_ever_what_is_skipped():
    session, data = session_in(Phase.GREETED), b'{"type":"dance","optional":true}'
    for _ in range(BROKEN_FRAMES_MAX):
        assert session.receive(data) is None
    assert refused(session, data).code == "malformed_frame"
    assert session.unbearable
    member = session_in(Phase.SIGNED_IN)
    assert [member.receive(data) for _ in range(BROKEN_FRAMES_MAX + 1)] == [None] * (BROKEN_FRAMES_MAX + 1)
