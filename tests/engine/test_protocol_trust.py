"""What the protocol page says about who gets in, whom to trust and how much one may ask is what the code does."""

import re
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tact_engine import gate
from tact_engine.accounts import guesses, passwords
from tact_engine.accounts.invitation import FILE_SUFFIX, NAME_LENGTH_MAX, Invitation
from tact_engine.accounts.words import six_words
from tact_engine.client.endings import WAITS
from tact_engine.core import errors, members
from tact_engine.core.members import Purpose, Role
from tact_engine.core.view import Limits
from tact_engine.net import link, listener, strangers, websocket
from tact_engine.net.beacon import SERVICE_TYPE
from tact_engine.quotas import Quotas
from tact_engine.service import HOST_INVITATION
from tact_engine.wire import codec, session
from tact_engine.wire.frames import FRAMES, PROTOCOL_VERSION, Frame, Side, signed_text
from tests.support.protocol_page import PAGE, example, sample, section, sentences, table

TRANSPORT, SIGNING_IN = "2. Transport and trust", "4. Signing in"


# --- whom to trust -----------------------------------------------------------------------------------------------


def test_the_version_and_the_record_are_named():
    assert f"The protocol has version **{PROTOCOL_VERSION}**" in PAGE
    assert f"`{SERVICE_TYPE}`" in section("3. Being found")
    assert ["v", f"the protocol version, {PROTOCOL_VERSION}"] in table(section("3. Being found"), "TXT key")


def test_the_example_of_a_signature_is_right():
    rows = sample("What is signed")
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(rows["private key (seed)"]))
    text = signed_text(rows["engine id"], bytes.fromhex(rows["challenge"]), rows["handle"])
    assert rows["public key"] == key.public_key().public_bytes_raw().hex()
    assert rows["signed bytes"] == text.hex()
    assert rows["signature"] == key.sign(text).hex()


@pytest.mark.rule("J12")
def test_the_example_of_six_words_is_right():
    rows = sample(TRANSPORT)
    assert rows["that SHA-256"] == sha256(b"tact words 1\n" + rows["engine id"].encode()).hexdigest()
    bits = f"{int(rows['that SHA-256'], 16):0256b}"
    assert rows["places"] == " ".join(str(int(bits[at : at + 11], 2)) for at in range(0, 66, 11))
    assert rows["six words"] == " ".join(six_words(rows["engine id"]))


def test_every_way_to_close_is_named():
    no_codes_on_the_wire = {"CLOSE_WITHIN_SECONDS", "CLOSE_GONE"}
    codes = {
        value
        for module in (link, listener, gate)
        for name, value in vars(module).items()
        if name.startswith("CLOSE_") and name not in no_codes_on_the_wire
    }
    of_the_websocket = {1002, 1009, 1011}
    assert {int(row[0]) for row in table(section(TRANSPORT), "code")} == codes | of_the_websocket


def test_numbers_about_strangers_are_the_ones_that_hold():
    text, limits = sentences(TRANSPORT), Limits()
    assert (limits.strangers_max, limits.strangers_per_address_max) == (
        strangers.STRANGERS_MAX,
        strangers.STRANGERS_PER_ADDRESS_MAX,
    )
    assert f"| {strangers.STRANGERS_MAX}, of which {strangers.STRANGERS_PER_ADDRESS_MAX} from one" in text
    assert "for more than a second" in text
    assert strangers.FAIR_SECONDS == 1
    assert f"| {listener.SIGN_IN_WITHIN_SECONDS} seconds in all" in text
    assert f"| {session.EARLY_FRAME_BYTES_MAX // 1024} KiB at most" in text
    assert f"After {session.BROKEN_FRAMES_MAX} frames that cannot be read" in text
    assert f"at most {codec.DEPTH_MAX} objects and lists" in text
    assert f"in {websocket.PIECES_MAX} pieces at most" in text


# --- how one gets in ---------------------------------------------------------------------------------------------


def test_the_example_of_an_invitation_is_one():
    (words,) = re.findall(r"```text\n(.*?)\n```", section("Invitations"))
    invitation = Invitation.parsed(words)
    assert invitation.link() == words
    assert invitation.engine == sample(TRANSPORT)["engine id"]
    assert (invitation.at, invitation.name, invitation.handle) == (
        "192.168.1.20:8228",
        "Office, 2nd floor",
        "",
    )


def test_every_part_of_an_invitation_has_its_row():
    with_all = Invitation("0" * 64, "Office", "pc", 1, bytes(16), "mary").link()
    assert re.findall(r"[?&](\w+)=", with_all) == [row[0] for row in table(section("Invitations"), "part")]


def test_numbers_about_invitations_and_passwords_are_the_ones_that_hold():
    text, frames = sentences(SIGNING_IN), sentences("5. Phases and the frames in them")
    assert f"works for {members.INVITATION_DAYS} days" in text
    assert f"for a device for {members.LINK_DEVICE_MINUTES} minutes" in text
    assert text.count(f"{members.REQUEST_HOURS} hours") == 2
    assert f"1 to {NAME_LENGTH_MAX} characters" in text
    assert f"the {members.TOKEN_BYTES} bytes for `sign_in`" in text
    assert f"`{FILE_SUFFIX}`" in text
    assert f"`{HOST_INVITATION}`" in text
    assert f"It has {passwords.LENGTH_MIN} to {passwords.LENGTH_MAX} characters" in text
    assert f"password, {passwords.LENGTH_MAX} characters at most" in frames
    assert f"for people, {members.DEVICE_NAME_LENGTH_MAX} characters at most" in frames
    assert f"at most {Limits().invitations_max} of one person are open" in frames
    assert sentences("6. The parts of frames").count(f"the first {members.ID_DIGITS} digits") == 3


def test_every_limit_on_guesses_has_its_row():
    rows = [(int(row[1]), int(row[2]) * 60_000) for row in table(section("Passwords"), "of")]
    assert rows == [(each.most, each.span_ms) for each in (guesses.ACCOUNT, guesses.ADDRESS, guesses.ENGINE)]


def test_it_is_said_after_which_refusals_to_come_again():
    text = sentences("How one gets in")
    said = "`asked_to_join` (3 seconds), `too_many_requests` (10), `busy_signing_in` (2), `too_many_sessions` (10)"
    assert f"{said} and `too_fast` (1, or as `retry_after` says)" in text
    assert dict(WAITS) == {
        "asked_to_join": 3, "too_many_requests": 10, "busy_signing_in": 2, "too_many_sessions": 10, "too_fast": 1,
    }  # fmt: skip


def test_every_purpose_and_every_role_is_named():
    assert list(Purpose) == ["member", "device", "host"]
    assert meaning("`invite`", "purpose").startswith("member for somebody new, device for")
    assert meaning("OpenInvitation", "purpose") == "member or device; a claim (host) is never listed"
    assert meaning("Member", "role") == " or ".join(Role)


def meaning(title: str, field: str) -> str:
    """What the page says of one field."""
    (row,) = [row for row in table(section(title), "field") if row[0] == field]
    return row[2]


# --- how much one may ask ----------------------------------------------------------------------------------------


def asking(name: str) -> Frame:
    """A frame that a client sends after signing in: the example of the page."""
    frame = codec.decode(example(section(f"`{name}`")), Side.CLIENT)
    assert frame is not None
    return frame


def spent_on(name: str) -> tuple[int, int]:
    """How many such frames pass at once, and how many a second after that."""
    asked, passed = Quotas(Limits()), 0

    def ask_on():
        nonlocal passed
        while passed < 10_000:
            asked.spend("mary", frame, 0)
            passed += 1

    frame = asking(name)
    with pytest.raises(errors.Refused) as refused:
        ask_on()
    assert refused.value.code == "too_fast"
    return passed, round(1_000 / refused.value.retry_after)


@pytest.mark.rule("J10")
def test_every_quota_has_its_row():
    rows = table(section("5. Phases and the frames in them"), "frames")
    named = {name: index for index, row in enumerate(rows) for name in row[0].split(", ")}
    others = named.pop("any other request")
    for name, row in FRAMES.items():
        if row.side is Side.CLIENT and name not in {"sign_in", "sign_out"}:
            _, burst, rate = rows[named.pop(name, others)]
            assert spent_on(name) == (int(burst.replace(",", "")), int(rate)), name
    assert named == {}


def test_of_every_request_it_is_said_whether_it_may_be_repeated():
    requests = [
        name
        for name, row in FRAMES.items()
        if row.side is Side.CLIENT and "request" in row.frame.__struct_fields__
    ]
    assert [name for name in requests if f"`{name}`" not in section("What to rely on")] == []
