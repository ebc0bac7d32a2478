"""What is refused at acceptance; and that a refusal does not tell what is hidden from what is not to be used."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_engine.core.checks import check_body, check_condition, check_offered, check_validity
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Clause, Condition, Group, one_group
from tact_engine.core.envelope import BODY_BYTES_MAX, VALIDITY_SECONDS_MAX, VALIDITY_SECONDS_MIN
from tact_engine.core.errors import REFUSALS, Refused
from tact_engine.core.presence import ATTRIBUTES, ONLINE_STATUS, Presence, Reading, nobody
from tact_engine.core.privacy import NO_WISHES, Audience, Privacy, Rule
from tact_engine.core.window import Window

NOW_MS = 1_800_000_000_000
HIDDEN, UNUSABLE = Rule(Audience.NOBODY), Rule(usable=False)
FOR_TOM = Rule(Audience.CHOSEN, ("tom",))


class Office:
    """As much of a view as the checks look at: people, and the wishes of some of them."""

    def __init__(self, *handles, **wishes):
        self._people = {handle: nobody(handle) for handle in ("mary", *handles)}
        self._wishes = wishes

    def set(self, presence):
        self._people[presence.handle] = presence
        return self

    def person(self, handle):
        return self._people.get(handle)

    def privacy(self, handle):
        return self._wishes.get(handle, NO_WISHES)


def refused(check, *arguments, **options):
    """What it is refused with, as it goes to the sender; "" where it is not."""
    try:
        check(*arguments, **options)
    except Refused as caught:
        return (caught.code, caught.text, caught.clause)
    return ""


def not_offered(name, handle="mary"):
    return ("not_offered", REFUSALS["not_offered"].format(name=name, handle=handle), "")


def offers(condition, privacy=NO_WISHES, *, alert=False, sender="tom"):
    return refused(check_offered, condition, alert, ("mary",), sender, Office(mary=privacy))


# --- the body and the validity


@pytest.mark.rule("L3", "L5")
@pytest.mark.parametrize(
    ("size", "code"),
    [(0, "body_empty"), (1, ""), (BODY_BYTES_MAX, ""), (BODY_BYTES_MAX + 1, "body_too_large")],
)
def test_how_large_a_message_is(size, code):
    assert refused(check_body, b"x" * size, alert=False)[:1] == ((code,) if code else "")


@pytest.mark.rule("R1")
@pytest.mark.parametrize(("body", "code"), [(b"", ""), (b"x", "alert_without_text")])
def test_what_is_only_told_has_no_text(body, code):
    assert refused(check_body, body, alert=True)[:1] == ((code,) if code else "")


@pytest.mark.rule("V1")
@pytest.mark.parametrize("seconds", [VALIDITY_SECONDS_MIN, VALIDITY_SECONDS_MAX])
def test_the_shortest_and_the_longest_validity(seconds):
    assert refused(check_validity, seconds) == ""


@pytest.mark.rule("V1")
@pytest.mark.parametrize("seconds", [VALIDITY_SECONDS_MIN - 1, VALIDITY_SECONDS_MAX + 1, 0, -1, 10**30])
def test_there_is_no_other_validity_and_none_for_ever(seconds):
    code, text, _ = refused(check_validity, seconds)
    assert (code, str(seconds) in text) == ("validity_out_of_range", True)


# --- the condition


@pytest.mark.rule("W6", "W25", "W26")
@pytest.mark.parametrize(
    ("condition", "code", "clause"),
    [
        (one_group(("UserMood", "eq", "SAD"), ("UserMood", "eq", "HAPPY")), "condition_impossible", "0.1"),
        (one_group(("Weather", "eq", "fog")), "condition_unknown", "0.0"),
        (Condition(dwell=60), "dwell_too_long", "dwell"),
        (Condition(not_before=NOW_MS + 60_000), "begins_too_late", "not_before"),
        # what is not understood is said first
        (Condition(any=(Group((Clause("Weather", "eq", "fog"),)),), dwell=60), "condition_unknown", "0.0"),
    ],
)
def test_a_condition_must_be_understood_and_in_time(condition, code, clause):
    refusal = refused(check_condition, condition, NOW_MS, NOW_MS + 60_000)
    assert (refusal[0], refusal[2]) == (code, clause)


def test_a_condition_that_can_come_true_is_accepted():
    condition = Condition(dwell=59, not_before=NOW_MS + 999, window=Window("09:00", "17:00"))
    assert refused(check_condition, condition, NOW_MS, NOW_MS + 60_000) == ""


# --- what is offered


@pytest.mark.rule("S10")
@pytest.mark.parametrize(
    ("condition", "privacy", "missing"),
    [
        (WHEN_ONLINE, Privacy(dict.fromkeys(ATTRIBUTES, HIDDEN)), ""),
        (PRESETS["available"], NO_WISHES, ""),
        (PRESETS["available"], Privacy({"UserMood": HIDDEN}), ""),
        (PRESETS["not angry"], Privacy({"UserMood": HIDDEN}), "UserMood"),
        (PRESETS["not angry"], Privacy({"UserMood": UNUSABLE}), "UserMood"),
        (PRESETS["not angry"], Privacy({"UserMood": FOR_TOM}), ""),
        (one_group(("Idle", "ge", 5)), NO_WISHES, "Idle"),  # for chosen people, and there are none
        (one_group(("FreeTextLocation", "contains", "x")), NO_WISHES, "FreeTextLocation"),
        (Condition(window=Window("09:00", "17:00")), NO_WISHES, ""),
        (Condition(window=Window("09:00", "17:00")), Privacy({"TimeZone": HIDDEN}), "TimeZone"),
        (one_group(("OnlineStatus", "eq", True)), Privacy({"OnlineStatus": UNUSABLE}), "OnlineStatus"),
    ],
    ids=str,
)
def test_what_a_condition_needs_must_be_offered(condition, privacy, missing):
    assert offers(condition, privacy) == (not_offered(missing) if missing else "")


@pytest.mark.rule("S10")
def test_an_alternative_that_is_offered_is_enough():
    either = Condition(any=(Group((Clause("Idle", "lt", 5),)), Group((Clause("UserMood", "eq", "SAD"),))))
    assert offers(either) == ""
    assert offers(either, Privacy({"UserMood": HIDDEN})) == not_offered("Idle")


@pytest.mark.rule("S11")
@pytest.mark.parametrize("alert", [False, True])
@pytest.mark.parametrize("name", [name for name in ATTRIBUTES if name != "TimeZone"])
def test_hidden_and_not_to_be_used_are_refused_alike_to_the_last_byte(name, alert):
    samples = {"OnlineStatus": ("eq", True), "Idle": ("ge", 5)}
    op, value = samples.get(name) or (
        ("eq", words[0]) if (words := ATTRIBUTES[name].words) else ("contains", "x")
    )
    ways = [HIDDEN, UNUSABLE, Rule(Audience.NOBODY, usable=False), Rule(Audience.CHOSEN, ("ann",))]
    said = {
        msgspec.json.encode(offers(one_group((name, op, value)), Privacy({name: rule}), alert=alert))
        for rule in ways
    }
    assert said == {msgspec.json.encode(not_offered(name))}


@pytest.mark.rule("R5")
@pytest.mark.parametrize("rule", [HIDDEN, UNUSABLE])
@pytest.mark.parametrize("condition", [WHEN_ONLINE, PRESETS["not angry"], Condition(not_before=5)])
def test_to_be_told_one_must_see_whether_they_are_online(condition, rule):
    assert offers(condition, Privacy({ONLINE_STATUS: rule}), alert=True) == not_offered(ONLINE_STATUS)
    assert offers(condition, Privacy({ONLINE_STATUS: rule}), alert=False) == ""
    assert offers(condition, alert=True) == ""


@pytest.mark.rule("R5", "S10")
def test_what_the_condition_itself_needs_is_named_first():
    both = Privacy({ONLINE_STATUS: HIDDEN, "UserMood": HIDDEN})
    assert offers(PRESETS["not angry"], both, alert=True) == not_offered("UserMood")


@pytest.mark.rule("S2", "S10")
def test_everybody_it_goes_to_must_offer_it():
    office = Office("john", "eve", john=Privacy({"UserMood": HIDDEN}), eve=Privacy({"UserMood": FOR_TOM}))
    condition = PRESETS["not angry"]
    assert refused(check_offered, condition, False, ("mary", "eve"), "tom", office) == ""
    assert refused(check_offered, condition, False, ("mary", "john"), "tom", office) == not_offered(
        "UserMood", "john"
    )
    assert refused(check_offered, condition, False, ("eve", "john"), "ann", office) == not_offered(
        "UserMood", "eve"
    )


rules = st.dictionaries(
    st.sampled_from([*ATTRIBUTES]),
    st.builds(Rule, st.sampled_from(Audience), st.sampled_from([(), ("tom",), ("ann",)]), st.booleans()),
)
conditions = st.sampled_from(
    [
        WHEN_ONLINE,
        PRESETS["available"],
        PRESETS["not angry"],
        one_group(("Idle", "ge", 5)),
        one_group(("FreeTextLocation", "contains", "x"), ("OnlineStatus", "eq", True)),
        Condition(any=(Group((Clause("Idle", "lt", 5),)), Group((Clause("UserMood", "eq", "SAD"),)))),
        Condition(window=Window("09:00", "17:00")),
    ]
)


@pytest.mark.rule("S12", "S13")
@given(conditions, rules, st.booleans())
def test_who_is_blocked_is_accepted_and_refused_as_if_they_were_not(condition, found, alert):
    assert offers(condition, Privacy(found, blocked=("tom",)), alert=alert) == offers(
        condition, Privacy(found), alert=alert
    )


@pytest.mark.rule("S10")
@given(conditions, rules, st.booleans(), st.sampled_from(["HAPPY", "SAD", None]))
def test_a_refusal_says_nothing_of_how_somebody_is(condition, found, alert, mood):
    """Whatever is set: the rules alone decide."""
    readings = {"UserMood": Reading(mood, 5), ONLINE_STATUS: Reading(True, 5)} if mood else {}
    office = Office(mary=Privacy(found)).set(Presence("mary", 9, readings))
    assert refused(check_offered, condition, alert, ("mary",), "tom", office) == offers(
        condition, Privacy(found), alert=alert
    )
