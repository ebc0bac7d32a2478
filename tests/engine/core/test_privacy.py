"""Who is shown what: by rule, by default, and when blocked; and that nothing shines through."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tact_engine.core.changes import restored, updated
from tact_engine.core.errors import Refused
from tact_engine.core.presence import (
    ACTIVITY,
    ALIAS,
    ATTRIBUTES,
    FREE_TEXT_LOCATION,
    IDLE,
    ONLINE_STATUS,
    STATUS_TEXT,
    USER_AVAILABILITY,
    USER_MOOD,
    Presence,
    Reading,
    SetBy,
    nobody,
    offered,
    seen,
)
from tact_engine.core.privacy import (
    DEFAULTS,
    NO_WISHES,
    PEOPLE_MAX,
    STRANGER,
    Audience,
    Privacy,
    Rule,
    check_privacy,
    known,
    may_see,
    may_use,
    rule_of,
    same_sight,
    shown,
)

MARY = Presence(
    "mary",
    7,
    {
        ONLINE_STATUS: Reading(True, 100, source=SetBy.ENGINE),
        USER_MOOD: Reading("ANGRY", 200),
        ALIAS: Reading("Mary", 250),
        FREE_TEXT_LOCATION: Reading("at home", 300),
        IDLE: Reading(60, 340, source=SetBy.CLIENT),
        "Weather": Reading("fog", 400),
    },
)
FOR_TOM = Rule(Audience.CHOSEN, ("tom", "ann"))
CLOSED = Rule(Audience.NOBODY)


def of(*, blocked=(), vips=(), **rules):
    return Privacy(rules, blocked, vips)


# --- rules


@pytest.mark.rule("S4")
@pytest.mark.parametrize(
    ("rule", "viewers"),
    [
        (Rule(), ["tom", "john", STRANGER]),
        (Rule(Audience.EVERYONE, ("tom",)), ["tom", "john", STRANGER]),
        (FOR_TOM, ["tom"]),
        (Rule(Audience.CHOSEN), []),
        (CLOSED, []),
        (Rule(Audience.NOBODY, ("tom",)), []),
    ],
    ids=str,
)
def test_who_sees_an_attribute(rule, viewers):
    privacy = of(UserMood=rule)
    for viewer in ("tom", "john", STRANGER):
        document = shown(MARY, privacy, viewer)
        assert may_see(privacy, USER_MOOD, viewer) is (viewer in viewers)
        assert may_use(privacy, USER_MOOD, viewer) is (viewer in viewers)
        assert not may_use(of(UserMood=replace(rule, usable=False)), USER_MOOD, viewer)
        assert (USER_MOOD in document.hidden) is (viewer not in viewers)
        assert (USER_MOOD in document.readings) is (USER_MOOD in seen(document, 500)) is (viewer in viewers)


@pytest.mark.rule("S4")
def test_a_rule_is_about_its_attribute_alone():
    closed = shown(MARY, of(UserMood=CLOSED), "tom")
    assert closed.readings == {
        name: each for name, each in MARY.readings.items() if name not in (USER_MOOD, IDLE)
    }
    assert set(closed.hidden) == {USER_MOOD, IDLE}


@pytest.mark.rule("S5")
def test_what_may_not_be_used_is_seen_all_the_same():
    document = shown(MARY, of(UserMood=Rule(usable=False), Idle=Rule(usable=False)), "tom")
    assert document.unusable == (USER_MOOD, FREE_TEXT_LOCATION, IDLE)
    assert document.hidden == ()
    assert seen(document, 500)[USER_MOOD] == "ANGRY"
    assert not {USER_MOOD, IDLE} & set(offered(document, 500))


def test_what_is_hidden_is_not_named_twice():
    assert shown(MARY, of(UserMood=Rule(Audience.NOBODY, usable=False)), "tom").unusable == (
        FREE_TEXT_LOCATION,
    )


@pytest.mark.rule("S6")
def test_where_nothing_was_decided():
    document = shown(MARY, NO_WISHES, "tom")
    assert (document.hidden, document.unusable) == ((IDLE,), (FREE_TEXT_LOCATION,))
    assert set(DEFAULTS) == {IDLE, FREE_TEXT_LOCATION}
    assert document.readings == {name: each for name, each in MARY.readings.items() if name != IDLE}
    assert shown(nobody("ann"), NO_WISHES, "tom").hidden == (IDLE,)


@pytest.mark.rule("S6")
def test_a_rule_stands_for_the_default_as_a_whole():
    assert rule_of(of(Idle=Rule()), IDLE) == Rule()
    assert may_see(of(Idle=Rule()), IDLE, STRANGER)
    assert rule_of(of(FreeTextLocation=FOR_TOM), FREE_TEXT_LOCATION).usable
    assert rule_of(of(FreeTextLocation=FOR_TOM), IDLE) == DEFAULTS[IDLE]


def test_an_attribute_that_nobody_knows_is_open():
    assert shown(MARY, NO_WISHES, "tom").readings["Weather"] == Reading("fog", 400)


def test_its_owner_sees_the_document_itself():
    assert shown(MARY, of(UserMood=CLOSED, blocked=("mary",)), "mary") is MARY


def test_somebody_shown_nothing_hidden_still_has_a_document():
    document = shown(MARY, Privacy(dict.fromkeys(ATTRIBUTES, CLOSED)), "tom")
    assert (document.handle, document.hidden) == ("mary", tuple(ATTRIBUTES))
    assert (seen(document, 500), offered(document, 500)) == ({"Weather": "fog"}, {"Weather": "fog"})


# --- what a value returns to


@pytest.mark.rule("P19", "S4")
def test_nobody_else_is_shown_what_a_value_returns_to():
    document = updated(MARY, {USER_MOOD: "HAPPY"}, 1_000, until={USER_MOOD: 5_000})
    assert shown(document, NO_WISHES, "mary").readings[USER_MOOD].previous is not None
    told = shown(document, NO_WISHES, "tom")
    assert told.readings[USER_MOOD] == Reading("HAPPY", 1_000, 5_000)
    assert b"ANGRY" not in msgspec.json.encode(told)


moods = st.lists(
    st.tuples(st.sampled_from(["SAD", "HAPPY", "BORED"]), st.none() | st.integers(1, 40)), max_size=4
)


@pytest.mark.rule("P2", "S4")
@given(moods, st.sampled_from(["tom", STRANGER]), st.sampled_from([NO_WISHES, of(UserMood=FOR_TOM)]))
def test_two_pasts_with_one_present_look_alike(chosen, viewer, privacy):
    """Whatever was set before: who sees the same value, since and until, is shown the same document."""
    document = MARY
    for at, (mood, lasts) in enumerate(chosen):
        document = updated(
            restored(document, at), {USER_MOOD: mood}, at, until={USER_MOOD: at + lasts} if lasts else {}
        )
    plain = {name: replace(reading, previous=None) for name, reading in document.readings.items()}
    assert shown(document, privacy, viewer) == shown(replace(document, readings=plain), privacy, viewer)


# --- blocked


@pytest.mark.rule("S12")
def test_who_is_blocked_sees_somebody_offline_with_nothing_set():
    told = shown(MARY, of(blocked=("tom",)), "tom")
    assert told.readings == {ALIAS: Reading("Mary", 250)}
    assert seen(told, 500) == seen(shown(nobody("mary"), NO_WISHES, "tom"), 500) | {ALIAS: "Mary"}
    assert not told.online


@pytest.mark.rule("S12")
def test_others_see_nothing_of_it():
    assert shown(MARY, of(blocked=("tom",)), "john") == shown(MARY, NO_WISHES, "john")


@pytest.mark.rule("S12", "S13")
@pytest.mark.parametrize(
    "rules", [{}, {"UserMood": CLOSED}, {"Alias": CLOSED}, {"UserMood": FOR_TOM, "Idle": FOR_TOM}], ids=str
)
def test_who_is_blocked_is_offered_and_refused_what_they_were_before(rules):
    before, after = shown(MARY, of(**rules), "tom"), shown(MARY, of(**rules, blocked=("tom",)), "tom")
    assert (after.hidden, after.unusable) == (before.hidden, before.unusable)
    assert set(offered(after, 500)) == set(offered(before, 500)) - {"Weather"}
    assert set(after.readings) <= {ALIAS}


@pytest.mark.rule("S12")
@pytest.mark.parametrize("name", [name for name in MARY.readings if name != ALIAS])
def test_nothing_that_is_set_reaches_who_is_blocked(name):
    open_to_all = Privacy(dict.fromkeys(ATTRIBUTES, Rule()), blocked=("tom",))
    without = replace(MARY, readings={key: each for key, each in MARY.readings.items() if key != name})
    assert shown(MARY, open_to_all, "tom").readings == shown(without, open_to_all, "tom").readings


# --- who is treated otherwise


def test_whom_a_rule_names_or_who_is_blocked_is_no_stranger():
    privacy = of(UserMood=FOR_TOM, Idle=Rule(Audience.CHOSEN, ("eve",)), blocked=("john",), vips=("boss",))
    assert known(privacy) == {"tom", "ann", "eve", "john"}
    assert known(NO_WISHES) == frozenset()


handles = st.sampled_from(["tom", "ann", "john", "eve"])
people = st.lists(handles, max_size=3).map(tuple)
rules = st.dictionaries(
    st.sampled_from([*ATTRIBUTES, "Weather"]),
    st.builds(Rule, st.sampled_from(Audience), people, st.booleans()),
)
wishes = st.builds(Privacy, rules, people, people)


@given(wishes, handles)
def test_whoever_is_not_known_is_shown_what_strangers_are(privacy, viewer):
    if viewer not in known(privacy):
        assert shown(MARY, privacy, viewer) == shown(MARY, privacy, STRANGER)


@pytest.mark.rule("S2", "S4", "S5")
@given(wishes, handles)
def test_a_condition_is_offered_what_is_seen_and_usable_and_nothing_else(privacy, viewer):
    document = shown(MARY, privacy, viewer)
    for name in seen(document, 500):
        assert may_see(privacy, name, viewer)
        assert (name in offered(document, 500)) is rule_of(privacy, name).usable
    assert set(document.hidden) == {
        name for name in {*ATTRIBUTES, "Weather"} if not may_see(privacy, name, viewer)
    }


@given(wishes)
def test_wishes_are_read_back_as_they_were_written(privacy):
    assert msgspec.json.decode(msgspec.json.encode(privacy), type=Privacy) == privacy


def test_an_open_rule_over_a_default_survives_its_short_form():
    """All of it is left out in writing, and still it is there."""
    text = msgspec.json.encode(of(Idle=Rule()))
    assert text == b'{"rules":{"Idle":{}}}'
    assert may_see(msgspec.json.decode(text, type=Privacy), IDLE, STRANGER)


# --- the same sight


@pytest.mark.rule("P1", "S4")
def test_only_its_owner_sees_the_number_of_a_version():
    assert shown(MARY, NO_WISHES, "mary").version == MARY.version > 0
    assert shown(MARY, NO_WISHES, "tom").version == 0


@pytest.mark.rule("P18")
def test_documents_say_the_same_whatever_their_versions():
    one = shown(MARY, NO_WISHES, "tom")
    assert same_sight(one, replace(one, version=99))
    for other in (
        replace(one, readings=one.readings | {ACTIVITY: Reading("LUNCH", 5)}),
        replace(one, readings=one.readings | {USER_MOOD: Reading("ANGRY", 201)}),
        replace(one, readings=one.readings | {USER_MOOD: Reading("ANGRY", 200, 900)}),
        replace(one, hidden=()),
        replace(one, unusable=()),
    ):
        assert not same_sight(one, other)


@pytest.mark.rule("P18", "S4")
@pytest.mark.parametrize(
    ("changes", "viewer", "tells"),
    [
        ({USER_MOOD: "SAD"}, "tom", True),
        ({USER_MOOD: "SAD"}, "john", False),
        ({USER_MOOD: "SAD"}, "blocked", False),
        ({STATUS_TEXT: "hello"}, "john", True),
        ({STATUS_TEXT: "hello", USER_AVAILABILITY: "DISCREET"}, "blocked", False),
        ({ALIAS: "Mary M."}, "blocked", True),
    ],
    ids=str,
)
def test_a_change_looks_like_one_to_those_who_may_see_it(changes, viewer, tells):
    privacy = of(UserMood=FOR_TOM, blocked=("blocked",))
    after = updated(MARY, changes, 900)
    assert same_sight(shown(MARY, privacy, viewer), shown(after, privacy, viewer)) is not tells


# --- what is refused


PEOPLE = tuple(f"person{number}" for number in range(PEOPLE_MAX))


@pytest.mark.parametrize("place", ["blocked", "vips", "people"])
@pytest.mark.parametrize(
    ("names", "code"),
    [(PEOPLE, ""), ((*PEOPLE, "tom"), "too_many_named"), (("tom", "mary"), "names_oneself")],
)
def test_a_list_at_and_past_its_limit_and_with_its_owner(place, names, code):
    wish = of(Alias=Rule(Audience.CHOSEN, names)) if place == "people" else Privacy(**{place: names})
    assert refused(wish) == code


def test_every_list_is_looked_at():
    last = dict.fromkeys(ATTRIBUTES, Rule()) | {[*ATTRIBUTES][-1]: Rule(Audience.NOBODY, ("mary",))}
    assert refused(Privacy(last)) == "names_oneself"


@pytest.mark.parametrize("name", ["Weather", "usermood", ""])
def test_a_rule_about_what_nobody_knows_is_refused(name):
    assert refused(Privacy({USER_MOOD: CLOSED, name: Rule()})) == "unknown_attribute"


def test_rules_about_all_there_is_and_none_at_all_are_accepted():
    assert refused(NO_WISHES) == refused(Privacy(dict.fromkeys(ATTRIBUTES, CLOSED))) == ""


def refused(wish):
    try:
        check_privacy(wish, "mary")
    except Refused as caught:
        return caught.code
    return ""


@pytest.mark.parametrize(
    "text",
    [
        '{"rules":[]}', '{"rules":null}', '{"rules":{"Idle":null}}', '{"rules":{"Idle":{"see":"EVERYONE"}}}',
        '{"rules":{"Idle":{"see":1}}}', '{"rules":{"Idle":{"usable":1}}}', '{"rules":{"Idle":{"usable":"no"}}}',
        '{"rules":{"Idle":{"people":"tom"}}}', '{"rules":{"Idle":{"people":[1]}}}', '{"blocked":"tom"}',
        '{"rules":{"Idle":{"sea":"everyone"}}}', '{"blocked":[null]}', '{"vips":{"tom":true}}', '{"block":[]}', "[]",
    ],
)  # fmt: skip
def test_what_are_no_wishes_is_not_read(text):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Privacy)
