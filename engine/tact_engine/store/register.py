"""The writes about who belongs to the engine: accounts, devices, passwords, invitations, requests."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace

from tact_engine.core.members import Role
from tact_engine.core.writes import (
    AddAccount,
    AddDevice,
    AddInvitation,
    DropInvitation,
    DropRequest,
    PutPassword,
    PutRequest,
    PutRole,
    RemoveAccount,
    RemoveDevice,
    SeeDevice,
)
from tact_engine.store.ledger import Ledger
from tact_engine.store.live import Asking, Live


class Register:
    """Does these writes on the database and on the live side.

    `erased`: something that must leave no trace was deleted since this was last reset.
    """

    def __init__(self, ledger: Ledger, live: Live) -> None:
        self._ledger = ledger
        self._live = live
        self.erased = False

    def add_account(self, write: AddAccount) -> None:
        """A new person with their first device."""
        account = write.account
        self._ledger.execute(
            "INSERT INTO account (handle, created_at, role, invited_by) VALUES (?, ?, ?, ?)",
            *(account.handle, account.created_at, account.role.value, account.invited_by),
        )
        self._live.keep_account(account)
        self._live.sequences[account.handle] = self._live.serials[account.handle] = 0
        self._put_device(account.handle, write.device, write.computer, account.created_at)

    def remove_account(self, write: RemoveAccount) -> None:
        """A person goes, with everything that is theirs alone; the handle stays taken."""
        handle, live = write.handle, self._live
        self._ledger.execute(
            "UPDATE account SET removed_at = ?, role = 'member' WHERE handle = ?", write.at, handle
        )
        for table in ("device", "password", "presence", "privacy"):
            self._ledger.execute(f"DELETE FROM {table} WHERE handle = ?", handle)
        live.keep_account(replace(live.accounts[handle], removed_at=write.at, role=Role.MEMBER))
        for kept in (
            live.devices,
            live.passwords,
            live.people,
            live.privacy,
            live.ends,
            live.common,
            live.changed,
        ):
            kept.pop(handle, None)
        self.erased = True

    def put_role(self, write: PutRole) -> None:
        """Somebody becomes a host."""
        self._ledger.execute("UPDATE account SET role = ? WHERE handle = ?", write.role.value, write.handle)
        self._live.keep_account(replace(self._live.accounts[write.handle], role=write.role))

    def add_device(self, write: AddDevice) -> None:
        """A further device; with it a removed person is back."""
        account = self._live.accounts[write.handle]
        if account.removed_at is not None:
            self._ledger.execute("UPDATE account SET removed_at = NULL WHERE handle = ?", write.handle)
            self._live.keep_account(replace(account, removed_at=None))
        self._put_device(write.handle, write.device, write.computer, write.at)

    def see_device(self, write: SeeDevice) -> None:
        """A device was here."""
        query = "UPDATE device SET seen_at = ? WHERE fingerprint = ? AND handle = ?"
        self._ledger.execute(query, write.at, write.device, write.handle)

    def remove_device(self, write: RemoveDevice) -> None:
        """A device is known no more."""
        query = "DELETE FROM device WHERE fingerprint = ? AND handle = ?"
        self._ledger.execute(query, write.device, write.handle)
        self._live.devices[write.handle] -= {write.device}

    def put_password(self, write: PutPassword) -> None:
        """Another password, or none."""
        if write.kept:
            self._ledger.execute("REPLACE INTO password VALUES (?, ?)", write.handle, write.kept)
            self._live.passwords[write.handle] = write.kept
        else:
            self._ledger.execute("DELETE FROM password WHERE handle = ?", write.handle)
            self._live.passwords.pop(write.handle, None)
        self.erased = True

    def add_invitation(self, write: AddInvitation) -> None:
        """An invitation is open; those that are out of date go."""
        each = write.invitation
        self._ledger.execute(
            "INSERT INTO invitation VALUES (?, ?, ?, ?, ?, ?)",
            *(write.token, each.purpose.value, each.made_by, each.handle, each.made_at, each.expires_at),
        )
        over = [token for token, old in self._live.invitations.items() if old.expires_at <= each.made_at]
        for token in over:
            self.drop_invitation(DropInvitation(token))
        self._live.invitations[write.token] = each

    def drop_invitation(self, write: DropInvitation) -> None:
        """An invitation is over."""
        self._ledger.execute("DELETE FROM invitation WHERE token = ?", write.token)
        del self._live.invitations[write.token]

    def put_request(self, write: PutRequest) -> None:
        """Somebody asks to be let in; whose time is over is forgotten."""
        kept = self._live.requests.items()
        for key in [key for key, each in kept if each.until_ticks_ms <= write.from_ticks_ms]:
            del self._live.requests[key]
        asking = Asking(write.request, write.fingerprint, write.until_ticks_ms)
        self._live.requests[write.request.handle, write.request.device] = asking

    def drop_request(self, write: DropRequest) -> None:
        """A request is settled."""
        asking = self._live.requests.pop((write.handle, write.device))
        if write.declined:
            self._live.requests[write.handle, write.device] = replace(asking, declined=True)

    def _put_device(self, handle: str, fingerprint: str, computer: str, at: int) -> None:
        query = "INSERT INTO device (fingerprint, handle, added_at, computer, seen_at) VALUES (?, ?, ?, ?, ?)"
        self._ledger.execute(query, fingerprint, handle, at, computer, at)
        self._live.devices[handle] = self._live.devices.get(handle, frozenset()) | {fingerprint}


MEMBERSHIP: Mapping[type, Callable[[Any, Any], None]] = MappingProxyType(
    {
        AddAccount: Register.add_account,
        RemoveAccount: Register.remove_account,
        PutRole: Register.put_role,
        AddDevice: Register.add_device,
        SeeDevice: Register.see_device,
        RemoveDevice: Register.remove_device,
        PutPassword: Register.put_password,
        AddInvitation: Register.add_invitation,
        DropInvitation: Register.drop_invitation,
        PutRequest: Register.put_request,
        DropRequest: Register.drop_request,
    }
)
"""write → how it is done."""
