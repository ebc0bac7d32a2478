"""Whatever a link says, it gets a sentence, and the engine, the link and the messages live on."""

import contextlib
import json
import re

import pytest
from websockets.exceptions import ConnectionClosed

from tact_engine.core.errors import REFUSALS
from tact_engine.wire.frames import ACKNOWLEDGEMENTS_MAX, FRAME_BYTES_MAX, NUMBER_MAX
from tests.support.bare_link import bare_link, in_base64, new_key, submission

WITHDRAW = {"type": "withdraw", "request": 7, "id": "none"}


async def lives(link) -> bool:
    """Whether the link still answers."""
    return (await link.ask({"type": "set_presence", "changes": {}}))["type"] == "done"


def is_sentence_of(refused: dict, code: str) -> bool:
    """Whether a refusal has this code and its sentence, filled in."""
    pattern = re.sub(r"\\\{\w+\\\}", ".*", re.escape(REFUSALS[code]))
    return refused["code"] == code and re.fullmatch(pattern, refused["text"], re.DOTALL) is not None


MALFORMED = {
    "no JSON": "hello",
    "nothing": "",
    "half a frame": '{"type": "withdraw", "request": 7, "id"',
    "two frames": json.dumps(WITHDRAW) * 2,
    "a list": "[]",
    "no UTF-8": b'{"type": "withdraw", "id": "\xff"}',
    "half a surrogate": '{"type": "withdraw", "request": 7, "id": "\\ud800"}',
    "not a number": '{"type": "withdraw", "request": NaN, "id": "x"}',
    "too deep": "[" * 30_000,
    "a field missing": '{"type": "withdraw", "request": 7}',
    "a field too many": json.dumps(WITHDRAW | {"why": "because"}),
    "a field of the wrong type": json.dumps(WITHDRAW | {"id": 7}),
    "a part of the wrong type": json.dumps({"type": "submit", "request": 7, "submission": []}),
    "no base64": json.dumps(submission("tom", body="x") | {"request": 7}).replace("eA==", "e?=="),
}


@pytest.mark.parametrize("words", MALFORMED.values(), ids=MALFORMED.keys())
async def test_a_malformed_frame(engine, name, words):
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        await link.say(words)
        refused = await link.hear("refused")
        assert is_sentence_of(refused, "malformed_frame")
        assert refused["request"] in (0, 7)
        assert await lives(link)


async def test_a_malformed_frame_is_refused_under_its_own_request(engine, name):
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        await link.say('{"type": "withdraw", "request": 7}')
        assert (await link.hear("refused"))["request"] == 7


async def test_an_unknown_frame_is_refused_and_skipped_where_it_is_optional(engine, name):
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        await link.say({"type": "fireworks", "optional": True})
        await link.say({"type": "fireworks", "request": 9})
        refused = await link.hear("refused", "done")
        assert refused["request"] == 9
        assert is_sentence_of(refused, "unknown_frame")
        assert "“fireworks”" in refused["text"]
        assert await lives(link)


@pytest.mark.parametrize("type", ["hello", "welcome", "people", "deliver", "news", "done", "refused"])
async def test_what_only_the_engine_says_is_unknown_from_a_client(engine, name, type):
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        await link.say({"type": type})
        assert is_sentence_of(await link.hear("refused"), "unknown_frame")
        assert await lives(link)


async def test_frames_out_of_place(engine, name):
    async with bare_link(engine.address) as link:
        await link.say(WITHDRAW)
        refused = await link.hear("refused")
        assert is_sentence_of(refused, "misplaced_frame")
        assert refused["request"] == 7
        await link.sign_in(name("tom"))
        assert is_sentence_of(await link.sign_in(name("tom")), "misplaced_frame")
        assert await lives(link)


async def test_signing_out_closes_the_link_and_nothing_more_is_answered(engine, name):
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        assert await lives(link)
        await link.say({"type": "sign_out"})
        with contextlib.suppress(ConnectionClosed):
            await link.say(WITHDRAW)
        assert [each for each in await link.rest() if each["type"] != "people"] == []
        assert await link.closed() == (1000, "signed out")


async def test_nothing_is_told_after_signing_out(engine, name):
    tom, mary, key = name("tom"), name("mary"), new_key()
    async with bare_link(engine.address) as left, bare_link(engine.address) as here:
        await left.sign_in(mary, key)
        await here.sign_in(mary, key)
        await left.say({"type": "sign_out"})
        await left.rest()
        async with bare_link(engine.address) as link:
            await link.sign_in(tom)
            (receipt,) = (await link.ask(submission(mary)))["receipts"]
            assert receipt["state"] == "released"
            assert [each["id"] for each in (await here.hear("deliver"))["deliveries"]] == [receipt["id"]]


@pytest.mark.parametrize("number", [-1, NUMBER_MAX + 1, 10**30, 1.5])
@pytest.mark.parametrize(
    "frame",
    [
        {"type": "note", "serial": "?"},
        {"type": "withdraw", "request": "?", "id": "none"},
        {"type": "edit", "request": 7, "id": "none", "revision": "?", "amendment": {}},
    ],
    ids=["serial", "request", "revision"],
)
async def test_a_number_that_not_every_peer_can_hold(engine, name, frame, number):
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        await link.say(json.dumps(frame).replace('"?"', json.dumps(number)))
        assert is_sentence_of(await link.hear("refused"), "malformed_frame")
        assert await lives(link)


async def test_the_highest_number_is_taken(engine, name):
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        await link.say({"type": "note", "serial": NUMBER_MAX})
        await link.say(WITHDRAW | {"request": NUMBER_MAX})
        assert (await link.hear("refused"))["request"] == NUMBER_MAX
        assert await lives(link)


@pytest.mark.parametrize(
    "frame",
    [
        lambda ids: {"type": "acknowledge", "copies": dict.fromkeys(ids, 1)},
        lambda ids: {"type": "mark_read", "ids": ids},
    ],
    ids=["acknowledge", "mark_read"],
)
async def test_ids_have_a_limit(engine, name, frame):
    ids = [f"m-{number}" for number in range(ACKNOWLEDGEMENTS_MAX + 1)]
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        await link.say(frame(ids[1:]))
        assert await lives(link)
        await link.say(frame(ids))
        assert is_sentence_of(await link.hear("refused"), "malformed_frame")
        assert await lives(link)


async def test_a_known_frame_may_be_optional(engine, name):
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        await link.say(WITHDRAW | {"optional": True})
        refused = await link.hear("refused")
        assert (refused["request"], refused["code"]) == (7, "unknown_message")
        await link.say(WITHDRAW | {"optional": "yes"})
        assert is_sentence_of(await link.hear("refused"), "malformed_frame")


async def test_a_refusal_does_not_carry_back_what_was_sent(engine, name):
    async with bare_link(engine.address) as link:
        await link.sign_in(name("tom"))
        refused = await link.ask(submission("x" * 5_000, id="m"))
        assert is_sentence_of(refused, "unknown_person")
        assert f"“{'x' * 300}…”" in refused["text"]


@pytest.mark.parametrize(
    "changed",
    [
        {"to": ["eve"]},
        {"when": {"any": [{"all": [{"attr": "UserMood", "op": "eq", "value": "SAD"}]}]}},
        {"valid_for": 60},
        {"content_type": "text/html"},
        {"enc": "rot13"},
        {"otherwise": "deliver"},
        {"alert": True, "body": ""},
        {"body": in_base64(b"another")},
    ],
    ids=lambda changed: next(iter(changed)),
)
async def test_an_id_that_was_used_is_refused_for_another_message(engine, name, changed):
    mary, eve, tom = name("mary"), name("eve"), name("tom")
    for handle in (mary, eve):
        async with bare_link(engine.address) as link:
            await link.sign_in(handle)
    async with bare_link(engine.address) as link:
        await link.sign_in(tom)
        first = await link.ask(submission(mary, id=f"{tom}-1"))
        if "to" in changed:
            changed = {"to": [eve]}
        assert is_sentence_of(await link.ask(submission(mary, id=f"{tom}-1", **changed)), "id_taken")
        again = await link.ask(submission(mary, id=f"{tom}-1"))
        assert again["receipts"] == first["receipts"]


async def test_a_frame_over_the_limit_closes_the_link(engine, name):
    tom, key = name("tom"), new_key()
    async with bare_link(engine.address) as link:
        await link.sign_in(tom, key)
        just = json.dumps({"type": "fireworks", "optional": True, "x": ""})
        await link.say(just.replace('""', '"' + "x" * (FRAME_BYTES_MAX - len(just)) + '"'))
        assert await lives(link)
        await link.say("x" * (FRAME_BYTES_MAX + 1))
        assert (await link.closed())[0] == 1009
    async with bare_link(engine.address) as link:
        assert (await link.sign_in(tom, key))["type"] == "welcome"


SIGN_INS = {
    "bad_handle": {"handle": "Tom"},
    "sign_in_failed": {"signature": in_base64(b"x" * 64)},
    "version_unsupported": {"version": 1},
    "unknown_attribute": {"presence": {"Shoes": "RED"}},
    "unknown_attribute (null)": {"presence": {"Shoes": None}},
    "not_yours_to_set": {"presence": {"OnlineStatus": True}},
    "not_yours_to_set (null)": {"presence": {"OnlineStatus": None}},
    "bad_value": {"presence": {"UserMood": "GRUMPY"}},
    "bad_value (idle)": {"presence": {"Idle": -1}},
    "bad_until": {"presence": {"UserMood": "SAD"}, "until": {"UserMood": NUMBER_MAX}},
    "bad_until (no change)": {"until": {"UserMood": NUMBER_MAX}},
}


@pytest.mark.parametrize(("code", "changed"), SIGN_INS.items(), ids=SIGN_INS.keys())
async def test_a_sign_in_that_is_refused_closes_the_link_and_takes_no_name(engine, name, code, changed):
    tom, code = name("tom"), code.partition(" ")[0]
    async with bare_link(engine.address) as link:
        if code == "bad_handle":
            refused = await link.sign_in(changed["handle"])
        else:
            refused = await link.sign_in(tom, **changed)
        assert is_sentence_of(refused, code)
        assert await link.closed() == (4003, code)
    async with bare_link(engine.address) as link:
        assert (await link.sign_in(tom))["type"] == "welcome"


@pytest.mark.parametrize(
    "handle", ["", "a", "a" * 33, "tom smith", "töm", "TOM", "tom\n", "../tom", "tom\u200b"]
)
async def test_a_handle_that_is_none(engine, handle):
    async with bare_link(engine.address) as link:
        assert is_sentence_of(await link.sign_in(handle), "bad_handle")


@pytest.mark.parametrize("key", [b"", b"short", b"x" * 33, b"\xff" * 32, bytes(32)])
async def test_a_key_that_is_none(engine, name, key):
    async with bare_link(engine.address) as link:
        refused = await link.sign_in(name("tom"), device_key=in_base64(key))
        assert is_sentence_of(refused, "sign_in_failed")


async def test_a_handle_that_is_taken_stays_whose_it_is(engine, name):
    tom = name("tom")
    async with bare_link(engine.address) as owner:
        await owner.sign_in(tom)
        async with bare_link(engine.address) as thief:
            assert is_sentence_of(await thief.sign_in(tom), "handle_taken")
        assert await lives(owner)


async def test_a_signature_of_another_link_is_of_no_use(engine, name):
    tom, key = name("tom"), new_key()
    async with bare_link(engine.address) as first, bare_link(engine.address) as second:
        assert first.hello["challenge"] != second.hello["challenge"]
        second.hello = first.hello
        assert is_sentence_of(await second.sign_in(tom, key), "sign_in_failed")


SUBMISSIONS = {
    "body_too_large": {"body": in_base64(b"x" * (16 * 1024 + 1))},
    "body_empty": {"body": ""},
    "bad_id": {"id": ""},
    "content_type_too_long": {"content_type": "x" * 101},
    "content_type_too_long (enc)": {"enc": "x" * 101},
    "validity_out_of_range": {"valid_for": 0},
    "unknown_person": {"to": ["nobody-here"]},
    "no_recipient": {"to": []},
    "condition_impossible": {
        "when": {
            "any": [
                {
                    "all": [
                        {"attr": "UserMood", "op": "eq", "value": "HAPPY"},
                        {"attr": "UserMood", "op": "eq", "value": "SAD"},
                    ]
                }
            ]
        }
    },
    "condition_unknown": {"when": {"any": [{"all": [{"attr": "Shoes", "op": "eq", "value": "RED"}]}]}},
    "condition_too_large": {
        "when": {"any": [{"all": [{"attr": "UserMood", "op": "eq", "value": "SAD"}]}] * 5}
    },
    "condition_unsupported": {"when": {"v": 2}},
    "condition_unknown (window)": {"when": {"window": {"start": "9:00", "end": "17:00"}}},
    "condition_unknown (operator)": {"when": {"any": [{"all": [{"attr": "Idle", "op": "eq", "value": 60}]}]}},
    "dwell_out_of_range": {"when": {"dwell": 3_601}},
    "dwell_too_long": {"when": {"dwell": 60}, "valid_for": 60},
    "begins_too_late": {"when": {"not_before": NUMBER_MAX}},
    "not_offered": {"when": {"any": [{"all": [{"attr": "Idle", "op": "ge", "value": 60}]}]}},
    "alert_without_text": {"alert": True},
    "alert_without_text (order)": {"alert": True, "body": "", "keep_order": True},
    "alert_without_text (deliver)": {"alert": True, "body": "", "otherwise": "deliver"},
}


# The part of the condition that is named.
PLACES = {
    "condition_impossible": "0.1",
    "condition_unknown": "0.0",
    "condition_unknown (operator)": "0.0",
    "condition_unknown (window)": "window",
    "dwell_out_of_range": "dwell",
    "dwell_too_long": "dwell",
    "begins_too_late": "not_before",
}


@pytest.mark.rule("W6", "W25", "W26", "L5")
@pytest.mark.parametrize(("case", "changed"), SUBMISSIONS.items(), ids=SUBMISSIONS.keys())
async def test_a_submission_that_is_refused_leaves_nothing_behind(engine, name, case, changed):
    code = case.partition(" ")[0]
    tom, mary, key = name("tom"), name("mary"), new_key()
    async with bare_link(engine.address) as link:
        await link.sign_in(mary, key)
    async with bare_link(engine.address) as link:
        await link.sign_in(tom)
        refused = await link.ask(submission(mary, tom, **changed))
        assert is_sentence_of(refused, code)
        assert refused.get("clause", "") == PLACES.get(case, "")
        assert (await link.ask(submission(mary, tom, id=f"{tom}-good")))["type"] == "done"
        async with bare_link(engine.address) as other:
            await other.sign_in(mary, key)
            delivered = await other.hear("deliver")
            assert [each["id"] for each in delivered["deliveries"]] == [f"{tom}-good"]


async def test_the_longest_content_type_passes_unchanged(engine, name):
    tom, mary = name("tom"), name("mary")
    async with bare_link(engine.address) as link, bare_link(engine.address) as other:
        await link.sign_in(tom)
        await other.sign_in(mary)
        long = {"content_type": "c" * 100, "enc": "e" * 100}
        assert (await link.ask(submission(mary, id=f"{tom}-1", **long)))["type"] == "done"
        (delivery,) = (await other.hear("deliver"))["deliveries"]
        assert {field: delivery[field] for field in long} == long


@pytest.mark.rule("L3")
async def test_the_largest_body_passes(engine, name):
    tom = name("tom")
    async with bare_link(engine.address) as link:
        await link.sign_in(tom)
        async with bare_link(engine.address) as other:
            mary = name("mary")
            await other.sign_in(mary)
            body = "x" * 16 * 1024
            assert (await link.ask(submission(mary, body, id=f"{tom}-1")))["type"] == "done"
            assert (await other.hear("deliver"))["deliveries"][0]["body"] == in_base64(body.encode())


@pytest.mark.rule("P1")
async def test_a_presence_that_is_refused_changes_nothing_at_all(engine, name):
    tom = name("tom")
    async with bare_link(engine.address) as link:
        await link.sign_in(tom)
        changes = {"UserMood": "SAD", "Shoes": "RED"}
        assert is_sentence_of(
            await link.ask({"type": "set_presence", "changes": changes}), "unknown_attribute"
        )
        async with bare_link(engine.address) as other:
            await other.sign_in(name("mary"))
            people = (await other.hear("people"))["people"]
            (mine,) = [each for each in people if each["handle"] == tom]
            assert "UserMood" not in mine["readings"]


@pytest.mark.rule("P4")
async def test_nobody_takes_back_that_they_are_online(engine, name):
    """Only the engine says so, whatever a client sends."""
    tom = name("tom")
    async with bare_link(engine.address) as link:
        await link.sign_in(tom)
        for value in (None, False, True):
            refused = await link.ask({"type": "set_presence", "changes": {"OnlineStatus": value}})
            assert is_sentence_of(refused, "not_yours_to_set")
        async with bare_link(engine.address) as other:
            await other.sign_in(name("mary"))
            people = (await other.hear("people"))["people"]
            (mine,) = [each for each in people if each["handle"] == tom]
            assert mine["readings"]["OnlineStatus"]["value"] is True


RULES = {
    "unknown_attribute": {"rules": {"Shoes": {}}},
    "names_oneself": {"blocked": ["?"]},
    "names_oneself (rule)": {"rules": {"Idle": {"see": "chosen", "people": ["?"]}}},
    "too_many_named": {"vips": [f"p{number}" for number in range(301)]},
    "too_many_named (rule)": {"rules": {"Idle": {"people": [f"p{number}" for number in range(301)]}}},
}


@pytest.mark.rule("S4", "L5")
@pytest.mark.parametrize(("case", "privacy"), RULES.items(), ids=RULES.keys())
async def test_rules_that_are_refused_change_nothing(engine, name, case, privacy):
    tom = name("tom")
    frame = {"type": "set_privacy", "privacy": privacy}
    async with bare_link(engine.address) as link:
        await link.sign_in(tom)
        assert (await link.hear("privacy"))["privacy"] == {}
        assert (await link.ask({"type": "set_privacy", "privacy": {"blocked": ["eve"]}}))["type"] == "done"
        assert (await link.hear("privacy"))["privacy"] == {"blocked": ["eve"]}
        await link.say(json.dumps(frame | {"request": 99}).replace("?", tom))
        refused = await link.hear("done", "refused", "privacy")
        assert is_sentence_of(refused, case.partition(" ")[0])
        assert refused["request"] == 99


@pytest.mark.parametrize("type", ["pause", "resume", "explain", "withdraw", "send_now"])
async def test_what_is_asked_about_somebody_elses_message_is_refused_as_for_one_that_is_none(
    engine, name, type
):
    tom, mary = name("tom"), name("mary")
    async with bare_link(engine.address) as other:
        await other.sign_in(mary)
        async with bare_link(engine.address) as link:
            await link.sign_in(tom)
            await link.ask(
                submission(mary, id=f"{tom}-1", valid_for=60, when={"not_before": 1, "edge": True})
            )
        answers = [await other.ask({"type": type, "id": id}) for id in (f"{tom}-1", "none")]
        assert all(is_sentence_of(answer, "unknown_message") for answer in answers)
        assert answers[0]["text"] == answers[1]["text"]


async def test_a_link_that_was_refused_is_really_closed(engine, name):
    async with bare_link(engine.address) as link:
        await link.sign_in("Not a handle")
        await link.closed()
        with pytest.raises(ConnectionClosed):
            await link.say(WITHDRAW)
