from datetime import UTC

from tact_desktop.state.recipient import Recipient, recipient_of
from tact_engine.core.presence import Presence, Reading


def test_what_may_not_be_used_is_no_value_of_a_condition():
    presence = Presence(
        "bob",
        1,
        {"Alias": Reading("Bob", 0), "FreeTextLocation": Reading("Berlin", 0)},
        hidden=("UserMood",),
        unusable=("FreeTextLocation",),
    )
    whom = recipient_of(presence, 7, UTC)
    assert (whom.name, whom.now_ms, whom.zone) == ("Bob", 7, UTC)
    assert not {"UserMood", "FreeTextLocation"} & (whom.offered | set(whom.values))
    assert "TimeZone" in whom.offered - set(whom.values)


def test_somebody_without_a_name_goes_by_the_handle():
    assert recipient_of(Presence("zoe", 0, {}), 0, UTC).name == "zoe"
    assert recipient_of(Presence("zoe", 0, {}, hidden=("Alias",)), 0, UTC).name == "zoe"


def test_whether_being_online_may_be_known():
    assert Recipient().shows_online
    assert not Recipient(hidden=("OnlineStatus",)).shows_online
    assert not Recipient(unusable=("OnlineStatus",)).shows_online
