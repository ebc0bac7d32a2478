"""What clients ask of a real engine besides sending: pause, resume, why, tell me when, who may see what."""

import pytest

from tact_engine.client import (
    Audience,
    Client,
    Connected,
    Delivered,
    Disconnected,
    Privacy,
    PrivacyChanged,
    Refused,
    Rule,
    State,
    one_group,
)
from tests.support.bare_link import bare_link, in_base64, new_key, submission
from tests.support.watcher import watched

BUSY = {"UserAvailability": "NOT_AVAILABLE"}
FREE = {"UserAvailability": "AVAILABLE"}


# --- in an editor


@pytest.mark.rule("M8", "M20")
async def test_what_is_in_an_editor_stays_and_goes_when_that_is_closed(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence=BUSY)) as here,
        Client(tom, engine.address) as there,
    ):
        (receipt,) = await there.submit(mary, "draft", when="available")
        assert [each.state for each in await there.pause(receipt.id)] == [State.HELD]
        await here.client.set_presence(FREE)
        (standing,) = await there.explain(receipt.id)
        assert (standing.paused, standing.verdict.truth) == (True, True)
        await there.submit(mary, "meanwhile", id=f"{tom}-2")
        await here.until_delivered(f"{tom}-2")
        assert here.bodies() == ["meanwhile"]
        await there.resume(receipt.id)
        assert (await here.until_delivered(receipt.id)).body == b"draft"


@pytest.mark.rule("M20", "M7")
async def test_an_edit_closes_the_editor(engine, name):
    tom, mary = name("tom"), name("mary")
    async with watched(Client(mary, engine.address)) as here, Client(tom, engine.address) as there:
        (receipt,) = await there.submit(mary, "draft", when=one_group(("UserMood", "eq", "HAPPY")))
        await there.pause(receipt.id)
        await here.client.set_presence({"UserMood": "HAPPY"})
        await there.edit(receipt.id, 1, text="final")
        delivery = await here.until_delivered(receipt.id)
        assert (delivery.body, delivery.revision) == (b"final", 2)
        with pytest.raises(Refused, match="It is too late"):
            await there.pause(receipt.id)


# --- why


@pytest.mark.rule("S2", "W14")
async def test_why_a_message_waits_is_told_clause_by_clause_as_far_as_one_may_know(engine, name):
    tom, mary = name("tom"), name("mary")
    condition = one_group(("UserMood", "ne", "SAD"), ("UserAvailability", "eq", "AVAILABLE"))
    async with (
        watched(Client(mary, engine.address, presence=BUSY)) as here,
        watched(Client(tom, engine.address)) as there,
    ):
        await there.until_seen(mary, lambda presence: presence.online)
        (receipt,) = await there.client.submit(mary, "hello", when=condition)
        (standing,) = await there.client.explain(receipt.id)
        assert (standing.recipient, standing.verdict.online) == (mary, True)
        assert (standing.verdict.truth, standing.verdict.clauses) == (False, ((True, False),))
        assert there.client.would_go(mary, condition) == standing.verdict
        await here.client.set_privacy(Privacy({"UserAvailability": Rule(Audience.NOBODY)}))
        await there.until_seen(mary, lambda presence: "UserAvailability" in presence.hidden)
        (standing,) = await there.client.explain(receipt.id)
        assert (standing.verdict.truth, standing.verdict.clauses) == (None, ((True, None),))
        assert there.client.would_go(mary, condition) == standing.verdict


@pytest.mark.rule("O10", "O12")
async def test_what_waits_behind_another_says_so(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence=BUSY)) as here,
        Client(tom, engine.address) as there,
    ):
        (first,) = await there.submit(mary, "first", when="available")
        (second,) = await there.submit(mary, "second", keep_order=True)
        (standing,) = await there.explain(second.id)
        assert (standing.behind, standing.verdict.truth) == (first.id, True)
        await there.withdraw(first.id)
        await here.until_delivered(second.id)
        assert await there.explain(second.id) == ()


@pytest.mark.rule("W9")
async def test_the_next_time_is_not_now(engine, name):
    tom, mary = name("tom"), name("mary")
    condition = type(one_group())(any=one_group(("UserMood", "eq", "HAPPY")).any, edge=True)
    async with (
        watched(Client(mary, engine.address, presence={"UserMood": "HAPPY"})) as here,
        Client(tom, engine.address) as there,
    ):
        (receipt,) = await there.submit(mary, "hello", when=condition)
        (standing,) = await there.explain(receipt.id)
        assert (standing.armed, standing.verdict.truth) == (False, True)
        await here.client.set_presence({"UserMood": "SAD"})
        (standing,) = await there.explain(receipt.id)
        assert (standing.armed, standing.verdict.truth) == (True, False)
        await here.client.set_presence({"UserMood": "HAPPY"})
        await here.until_delivered(receipt.id)


# --- tell me when


@pytest.mark.rule("R1", "R2", "R3")
async def test_who_asked_is_told_once_and_nobody_else(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence=BUSY)) as here,
        watched(Client(tom, engine.address)) as there,
    ):
        (receipt,) = await there.client.alert(mary, when="available")
        assert receipt.state is State.HELD
        for presence in (FREE, BUSY, FREE):
            await here.client.set_presence(presence)
        await there.until_told(receipt.id, State.DELIVERED)
        await there.client.submit(mary, "there you are", id=f"{tom}-2")
        await here.until_delivered(f"{tom}-2")
        await there.until_told(f"{tom}-2", State.DELIVERED)
        told = [
            each.state
            for event in there.events
            for each in getattr(event, "receipts", ())
            if each.id == receipt.id
        ]
        assert told == [State.DELIVERED]
        assert here.bodies() == ["there you are"]


@pytest.mark.rule("R4")
async def test_an_alert_becomes_a_message_and_a_message_an_alert(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence=BUSY)) as here,
        watched(Client(tom, engine.address)) as there,
    ):
        (first,) = await there.client.alert(mary, when="available")
        (second,) = await there.client.submit(mary, "never sent", when="available")
        await there.client.edit(first.id, 1, text="a text after all", alert=False)
        await there.client.edit(second.id, 1, alert=True)
        await here.client.set_presence(FREE)
        await here.until_delivered(first.id)
        await there.until_told(second.id, State.DELIVERED)
        assert here.bodies() == ["a text after all"]


@pytest.mark.rule("R5", "S11")
async def test_an_alert_needs_an_online_status_that_one_may_see(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address) as here, Client(tom, engine.address) as there:
        await here.set_privacy(Privacy({"OnlineStatus": Rule(usable=False)}))
        with pytest.raises(Refused) as usable:
            await there.alert(mary)
        await here.set_privacy(Privacy({"OnlineStatus": Rule(Audience.NOBODY)}))
        with pytest.raises(Refused) as hidden:
            await there.alert(mary)
    assert (hidden.value.code, hidden.value.text) == ("not_offered", usable.value.text)


# --- who may see what


@pytest.mark.rule("S4", "S5", "P18")
async def test_rules_count_at_once_and_every_session_of_ones_own_learns_them(engine, name):
    tom, mary = name("tom"), name("mary")
    rules = Privacy({"UserMood": Rule(Audience.CHOSEN, ("somebody",))}, vips=(tom,))
    async with (
        watched(Client(mary, engine.address, presence={"UserMood": "SAD"})) as desk,
        watched(Client(mary, engine.address)) as laptop,
        watched(Client(tom, engine.address)) as there,
    ):
        before = await there.until_seen(mary, lambda presence: presence.value("UserMood") == "SAD")
        await desk.client.set_privacy(rules)
        for each in (desk, laptop):
            await each.until(PrivacyChanged, lambda event: event.privacy == rules)
            assert each.client.privacy == rules
        after = await there.until_seen(mary, lambda presence: "UserMood" in presence.hidden)
        assert after.value("UserMood") is None
        await there.until_true(lambda: after in there.versions_of(mary))
        assert there.versions_of(mary)[-2:] == [before, after]
        assert "UserMood" not in after.readings
    async with watched(Client(mary, engine.address)) as again:
        await again.until(PrivacyChanged, lambda event: event.privacy == rules)


@pytest.mark.rule("S12", "S13")
async def test_who_is_blocked_sees_somebody_who_is_away_and_is_never_heard(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(
            Client(mary, engine.address, presence={"UserMood": "SAD", "Alias": "Mary in the Morning"})
        ) as here,
        watched(Client(tom, engine.address)) as there,
    ):
        await there.until_seen(mary, lambda presence: presence.online)
        await here.client.set_privacy(Privacy(blocked=(tom,)))
        seen = await there.until_seen(mary, lambda presence: not presence.online)
        assert (seen.value("UserMood"), seen.value("Alias")) == ("NONE", "Mary in the Morning")
        assert there.client.would_go(mary).truth is False
        (receipt,) = await there.client.submit(mary, "hello")
        assert receipt.state is State.HELD
        await here.client.set_privacy(Privacy())
        await here.until_delivered(receipt.id)


@pytest.mark.rule("S8")
async def test_who_may_not_see_whether_somebody_is_here_hears_of_it_with_read_only(engine, name):
    tom, mary = name("tom"), name("mary")
    async with (
        watched(Client(mary, engine.address)) as here,
        watched(Client(tom, engine.address)) as there,
    ):
        await here.client.set_privacy(Privacy({"OnlineStatus": Rule(Audience.NOBODY)}))
        (receipt,) = await there.client.submit(mary, "hello")
        await here.until_delivered(receipt.id)
        assert receipt.state is State.HELD
        (again,) = await there.client.submit(mary, "hello", id=receipt.id)
        assert again.state is State.HELD
        here.client.mark_read([receipt.id])
        await there.until_told(receipt.id, State.READ)
        told = [
            each.state
            for event in there.events
            for each in getattr(event, "receipts", ())
            if each.id == receipt.id
        ]
        assert told == [State.READ]


# --- presence of several sessions


@pytest.mark.rule("P26")
async def test_what_another_session_said_last_is_not_taken_back_by_a_sign_in(engine, name):
    mary = name("mary")
    async with (
        watched(Client(mary, engine.address, presence=BUSY | {"Alias": "Mary"})) as desk,
        watched(Client(mary, engine.address)) as laptop,
    ):
        await laptop.client.set_presence(FREE | {"Alias": None, "UserMood": "HAPPY"})
        await desk.until_seen(mary, lambda presence: presence.value("UserMood") == "HAPPY")
        desk.client.lose_link()
        await desk.until(Disconnected)
        desk.client.find_link()
        await desk.until_true(lambda: sum(isinstance(each, Connected) for each in desk.events) == 2)
        await desk.client.set_presence({"StatusText": "back"})
        seen = await laptop.until_seen(mary, lambda presence: presence.value("StatusText") == "back")
        assert [seen.value(each) for each in ("UserAvailability", "Alias", "UserMood")] == [
            "AVAILABLE",
            "",
            "HAPPY",
        ]


@pytest.mark.rule("P10", "P27", "S6")
async def test_one_is_as_idle_as_the_least_idle_session_and_tells_only_whom_one_chose(engine, name):
    tom, eve, mary = name("tom"), name("eve"), name("mary")
    async with (
        watched(Client(mary, engine.address, presence={"Idle": 600})) as desk,
        watched(Client(tom, engine.address)) as there,
        watched(Client(eve, engine.address)) as stranger,
    ):
        await desk.client.set_privacy(Privacy({"Idle": Rule(Audience.CHOSEN, (tom,))}))
        seen = await there.until_seen(mary, lambda presence: "Idle" in presence.readings)
        assert there.client.engine_ms() - seen.readings["Idle"].since >= 600_000 - 1_000
        assert "Idle" in (await stranger.until_seen(mary, lambda presence: presence.online)).hidden
        async with Client(mary, engine.address):
            await there.until_seen(mary, lambda presence: "Idle" not in presence.readings)
        await there.until_seen(mary, lambda presence: "Idle" in presence.readings)


# --- what a recipient has


@pytest.mark.rule("M25", "M16")
async def test_a_late_acknowledgement_is_about_the_revision_that_came(engine, name):
    tom, mary, key = name("tom"), name("mary"), new_key()
    async with watched(Client(tom, engine.address)) as there:
        async with bare_link(engine.address) as link:
            await link.sign_in(mary, key)
            (receipt,) = await there.client.submit(mary, "first words")
            (copy,) = (await link.hear("deliver"))["deliveries"]
            assert "revision" not in copy
        await there.until_told(receipt.id, State.HELD)
        (changed,) = await there.client.edit(
            receipt.id, 1, text="other words", when=one_group(("UserMood", "eq", "HAPPY"))
        )
        assert changed.revision == 2
        async with bare_link(engine.address) as link:
            await link.sign_in(mary, key)
            await link.acknowledge([copy])
            told = await there.until_told(receipt.id, State.DELIVERED)
        assert told.revision == 1


@pytest.mark.rule("M17")
async def test_a_copy_that_had_left_arrives_though_it_was_taken_back(engine, name):
    tom, mary, key = name("tom"), name("mary"), new_key()
    async with watched(Client(tom, engine.address)) as there:
        async with bare_link(engine.address) as link:
            await link.sign_in(mary, key)
            (receipt,) = await there.client.submit(mary, "too late")
            (copy,) = (await link.hear("deliver"))["deliveries"]
        await there.until_told(receipt.id, State.HELD)
        assert [each.state for each in await there.client.withdraw(receipt.id)] == [State.WITHDRAWN]
        async with bare_link(engine.address) as link:
            await link.sign_in(mary, key)
            await link.acknowledge([copy])
            await there.until_told(receipt.id, State.DELIVERED)


@pytest.mark.rule("O8")
async def test_a_batch_of_several_frames_says_that_more_follows(engine, name):
    tom, mary, key = name("tom"), name("mary"), new_key()
    async with bare_link(engine.address) as link:
        await link.sign_in(mary, key)
    async with bare_link(engine.address) as link:
        await link.sign_in(tom)
        for number in range(20):
            await link.ask(submission(mary, "x" * 16_384, id=f"{tom}-{number}"))
    async with bare_link(engine.address) as link:
        await link.sign_in(mary, key)
        frames = []
        while not frames or frames[-1].get("more"):
            frames.append(await link.hear("deliver"))
            await link.acknowledge(frames[-1]["deliveries"])
    assert len(frames) > 5, "also over a pause until there is room again"
    assert {frame["batch"] for frame in frames} == {frames[0]["deliveries"][0]["sequence"]}
    bodies = [each["body"] for frame in frames for each in frame["deliveries"]]
    assert bodies == [in_base64(b"x" * 16_384)] * 20


async def test_a_client_passes_on_that_more_follows(engine, name):
    tom, mary = name("tom"), name("mary")
    async with Client(mary, engine.address):
        pass
    async with Client(tom, engine.address) as there:
        for _ in range(6):
            await there.submit(mary, "x" * 16_384)
    async with watched(Client(mary, engine.address)) as here:
        await here.until(Delivered, lambda event: not event.more)
        parts = [event for event in here.events if isinstance(event, Delivered)]
    assert [part.more for part in parts] == [True] * (len(parts) - 1) + [False]
    assert len(parts) > 1
    assert len({part.batch for part in parts}) == 1
