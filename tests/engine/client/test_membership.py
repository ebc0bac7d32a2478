"""What a client asks about members, frame by frame: what it says, and what becomes of the answers."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tact_engine.accounts.invitation import Invitation
from tact_engine.client import Client, Connected, Disconnected, RequestsChanged
from tact_engine.client.membership import Made, Membership
from tact_engine.core.errors import Refused
from tact_engine.core.members import (
    Device,
    Health,
    JoinRequest,
    Member,
    OpenInvitation,
    Overview,
    Purpose,
    Role,
)
from tact_engine.wire import frames as wire
from tests.support.engine_process import EngineProcess
from tests.support.watcher import watched

ID = "ab" * 32
TOKEN = b"t" * 16
ASKS = JoinRequest("eve", "0123456789abcdef", 7, "Eve", "pc-eve", "10.0.0.7")
MEMBERS = tuple(Member(f"m{n}", Role.MEMBER, n, (Device(f"d{n}", 1, 2, "pc"),)) for n in range(3))
OPEN_ONES = tuple(OpenInvitation(f"i{n}", Purpose.MEMBER, "tom", 1, 2) for n in range(3))
HEALTH = Health("0.1", 1, 2, 3, 4, 5, 6, 7, disk_is_low=False)


class Asker(Membership):
    """The requests of a client that is signed in, without a link."""

    def __init__(self) -> None:
        super().__init__({}, {})
        self.engine, self.engine_name = ID, "Office"
        self._dialogue.welcomed()

    def engine_ms(self) -> int:
        return 0

    async def answered(self, asking: Awaitable[Any], *answers: Callable[[int], wire.Frame]) -> Any:
        """What comes of `asking`, and the frame it said, once that was answered."""
        task = asyncio.ensure_future(asking)
        await asyncio.sleep(0)
        (frame,) = self._dialogue.to_send()
        for answer in answers:
            self._dialogue.received(answer(getattr(frame, "request")))  # noqa: B009 - all of them have it
        return await task, frame


@pytest.fixture
async def asker() -> Asker:
    return Asker()


def done(request: int) -> wire.Frame:
    return wire.Done(request)


def issued(at: str, handle: str = "") -> Callable[[int], wire.Frame]:
    return lambda request: wire.Done(request, invitation=wire.Issued(TOKEN, 99, at, handle))


@pytest.mark.parametrize(
    ("asking", "frame"),
    [
        (lambda tact: tact.revoke("i1"), wire.Revoke(1, "i1")),
        (lambda tact: tact.approve(ASKS), wire.Approve(1, "eve", "0123456789abcdef")),
        (lambda tact: tact.decline(ASKS), wire.Decline(1, "eve", "0123456789abcdef")),
        (lambda tact: tact.set_password("correct horse"), wire.SetPassword(1, "correct horse")),
        (lambda tact: tact.set_password(""), wire.SetPassword(1, "")),
        (lambda tact: tact.remove_device("tom", "d1"), wire.RemoveDevice(1, "tom", "d1")),
        (
            lambda tact: tact.remove_person("tom", withdraw=True),
            wire.RemovePerson(1, "tom", withdraw=True),
        ),
        (
            lambda tact: tact.remove_person("tom", withdraw=False),
            wire.RemovePerson(1, "tom", withdraw=False),
        ),
    ],
)
async def test_each_request_says_what_it_is_about(asker, asking, frame):
    assert await asker.answered(asking(asker), done) == (None, frame)


async def test_an_invitation_is_whole_as_a_link(asker):
    made, frame = await asker.answered(asker.invite(), issued("192.168.1.20:8228"))
    assert frame == wire.Invite(1, Purpose.MEMBER, "")
    assert made == Made(Invitation(ID, "Office", "192.168.1.20", 8228, TOKEN), 99)
    assert Invitation.parsed(made.invitation.link()) == made.invitation


@pytest.mark.parametrize("handle", ["", "mary"])
async def test_a_device_is_linked_by_an_invitation_that_says_whose_it_is(asker, handle):
    made, frame = await asker.answered(asker.link_device(handle), issued("[fe80::1]:8228", handle or "tom"))
    assert frame == wire.Invite(1, Purpose.DEVICE, handle)
    assert (made.invitation.host, made.invitation.port) == ("fe80::1", 8228)
    assert made.invitation.handle == (handle or "tom")


@pytest.mark.parametrize(("name", "said"), [("", "Tact"), ("x" * 150, "x" * 100)])
async def test_a_name_that_no_link_could_carry_is_made_to_fit(asker, name, said):
    asker.engine_name = name
    made, _ = await asker.answered(asker.invite(), issued("pc:1"))
    assert made.invitation.name == said


async def test_an_overview_is_put_together_from_its_parts(asker):
    seen, frame = await asker.answered(
        asker.look_over(),
        lambda request: wire.OverviewFrame(request, members=MEMBERS[:2]),
        lambda request: wire.OverviewFrame(request, members=MEMBERS[2:], invitations=OPEN_ONES[:1]),
        lambda request: wire.OverviewFrame(request, invitations=OPEN_ONES[1:]),
        lambda request: wire.OverviewFrame(request, requests=(ASKS,), health=HEALTH),
        done,
    )
    assert frame == wire.LookOver(1)
    assert seen == Overview(MEMBERS, OPEN_ONES, (ASKS,), HEALTH)


async def test_an_overview_may_be_of_oneself_alone(asker):
    seen, _ = await asker.answered(
        asker.look_over(), lambda n: wire.OverviewFrame(n, members=MEMBERS[:1]), done
    )
    assert seen == Overview(MEMBERS[:1], (), (), None)


async def test_what_is_refused_is_raised(asker):
    with pytest.raises(Refused, match="Only the host") as refused:
        await asker.answered(
            asker.approve(ASKS), lambda n: wire.RefusedFrame(n, "not_host", "Only the host.")
        )
    assert refused.value.code == "not_host"


# --- a whole day with a real engine ------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path):
    """An engine as users get it."""
    engine = EngineProcess(tmp_path / "office", as_in_an_office=True).start()
    yield engine
    engine.clean_up()


def claim(engine: EngineProcess) -> Invitation:
    return Invitation.parsed((engine.data / "host-invitation.tact").read_text())


@pytest.mark.rule("J1", "J2", "J5", "J6", "J8")
async def test_people_come_by_every_way_and_go(office, monkeypatch):
    monkeypatch.setattr("tact_engine.client.endings.WAITS", {"asked_to_join": 0.05})
    async with watched(Client("anna", invitation=claim(office), presence={"Alias": "Anna"})) as anna:
        host = anna.client
        assert (host.is_host, host.verified, claim_is_gone(office)) == (True, True, True)
        made = await host.invite()
        async with watched(Client("mary", invitation=made.invitation, computer="pc-mary")) as mary:
            assert (mary.client.is_host, mary.client.verified) == (False, True)
            with pytest.raises(Refused) as refused:
                async with Client("john", invitation=made.invitation):
                    pass
            assert refused.value.code == "invitation_over"
            own = await mary.client.look_over()
            assert [each.handle for each in own.members] == ["mary"]
            assert (own.members[0].invited_by, own.requests, own.health) == ("anna", (), None)
            await let_in(office, anna)
            await mary_is_removed(anna, mary)


def claim_is_gone(engine: EngineProcess) -> bool:
    return not (engine.data / "host-invitation.tact").exists()


async def let_in(office: EngineProcess, anna) -> None:
    """Somebody without an invitation asks, and the host approves."""
    async with watched(Client("eve", office.address, presence={"Alias": "Eve"}, wait=False)) as eve:
        told = await anna.until(RequestsChanged, lambda event: event.requests)
        assert [(each.handle, each.name) for each in told.requests] == [("eve", "Eve")]
        waits = await eve.until(Disconnected)
        assert (waits.code, waits.retry_in) == ("asked_to_join", 0.05)
        await anna.client.approve(told.requests[0])
        came = await eve.until(Connected)
        assert (came.verified, came.is_host) == (False, False)
        eve.client.verify()
        assert eve.client.verified
        await anna.until(RequestsChanged, lambda event: not event.requests)


async def mary_is_removed(anna, mary) -> None:
    await anna.until_seen("mary", lambda presence: presence.online)
    (receipt,) = await mary.client.submit("anna", "later", when="not angry")
    assert receipt.recipient == "anna"
    await anna.client.remove_person("mary", withdraw=True)
    gone = await mary.until(Disconnected)
    assert (gone.code, gone.retry_in) == ("removed", None)
    await anna.until_true(lambda: "mary" not in anna.client.people)
    seen = {each.handle: each for each in (await anna.client.look_over()).members}
    assert seen["mary"].removed_at is not None
    assert seen["mary"].devices == ()
