"""The view over who belongs to the engine, as of all earlier writes of the transaction."""

from tact_engine.core.facts import Moment
from tact_engine.core.members import Account, Device, Health, JoinRequest, Member, OpenInvitation, id_of
from tact_engine.store.ledger import Ledger
from tact_engine.store.live import Live
from tact_engine.store.reserve import Reserve


class MembersView:
    """Answers the questions of `core.view.View` about accounts, devices, invitations and requests."""

    def __init__(self, ledger: Ledger, live: Live, reserve: Reserve) -> None:
        self._ledger = ledger
        self._live = live
        self._reserve = reserve

    def account(self, handle: str) -> Account | None:
        """The account of `handle`, also of somebody who was removed; None where the handle is free."""
        return self._live.accounts.get(handle)

    def newcomers_of(self, handle: str, since: int) -> int:
        """How many were let in by `handle` after the instant `since` (UTC milliseconds)."""
        return sum(
            each.invited_by == handle and each.created_at > since for each in self._live.accounts.values()
        )

    def hosts(self) -> tuple[str, ...]:
        """Everybody who may look after the others."""
        return self._live.hosts

    def gone(self) -> tuple[str, ...]:
        """Everybody who was removed, in the order of their handles."""
        return tuple(sorted(self._live.gone))

    def members(self) -> tuple[Member, ...]:
        """All accounts with their devices, in the order of their handles."""
        devices: dict[str, list[Device]] = {}
        columns = "SELECT handle, fingerprint, added_at, seen_at, computer FROM device"
        rows = self._ledger.all(columns + " ORDER BY handle, added_at, fingerprint")
        for handle, fingerprint, added_at, seen_at, computer in rows:
            devices.setdefault(handle, []).append(Device(id_of(fingerprint), added_at, seen_at, computer))
        return tuple(
            Member(
                each.handle,
                each.role,
                each.created_at,
                tuple(devices.get(each.handle, ())),
                each.invited_by,
                each.removed_at,
                each.handle in self._live.passwords,
            )
            for _, each in sorted(self._live.accounts.items())
        )

    def has_password(self, handle: str) -> bool:
        """Whether a password can add a device of `handle`."""
        return handle in self._live.passwords

    def devices(self, handle: str) -> frozenset[str]:
        """The fingerprints of the devices of `handle`."""
        return self._live.devices.get(handle, frozenset())

    def invitation(self, token: str, utc_ms: int) -> OpenInvitation | None:
        """The invitation under the hash `token` that is open at `utc_ms`; None where none is."""
        found = self._live.invitations.get(token)
        return found if found is not None and utc_ms < found.expires_at else None

    def invitations(self, utc_ms: int) -> tuple[tuple[str, OpenInvitation], ...]:
        """All invitations open at `utc_ms` with the hashes they are kept under, in the order they were made."""
        open_ones = (item for item in self._live.invitations.items() if utc_ms < item[1].expires_at)
        return tuple(sorted(open_ones, key=lambda item: (item[1].made_at, item[1].id)))

    def requests(self, now: Moment) -> tuple[JoinRequest, ...]:
        """Everybody who asks to be let in, in the order they began to."""
        return tuple(
            each.request
            for each in self._live.requests.values()
            if not each.declined and now.ticks_ms < each.until_ticks_ms
        )

    def is_declined(self, handle: str, fingerprint: str, now: Moment) -> bool:
        """Whether a host has not let this device in under `handle`, not long ago."""
        found = self._live.requests.get((handle, id_of(fingerprint)))
        return found is not None and found.declined and now.ticks_ms < found.until_ticks_ms

    def fingerprint_of(self, request: JoinRequest) -> str:
        """The whole fingerprint of the device that asks."""
        return self._live.requests[request.handle, request.device].fingerprint

    def health(self) -> Health:
        """How the engine fares, in numbers alone; version and time of its start are known to others."""
        pages = self._ledger.one("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return Health(
            version="",
            started_at=0,
            people=len(self._live.accounts) - len(self._live.gone),
            online=sum(each.online for each in self._live.people.values()),
            held=sum(self._live.held.totals.values()),
            released=sum(self._live.unacknowledged.values()),
            database_kib=(pages[0] if pages else 0) // 1024,
            disk_free_mib=self._reserve.free_mib,
            disk_is_low=self._reserve.is_low,
        )
