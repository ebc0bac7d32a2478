"""The protocol page says what the code does: it fails here when one is changed without the other."""

import json
import re

import msgspec
import pytest

from tact_engine.accounts import guesses, passwords
from tact_engine.core import changes, conditions, envelope, errors, members, presence, privacy
from tact_engine.core.addresses import DEFAULT_PORT
from tact_engine.core.conditions import OPERATORS, Clause, Condition, Group, Verdict, check
from tact_engine.core.effects import Standing
from tact_engine.core.envelope import TRANSITIONS, Delivery, Move, Otherwise, Receipt, State, Submission
from tact_engine.core.errors import REFUSALS
from tact_engine.core.facts import Amendment
from tact_engine.core.members import Device, Health, JoinRequest, Member, OpenInvitation
from tact_engine.core.presence import ATTRIBUTES, Attribute, Kind, Presence, Reading, SetBy
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.core.view import Limits
from tact_engine.core.window import Window
from tact_engine.net import link, listener, websocket
from tact_engine.wire import codec, session
from tact_engine.wire.codec import decode, encode
from tact_engine.wire.frames import (
    ACKNOWLEDGEMENTS_MAX,
    FRAME_BYTES_MAX,
    FRAMES,
    NUMBER_MAX,
    Frame,
    Issued,
    Phase,
)
from tests.support.protocol_page import PAGE, example, section, sentences, table

PARTS = (
    Submission,
    Amendment,
    Condition,
    Group,
    Clause,
    Window,
    Standing,
    Verdict,
    Presence,
    Reading,
    Privacy,
    Rule,
    Receipt,
    Delivery,
    Issued,
    JoinRequest,
    OpenInvitation,
    Member,
    Device,
    Health,
)


def fields(struct: type[msgspec.Struct]) -> list[tuple[str, bool]]:
    """The names of the fields, and whether each may be left out; without the one that every frame has."""
    return [
        (field.encode_name, not field.required)
        for field in msgspec.structs.fields(struct)
        if field.name not in Frame.__struct_fields__
    ]


# --- frames ------------------------------------------------------------------------------------------------------


def test_every_frame_has_its_row():
    rows = {row[0]: (row[1], set(row[2].split(", "))) for row in table(section(TITLE_OF_FRAMES), "frame")}
    assert rows == {
        name: (row.side.value, {phase.value for phase in row.phases}) for name, row in FRAMES.items()
    }


TITLE_OF_FRAMES = "5. Phases and the frames in them"


def test_every_phase_has_its_row():
    assert [row[0] for row in table(section(TITLE_OF_FRAMES), "phase")] == [phase.value for phase in Phase]


def test_no_section_is_about_a_frame_that_is_none():
    assert re.findall(r"^### `(\w+)`$", PAGE, re.MULTILINE) == list(FRAMES)


@pytest.mark.parametrize("name", FRAMES)
def test_every_field_of_a_frame_has_its_row(name):
    assert documented(section(f"`{name}`")) == fields(FRAMES[name].frame)


def test_the_one_field_of_all_frames_is_described():
    assert Frame.__struct_fields__ == ("optional",)
    assert Frame.__struct_defaults__ == (False,)
    text = section(TITLE_OF_FRAMES)
    assert re.search(r"Every frame may have the field\s`optional`.*may be left out: false", text, re.DOTALL)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_every_field_of_a_part_has_its_row(part):
    assert documented(section(part.__name__)) == fields(part)


def documented(text: str) -> list[tuple[str, bool]]:
    return [(row[0], "may be left out" in row[2]) for row in table(text, "field")]


@pytest.mark.parametrize("name", FRAMES)
def test_the_example_of_a_frame_is_one(name):
    words = example(section(f"`{name}`"))
    frame = decode(words, FRAMES[name].side)
    assert isinstance(frame, FRAMES[name].frame)
    assert json.loads(encode(frame)) == json.loads(words)


def test_all_structs_that_frames_hold_are_described():
    named = set(re.findall(r"\]\(#(\w+)\)", PAGE))
    assert named == {part.__name__.lower() for part in PARTS}


# --- conditions, presence, states --------------------------------------------------------------------------------


def test_every_operator_has_its_row():
    rows = {
        row[0]: (set(row[1].split(", ")), row[2] == "a list") for row in table(section("Clause"), "operator")
    }
    assert rows == {
        name: ({kind.value for kind in operator.kinds}, operator.many) for name, operator in OPERATORS.items()
    }


def test_the_example_of_a_condition_is_one():
    check(msgspec.json.decode(example(section("Condition")), type=Condition))


def test_every_attribute_has_its_row():
    rows = {row[0]: row[1:] for row in table(section("7. Presence attributes"), "attribute")}
    assert list(rows) == list(ATTRIBUTES)
    for name, (kind, set_by, default, values) in rows.items():
        row = ATTRIBUTES[name]
        assert (kind, set_by, default) == (row.kind.value, row.set_by.value, default_of(row))
        if row.kind is Kind.WORD:
            assert values.split(", ") == list(row.words)
        if row.kind is Kind.TEXT:
            assert values == f"at most {row.length_max} characters"
        if row.kind is Kind.ZONE:
            assert values.endswith(f", at most {row.length_max} characters")
        if row.kind is Kind.SECONDS:
            assert values.endswith(f", at most {presence.SECONDS_MAX:,}")


def default_of(row: Attribute) -> str:
    """The default as the page writes it."""
    if row.default is None:
        return "none"
    return (row.default if isinstance(row.default, str) else json.dumps(row.default)) or "empty"


def test_every_end_of_a_validity_has_its_row():
    rows = table(section("Submission"), "at the end")
    assert [row[0] for row in rows] == [otherwise.value for otherwise in Otherwise]
    (field,) = [row for row in table(section("Submission"), "field") if row[0] == "otherwise"]
    assert all(otherwise.value in field[2] for otherwise in Otherwise)


@pytest.mark.rule("S4", "S6")
def test_every_audience_and_every_rule_nobody_has_to_make_is_named():
    (field,) = [row for row in table(section("Rule"), "field") if row[0] == "see"]
    assert field[2].startswith("everyone, chosen or nobody")
    assert [audience.value for audience in Audience] == ["everyone", "chosen", "nobody"]
    assert dict(privacy.DEFAULTS) == {"FreeTextLocation": Rule(usable=False), "Idle": Rule(Audience.CHOSEN)}
    assert "`FreeTextLocation` may be seen and not used, and `Idle` is for chosen people" in sentences(
        "Privacy"
    )


def test_only_what_a_person_sets_ends_by_itself():
    """As the section about setting presence says."""
    assert "Only what is set by the person can end by itself." in section("`set_presence`")
    for name, row in ATTRIBUTES.items():
        value = row.default if row.kind is not Kind.ZONE else "Europe/Helsinki"
        assert value is not None
        if row.set_by is SetBy.PERSON:
            changes.updated(presence.nobody("mary"), {name: value}, 0, until={name: 1})
        else:
            with pytest.raises(errors.Refused):
                changes.updated(presence.nobody("mary"), {name: value}, 0, until={name: 1})


@pytest.mark.rule("M1")
def test_every_state_and_every_move_has_its_row():
    life = section("8. The life of a message")
    assert [row[0] for row in table(life, "state")] == [state.value for state in State]
    assert [row[0] for row in table(life, "move")] == [move.value for move in Move]


@pytest.mark.rule("M2")
def test_every_transition_has_its_row():
    rows = {(row[0], row[1]): row[2] for row in table(section("8. The life of a message"), "from")}
    assert rows == {
        (state.value if state else "nothing", move.value): after.value
        for (state, move), after in TRANSITIONS.items()
    }


# --- refusals and limits -----------------------------------------------------------------------------------------


def test_every_refusal_has_its_row():
    rows = table(section("9. Refusals"), "code")
    assert [row[0] for row in rows] == list(REFUSALS)
    assert [row[0] for row in rows if not row[1]] == []


def test_every_limit_is_the_one_that_holds():
    limits = Limits()
    expected = {
        "bytes of a frame": FRAME_BYTES_MAX,
        "bytes of a body": envelope.BODY_BYTES_MAX,
        "recipients of a message": envelope.RECIPIENTS_MAX,
        "characters of a message id": envelope.ID_LENGTH_MAX,
        "characters of a content type or an encryption": envelope.CONTENT_TYPE_LENGTH_MAX,
        "ids in acknowledge or mark_read": ACKNOWLEDGEMENTS_MAX,
        "seconds of validity, at least": envelope.VALIDITY_SECONDS_MIN,
        "seconds of validity, at most": envelope.VALIDITY_SECONDS_MAX,
        "groups of a condition": conditions.GROUPS_MAX,
        "clauses of a condition": conditions.CLAUSES_MAX,
        "seconds that a condition may be asked to hold": conditions.DWELL_SECONDS_MAX,
        "seconds of a second life, at most": envelope.SECOND_LIFE_SECONDS_MAX,
        "messages held from one sender to one recipient": limits.held_per_pair_max,
        "messages held from one sender": limits.held_per_sender_max,
        "messages that wait behind each other": limits.chained_max,
        "messages on their way to one person": limits.unacknowledged_max,
        "bytes on their way to one person": limits.unacknowledged_bytes_max,
        "news told and not noted": limits.untold_news_max,
        "milliseconds until an unacknowledged message is held again": limits.acknowledge_within_ms,
        "milliseconds of grace after a lost connection": limits.grace_ms,
        "milliseconds that a message is held back for an editor": limits.lease_ms,
        "seconds to sign in": listener.SIGN_IN_WITHIN_SECONDS,
        "bytes of a frame before signing in": session.EARLY_FRAME_BYTES_MAX,
        "broken frames that are answered": session.BROKEN_FRAMES_MAX,
        "pieces of a frame": websocket.PIECES_MAX,
        "objects and lists within one another": codec.DEPTH_MAX,
        "connections of strangers": limits.strangers_max,
        "connections of strangers from one address": limits.strangers_per_address_max,
        "messages at once": limits.messages_burst,
        "messages a second": limits.messages_per_second,
        "changes of presence at once": limits.presence_burst,
        "changes of presence a second": limits.presence_per_second,
        "other requests at once": limits.requests_burst,
        "other requests a second": limits.requests_per_second,
        "frames without an answer at once": limits.notes_burst,
        "frames without an answer a second": limits.notes_per_second,
        "bytes of a token": members.TOKEN_BYTES,
        "days of an invitation": members.INVITATION_DAYS,
        "minutes of an invitation for a device": members.LINK_DEVICE_MINUTES,
        "open invitations of one person": limits.invitations_max,
        "devices of one person": limits.devices_max,
        "connections of one person": limits.sessions_max,
        "sign-ins of one person at once": limits.sign_ins_burst,
        "sign-ins of one person a second": limits.sign_ins_per_second,
        "people who ask to be let in": limits.join_requests_max,
        "hours of a request, and of having been declined": members.REQUEST_HOURS,
        "characters of a password, at least": passwords.LENGTH_MIN,
        "characters of a password, at most": passwords.LENGTH_MAX,
        "passwords that wait to be checked": passwords.WAITING_MAX,
        "wrong guesses for one handle within 15 minutes": guesses.ACCOUNT.most,
        "wrong guesses from one address within a minute": guesses.ADDRESS.most,
        "wrong guesses at the engine within a minute": guesses.ENGINE.most,
        "characters of the name of a computer": members.DEVICE_NAME_LENGTH_MAX,
        "bytes that may wait for a slow reader": link.BUFFER_BYTES_MAX,
        "bytes that a new version of somebody's presence counts there": link.REFERENCE_BYTES,
        "seconds until the end of a value that ends by itself, at most": changes.UNTIL_SECONDS_MAX,
        "earlier values that a value which ends remembers": changes.PREVIOUS_MAX,
        "seconds of Idle, at most": presence.SECONDS_MAX,
        "people in one rule or list": privacy.PEOPLE_MAX,
        "characters that a refusal repeats of what was sent": errors.FACT_LENGTH_MAX,
        "the highest number": NUMBER_MAX,
    }
    rows = {row[0]: int(row[1].replace(",", "")) for row in table(section("10. Limits"), "what")}
    assert rows == expected


def test_numbers_in_sentences_are_the_ones_that_hold():
    transport, parts = sentences("2. Transport and trust"), sentences("6. The parts of frames")
    assert f"port | {DEFAULT_PORT} unless" in transport
    assert f"pings every {websocket.PING_EVERY_SECONDS} seconds" in transport
    assert f"does not answer within {websocket.PONG_WITHIN_SECONDS};" in transport
    assert f"{envelope.VALIDITY_SECONDS_DEFAULT:,}" in parts
    assert f"At most {conditions.GROUPS_MAX} groups and {conditions.CLAUSES_MAX} clauses" in parts
    assert f"`{envelope.TEXT_PLAIN}`" in parts
    assert parts.count(f"at most {envelope.CONTENT_TYPE_LENGTH_MAX} characters") == 2
    frames, life, limits = sentences(TITLE_OF_FRAMES), sentences("8. The life of a message"), Limits()
    assert frames.count(f"the messages, {ACKNOWLEDGEMENTS_MAX} at most") == 2
    assert f"it repeats {errors.FACT_LENGTH_MAX} characters" in frames
    assert f"buffered up to {link.BUFFER_BYTES_MAX // 1024} KiB" in transport
    assert f"presence counts {link.REFERENCE_BYTES} bytes" in transport
    assert (
        f"At most {limits.unacknowledged_max} messages and {limits.unacknowledged_bytes_max // 1024} KiB are"
        in life
    )
    assert f"and {envelope.COPY_BYTES} bytes more" in life
    assert f"{limits.untold_news_max} at a time" in life
    assert NUMBER_MAX == 2**53 - 1


def test_numbers_of_waiting_in_sentences_are_the_ones_that_hold():
    parts, limits = sentences("6. The parts of frames"), Limits()
    frames, life = sentences(TITLE_OF_FRAMES), sentences("8. The life of a message")
    assert f"0 to {conditions.DWELL_SECONDS_MAX:,}" in sentences("Condition")
    assert f"{envelope.SECOND_LIFE_SECONDS_MAX // (24 * 3600)} days at most" in sentences("Submission")
    assert parts.count(f"at most {privacy.PEOPLE_MAX} handles") == 3
    assert f"within {changes.UNTIL_SECONDS_MAX // (24 * 3600)} days" in frames
    assert f"for {limits.lease_ms // 60_000} minutes" in sentences("`pause`")
    assert f"At most {limits.chained_max} stand in one row" in life
