import pytest

from tact_desktop.state import wording_trust as words
from tact_desktop.state.trust import LeftBehind, Standing


def test_every_standing_has_its_sentence():
    assert set(words.STANDING) == set(Standing)
    assert len(set(words.STANDING.values())) == len(Standing)


def test_where_an_engine_is():
    assert words.reached_at("Office", "10.0.0.7:8228") == "Engine “Office” at 10.0.0.7:8228"
    assert words.reached_at("Office", "") == "Engine “Office” on this computer"


def test_a_key_without_a_key_store_is_said_with_its_place():
    assert words.key_in_file("/home/tom/device.key").endswith("only you can read: /home/tom/device.key")


@pytest.mark.parametrize(
    ("left", "behind", "question"),
    [
        (LeftBehind(), "", ""),
        (LeftBehind(1, 0), "", "Hand over 1 message that was not sent yet"),
        (LeftBehind(3, 1), "1 message of yours waits", "Hand over 3 messages that were not sent yet"),
        (LeftBehind(0, 2), "2 messages of yours wait", ""),
    ],
)
def test_what_becomes_of_messages(left, behind, question):
    assert words.stays_behind(left).startswith(behind)
    assert bool(words.stays_behind(left)) is bool(behind)
    assert words.hand_over(left) == question


def test_an_invitation_for_somebody_else():
    assert words.for_somebody_else("mary", "tom").startswith(
        "This invitation is for “mary”, and you are “tom” here."
    )


def test_who_was_removed_learns_what_stays_and_where():
    assert words.removed("Office") == "You or this computer was removed from “Office”."
    assert words.removed("") == "You or this computer was removed from the engine."
    assert words.removed_meaning("Office", "/tact/tom").startswith("“Office” lets this computer in no more")
    assert words.removed_meaning("", "/tact/tom").startswith("The engine lets this computer in no more")
    assert "delete the folder /tact/tom\n" in words.removed_meaning("", "/tact/tom")


def test_the_page_about_another_engine_promises_what_is_so_and_offers_no_way_around():
    assert "neither your name nor a message" in words.CHANGED_SENT
    assert "the only way on" in words.CHANGED_DEED
    assert "anyway" not in " ".join(str(value) for value in vars(words).values() if isinstance(value, str))
