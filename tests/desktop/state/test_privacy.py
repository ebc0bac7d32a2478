"""Changing one's privacy step by step, and seeing oneself as others do."""

import pytest

from tact_desktop.state import privacy as deeds
from tact_engine.core.presence import ATTRIBUTES, Presence, Reading
from tact_engine.core.privacy import NO_WISHES, Audience, Privacy, Rule, check_privacy, rule_of

ME = Presence(
    "tom",
    3,
    {
        "OnlineStatus": Reading(True, 0),
        "UserMood": Reading("HAPPY", 0),
        "FreeTextLocation": Reading("Room 4", 0),
        "Idle": Reading(0, 0),
    },
)


def test_every_attribute_has_its_place():
    assert sorted(deeds.ROWS) == sorted(ATTRIBUTES)


@pytest.mark.rule("S4")
@pytest.mark.parametrize("name", deeds.ROWS)
@pytest.mark.parametrize("audience", list(Audience))
def test_an_audience_is_changed_and_the_rest_stays(name, audience):
    before = Privacy(blocked=("eve",), vips=("mary",))
    after = deeds.with_audience(before, name, audience)
    assert rule_of(after, name).see is audience
    assert rule_of(after, name).usable is rule_of(before, name).usable
    assert (after.blocked, after.vips) == (before.blocked, before.vips)
    others = [each for each in deeds.ROWS if each != name]
    assert [rule_of(after, each) for each in others] == [rule_of(before, each) for each in others]
    check_privacy(after, "tom")


@pytest.mark.rule("S6")
def test_what_is_as_it_always_was_is_no_rule():
    changed = deeds.with_usable(deeds.with_audience(NO_WISHES, "Idle", Audience.NOBODY), "UserMood", False)
    assert set(changed.rules) == {"Idle", "UserMood"}
    back = deeds.with_usable(deeds.with_audience(changed, "Idle", Audience.CHOSEN), "UserMood", True)
    assert back == NO_WISHES


def test_who_was_chosen_once_stays_chosen():
    chosen = deeds.with_people(NO_WISHES, "UserMood", ("mary", "john"))
    assert rule_of(chosen, "UserMood") == Rule(Audience.CHOSEN, ("mary", "john"))
    open_again = deeds.with_audience(chosen, "UserMood", Audience.EVERYONE)
    assert rule_of(deeds.with_audience(open_again, "UserMood", Audience.CHOSEN), "UserMood").people == (
        "mary",
        "john",
    )


def test_nobody_is_blocked_and_always_loud_at_once():
    loud = deeds.with_vip(deeds.with_vip(NO_WISHES, "mary", True), "mary", True)
    assert loud.vips == ("mary",)
    blocked = deeds.with_blocked(loud, "mary", True)
    assert (blocked.blocked, blocked.vips) == (("mary",), ())
    assert deeds.with_blocked(blocked, "mary", False) == NO_WISHES
    assert deeds.with_vip(loud, "mary", False) == NO_WISHES


@pytest.mark.rule("S5", "S6")
def test_one_sees_oneself_as_others_do():
    document, usable = deeds.sight(ME, NO_WISHES, "mary", 0)
    assert document.value("FreeTextLocation") == "Room 4"
    assert "Idle" in document.hidden
    assert "UserMood" in usable
    assert not {"FreeTextLocation", "Idle"} & {*usable}


@pytest.mark.rule("S12")
def test_who_is_blocked_sees_nobody_and_waits_for_nothing():
    document, usable = deeds.sight(ME, Privacy(blocked=("mary",)), "mary", 0)
    assert not document.online
    assert document.value("UserMood") == "NONE"
    assert usable == ()
