"""How a condition stands in its sender's eyes, and what the sender may know of that."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Condition, evaluate, next_moment, one_group
from tact_engine.core.envelope import Envelope, State
from tact_engine.core.facts import Moment
from tact_engine.core.looking import Sight, Sights, may_know, sight_of
from tact_engine.core.presence import (
    ATTRIBUTES,
    IDLE,
    ONLINE_STATUS,
    USER_MOOD,
    Presence,
    Reading,
    SetBy,
    offered,
)
from tact_engine.core.privacy import NO_WISHES, STRANGER, Audience, Privacy, Rule, shown
from tact_engine.core.window import Window

NOW = Moment(1_767_945_600_000, 5_000)  # Friday 9 January 2026, 10:00 in Helsinki
MARY = Presence(
    "mary",
    7,
    {
        ONLINE_STATUS: Reading(True, 100, source=SetBy.ENGINE),
        USER_MOOD: Reading("HAPPY", 200),
        IDLE: Reading(0, NOW.utc_ms - 60_000, source=SetBy.CLIENT),
        "TimeZone": Reading("Europe/Helsinki", 0),
    },
)
AWAY = replace(MARY, readings=MARY.readings | {ONLINE_STATUS: Reading(False, 900, source=SetBy.ENGINE)})
NOT_ANGRY = PRESETS["not angry"]
ONLINE = one_group(("OnlineStatus", "eq", True))
RESTING = one_group(("Idle", "ge", 90))
MORNING = Condition(window=Window("09:00", "12:00"))
HIDDEN, UNUSABLE = Rule(Audience.NOBODY), Rule(usable=False)
FOR_TOM = Rule(Audience.CHOSEN, ("tom",))


class Wishes:
    """As much of a view as looking needs: Mary's wishes."""

    def __init__(self, privacy):
        self._privacy = privacy

    def privacy(self, handle):
        assert handle == "mary"
        return self._privacy


def office(privacy) -> Any:
    return Wishes(privacy)


def truth(condition, privacy=NO_WISHES, presence=MARY, sender="tom"):
    return sight_of(presence, sender, office(privacy), NOW).verdict(condition).truth


@pytest.mark.rule("S2", "S9", "W14")
@pytest.mark.parametrize(
    ("condition", "privacy", "expected"),
    [
        (WHEN_ONLINE, NO_WISHES, True),
        (NOT_ANGRY, NO_WISHES, True),
        (NOT_ANGRY, Privacy({USER_MOOD: HIDDEN}), None),
        (NOT_ANGRY, Privacy({USER_MOOD: UNUSABLE}), None),
        (NOT_ANGRY, Privacy({USER_MOOD: FOR_TOM}), True),
        (PRESETS["available"], Privacy({USER_MOOD: HIDDEN}), True),
        (ONLINE, NO_WISHES, True),
        (ONLINE, Privacy({ONLINE_STATUS: HIDDEN}), None),
        (ONLINE, Privacy({ONLINE_STATUS: UNUSABLE}), None),
        (MORNING, NO_WISHES, True),
        (MORNING, Privacy({"TimeZone": HIDDEN}), None),
        (one_group(("Idle", "ge", 60)), NO_WISHES, None),
        (one_group(("Idle", "ge", 60)), Privacy({IDLE: FOR_TOM}), True),
        (one_group(("Idle", "ge", 61)), Privacy({IDLE: FOR_TOM}), False),
    ],
    ids=str,
)
def test_a_condition_sees_what_its_sender_may_see_and_use(condition, privacy, expected):
    assert truth(condition, privacy) is expected


@pytest.mark.rule("S3")
def test_what_was_permitted_and_is_no_more_is_unknown_from_then_on():
    assert truth(NOT_ANGRY, Privacy({USER_MOOD: FOR_TOM})) is True
    assert truth(NOT_ANGRY, Privacy({USER_MOOD: replace(FOR_TOM, people=("ann",))})) is None


@pytest.mark.rule("S7")
@pytest.mark.parametrize("rule", [HIDDEN, UNUSABLE])
@pytest.mark.parametrize(("presence", "expected"), [(MARY, True), (AWAY, False)])
def test_being_online_goes_by_the_truth_also_where_the_sender_may_not_see_it(rule, presence, expected):
    privacy = Privacy({ONLINE_STATUS: rule})
    assert truth(WHEN_ONLINE, privacy, presence) is expected
    assert truth(NOT_ANGRY, privacy, presence) is expected


@pytest.mark.rule("S12", "S13")
@pytest.mark.parametrize("condition", [WHEN_ONLINE, NOT_ANGRY, PRESETS["available"], ONLINE, MORNING])
def test_for_somebody_blocked_nobody_is_ever_here(condition):
    privacy = Privacy(blocked=("tom",))
    assert truth(condition, privacy) is False
    assert truth(condition, privacy, sender="ann") is truth(condition, sender="ann")


@pytest.mark.rule("R5")
@pytest.mark.parametrize(
    ("rule", "shows"),
    [(Rule(), True), (HIDDEN, False), (UNUSABLE, False), (FOR_TOM, True), (Rule(Audience.CHOSEN), False)],
)
def test_whether_being_online_is_shown(rule, shows):
    for presence in (MARY, AWAY):
        sight = sight_of(presence, "tom", office(Privacy({ONLINE_STATUS: rule})), NOW)
        assert sight.shows_online is shows
        assert (ONLINE_STATUS in sight.values) is shows


@pytest.mark.rule("W24")
@pytest.mark.parametrize(
    ("condition", "privacy", "later"),
    [
        (WHEN_ONLINE, NO_WISHES, None),
        (Condition(not_before=NOW.utc_ms + 7), Privacy(dict.fromkeys(ATTRIBUTES, HIDDEN)), 7),
        (RESTING, Privacy({IDLE: FOR_TOM}), 30_000),
        (RESTING, NO_WISHES, None),
        (RESTING, Privacy({IDLE: UNUSABLE}), None),
        (MORNING, NO_WISHES, 2 * 3_600_000),
        (MORNING, Privacy({"TimeZone": HIDDEN}), None),
        (MORNING, Privacy({"TimeZone": UNUSABLE}), None),
    ],
    ids=str,
)
def test_it_is_looked_at_again_when_time_may_change_what_the_sender_sees(condition, privacy, later):
    moment = sight_of(MARY, "tom", office(privacy), NOW).next_moment(condition)
    assert moment == (None if later is None else NOW.utc_ms + later)


# --- many senders


handles = st.sampled_from(["tom", "ann", "john"])
people = st.lists(handles, max_size=2).map(tuple)
wishes = st.builds(
    Privacy,
    st.dictionaries(
        st.sampled_from([*ATTRIBUTES]), st.builds(Rule, st.sampled_from(Audience), people, st.booleans())
    ),
    people,
)
conditions = st.sampled_from(
    [
        WHEN_ONLINE,
        NOT_ANGRY,
        ONLINE,
        RESTING,
        MORNING,
        Condition(not_before=NOW.utc_ms + 5),
        PRESETS["available"],
    ]
)


@pytest.mark.rule("S2", "W29")
@given(wishes, conditions, handles, st.sampled_from([MARY, AWAY]))
def test_a_sight_is_the_one_function_over_the_one_document_that_is_shown(
    privacy, condition, sender, presence
):
    """Also where it looks only as far as it has to, or shares what strangers see."""
    document = shown(presence, privacy, sender)
    values = offered(document, NOW.utc_ms)
    growing = {name: value for name, value in values.items() if name != IDLE or IDLE in document.readings}
    here = presence.online and sender not in privacy.blocked
    for sight in (
        Sights(presence, privacy, NOW).of(sender),
        sight_of(presence, sender, office(privacy), NOW),
        Sight(presence, privacy, sender, NOW),
    ):
        assert sight.verdict(condition) == evaluate(condition, values, NOW.utc_ms, here)
        assert sight.next_moment(condition) == next_moment(condition, growing, NOW.utc_ms)
        assert sight.values == values


@pytest.mark.rule("W24")
def test_seconds_that_nobody_has_told_do_not_grow():
    active = replace(MARY, readings={ONLINE_STATUS: MARY.readings[ONLINE_STATUS]})
    sight = sight_of(active, "tom", office(Privacy({IDLE: Rule()})), NOW)
    assert sight.verdict(RESTING).truth is False
    assert sight.next_moment(RESTING) is None


def test_strangers_share_one_sight_and_whoever_is_named_has_their_own():
    sights = Sights(MARY, Privacy({USER_MOOD: FOR_TOM}, blocked=("john",)), NOW)
    assert sights.of("ann") is sights.of("eve") is sights.of(STRANGER)
    assert len({id(sights.of(sender)) for sender in ("ann", "tom", "john")}) == 3
    assert sights.of("tom") is sights.of("tom")


# --- what the sender may know


def envelope(condition):
    return Envelope(
        number=1, id="m", sender="tom", recipient="mary", conversation="c", condition=condition,
        state=State.RELEASED, revision=1, accepted_at=0, expires_at=9, since=0,
    )  # fmt: skip


@pytest.mark.rule("S8")
@pytest.mark.parametrize(
    ("condition", "privacy", "knows"),
    [
        (WHEN_ONLINE, NO_WISHES, True),
        (WHEN_ONLINE, Privacy({USER_MOOD: HIDDEN}), True),
        (WHEN_ONLINE, Privacy({ONLINE_STATUS: HIDDEN}), False),
        (WHEN_ONLINE, Privacy({ONLINE_STATUS: FOR_TOM}), True),
        (WHEN_ONLINE, Privacy({ONLINE_STATUS: UNUSABLE}), True),  # they see it anyhow
        (NOT_ANGRY, NO_WISHES, True),
        (NOT_ANGRY, Privacy({USER_MOOD: HIDDEN}), False),
        (NOT_ANGRY, Privacy({USER_MOOD: FOR_TOM}), True),
        (NOT_ANGRY, Privacy({ONLINE_STATUS: HIDDEN}), False),
        (MORNING, Privacy({"TimeZone": HIDDEN}), False),
        (RESTING, NO_WISHES, False),
        (RESTING, Privacy({IDLE: FOR_TOM}), True),
    ],
    ids=str,
)
def test_that_a_message_left_says_no_more_than_its_sender_sees(condition, privacy, knows):
    assert may_know(envelope(condition), office(privacy)) is knows


@pytest.mark.rule("S8", "S13")
def test_who_is_blocked_does_not_learn_that_anything_left():
    assert not may_know(envelope(WHEN_ONLINE), office(Privacy(blocked=("tom",))))
    assert may_know(envelope(WHEN_ONLINE), office(Privacy(blocked=("ann",), vips=("tom",))))


@pytest.mark.parametrize("condition", [NOT_ANGRY, ONLINE, WHEN_ONLINE, one_group((IDLE, "ge", 300))])
def test_a_look_is_the_verdict_and_the_next_moment_and_is_made_once(condition):
    sight = Sight(MARY, NO_WISHES, "tom", NOW)
    looked = sight.look(condition)
    assert looked == (sight.verdict(condition), sight.next_moment(condition))
    assert sight.look(condition)[0] is looked[0]


def test_conditions_that_only_count_as_equal_are_looked_at_each_for_itself():
    one, true = (one_group((ONLINE_STATUS, "in", (value,))) for value in (1, True))
    assert one == true
    sight = Sight(MARY, NO_WISHES, "tom", NOW)
    assert sight.look(one)[0] is not sight.look(true)[0]
