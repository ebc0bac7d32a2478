"""What a client can ask about who belongs to the engine: invitations, requests, devices, people."""

from msgspec import Struct

from tact_engine.accounts.invitation import NAME_LENGTH_MAX, Invitation
from tact_engine.client.asking import Asking
from tact_engine.client.places import Address
from tact_engine.core.errors import LocalError
from tact_engine.core.members import Health, JoinRequest, Member, OpenInvitation, Overview, Purpose
from tact_engine.wire import frames as wire

__all__ = [
    "Health",
    "JoinRequest",
    "Made",
    "Member",
    "Membership",
    "OpenInvitation",
    "Overview",
]


class Made(Struct, frozen=True):
    """A new invitation and until when (UTC milliseconds) it can be used, once."""

    invitation: Invitation
    expires_at: int


class Membership(Asking):
    """The requests about members. Each raises Refused with what to do about it; some are for hosts alone."""

    engine: str = ""
    engine_name: str = ""

    async def invite(self) -> Made:
        """An invitation for somebody new; it works once, within seven days."""
        return await self._invited(Purpose.MEMBER, "")

    async def link_device(self, handle: str = "") -> Made:
        """An invitation for a further device of one's own, or, for a host, of `handle`; once, within the hour."""
        return await self._invited(Purpose.DEVICE, handle)

    async def revoke(self, id: str) -> None:
        """Let the open invitation `id` let nobody in any more."""
        await self._ask(lambda request: wire.Revoke(request, id))

    async def approve(self, asked: JoinRequest) -> None:
        """Let somebody in who asked; for hosts."""
        await self._ask(lambda request: wire.Approve(request, asked.handle, asked.device))

    async def decline(self, asked: JoinRequest) -> None:
        """Do not let somebody in who asked; for hosts."""
        await self._ask(lambda request: wire.Decline(request, asked.handle, asked.device))

    async def set_password(self, password: str) -> None:
        """Set the password that adds a device; "" for none."""
        await self._ask(lambda request: wire.SetPassword(request, password))

    async def look_over(self) -> Overview:
        """Who belongs to the engine: a host is told of all, everybody else of themselves."""
        parts: list[wire.OverviewFrame] = []
        await self._ask(lambda request: wire.LookOver(request), parts.append)
        return Overview(
            tuple(each for part in parts for each in part.members),
            tuple(each for part in parts for each in part.invitations),
            tuple(each for part in parts for each in part.requests),
            next((part.health for part in parts if part.health), None),
        )

    async def remove_device(self, handle: str, device: str) -> None:
        """Let the device with the id `device` speak for `handle` no more; its sessions end at once."""
        await self._ask(lambda request: wire.RemoveDevice(request, handle, device))

    async def remove_person(self, handle: str, *, withdraw: bool) -> None:
        """Let `handle` belong to the engine no more; `withdraw` takes back what they sent and still waits."""
        await self._ask(lambda request: wire.RemovePerson(request, handle, withdraw))

    async def _invited(self, purpose: Purpose, handle: str) -> Made:
        issued = (await self._ask(lambda request: wire.Invite(request, purpose, handle))).invitation
        assert issued is not None, "the engine answers with an invitation"
        at = Address.parsed(issued.at)
        where = (at.host, at.port, issued.token, issued.handle)
        try:
            invitation = Invitation(self.engine, self.engine_name[:NAME_LENGTH_MAX], *where)
        except LocalError:  # no link can carry that name; what counts is the key
            invitation = Invitation(self.engine, "Tact", *where)
        return Made(invitation, issued.expires_at)
