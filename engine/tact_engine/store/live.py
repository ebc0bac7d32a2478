"""What lives only while the engine runs: sessions, graces, and counts derived from the tables."""

from collections import Counter, defaultdict

from msgspec import Struct

from tact_engine.core.envelope import Envelope
from tact_engine.core.members import Account, JoinRequest, OpenInvitation, Role
from tact_engine.core.patience import Patience
from tact_engine.core.presence import Presence
from tact_engine.core.privacy import Privacy
from tact_engine.core.view import Waiting
from tact_engine.store.held import Held
from tact_engine.store.ledger import Ledger


class Asking(Struct, frozen=True):
    """Somebody who asks to be let in until the monotonic clock reaches a time; `declined`: a host did not want that."""

    request: JoinRequest
    fingerprint: str
    until_ticks_ms: int
    declined: bool = False


class Live:
    """The volatile side of the store. Everything in it is either gone at a restart or read back from the tables."""

    def __init__(self, ledger: Ledger) -> None:
        self.accounts: dict[str, Account] = {}
        self.hosts: tuple[str, ...] = ()
        self.gone: set[str] = set()
        self.passwords: dict[str, str] = {}
        self.invitations: dict[str, OpenInvitation] = {}
        """hash of the token → the invitation."""
        self.requests: dict[tuple[str, str], Asking] = {}
        """(handle, id of the device) → who asks to be let in, or was declined."""
        self.people: dict[str, Presence] = {}
        self.devices: dict[str, frozenset[str]] = {}
        self.sessions: dict[int, str] = {}
        self.session_devices: dict[int, str] = {}
        self.sessions_of: dict[str, set[int]] = defaultdict(set)
        self.graces: dict[str, int] = {}
        self.conditions: dict[int, Waiting] = {}
        self.condition_keys: dict[tuple[str, str], int] = {}
        self.held = Held(ledger, self.conditions)
        self.departed: dict[tuple[str, int], tuple[int, int]] = {}
        """(recipient, number) → monotonic milliseconds of its release and its weight then, in the order of release."""
        self.unacknowledged: Counter[str] = Counter()
        self.unacknowledged_bytes: Counter[str] = Counter()
        self.backlogs: dict[str, int] = {}
        self.privacy: dict[str, Privacy] = {}
        self.common: dict[str, Presence] = {}
        """handle → what everybody sees of them; in an order that does not tell who changed lately."""
        self.changed: dict[str, None] = {}
        """Those of whom everybody sees something else by now."""
        self.idle: dict[int, int] = {}
        """session → since when (UTC milliseconds) it rests; active ones are left out."""
        self.ends: dict[str, int] = {}
        """handle → when (UTC milliseconds) something in their presence next ends by itself."""
        self.wakes: dict[str, tuple[int | None, int | None]] = {}
        """handle → when (UTC, monotonic milliseconds) time alone may change what goes to them."""
        self.leases: dict[int, int] = {}
        """message → the monotonic milliseconds until which it is in an editor."""
        self.patience: dict[str, dict[int, Patience]] = defaultdict(dict)
        """recipient → message → what it remembers of its condition, where that is not what forgetting leaves."""
        self.quiet: set[tuple[int, str]] = set()
        """(message, recipient) that arrived and are not to be told yet."""
        self.heads: set[int] = set()
        """The messages behind which others wait, or once did."""
        self.news_backlogs: set[str] = set()
        self.last_number = 0
        self.sequences: dict[str, int] = {}
        self.serials: dict[str, int] = {}
        self.touched: set[str] = set()
        """The people whose counters changed in this transaction."""

    def keep_account(self, account: Account) -> None:
        """An account is new or another than before."""
        self.accounts[account.handle] = account
        (self.gone.discard if account.removed_at is None else self.gone.add)(account.handle)
        is_host = account.role is Role.HOST and account.removed_at is None
        if is_host != (account.handle in self.hosts):
            self.hosts = tuple(sorted({*self.hosts} ^ {account.handle}))

    def left(self, envelope: Envelope, ticks_ms: int) -> None:
        """A copy left at `ticks_ms`."""
        self.departed[envelope.recipient, envelope.number] = ticks_ms, envelope.weight
        self.unacknowledged[envelope.recipient] += 1
        self.unacknowledged_bytes[envelope.recipient] += envelope.weight

    def settled(self, envelope: Envelope) -> None:
        """A released envelope is released no more."""
        _, weight = self.departed.pop((envelope.recipient, envelope.number))
        self.unacknowledged[envelope.recipient] -= 1
        self.unacknowledged_bytes[envelope.recipient] -= weight
