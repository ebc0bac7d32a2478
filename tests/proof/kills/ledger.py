"""The ledger of a world whose engine is killed: what people asked, were told and were shown, and whether that fits.

It knows nothing of how an engine works: plain lists, and what each promise means for somebody who only sees frames.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

DEFAULTS = {"UserAvailability": "AVAILABLE", "UserMood": "NONE"}
ARRIVED = ("delivered", "read")
ENDED = (*ARRIVED, "expired", "withdrawn")
AFTER = {
    "held": ("held", "released", *ENDED),
    "released": ("held", "released", *ENDED),
    "expired": ("expired", *ARRIVED),
    "withdrawn": ("withdrawn", *ARRIVED),
    "delivered": ARRIVED,
    "read": ("read",),
}
"""What a sender may be told after what."""

SEEN_LENGTH_MAX = 600

When = dict[str, Any]
Presence = dict[str, str]


@dataclass(repr=False)
class Version:
    """A message as its sender wanted it from `revision` on. `made`: True, False, or None while nobody can know.

    `refused` is the code with which it was.
    """

    revision: int
    body: str
    when: When
    made: bool | None = None
    refused: str = ""

    def __repr__(self) -> str:
        made = {True: "made", False: "refused", None: "perhaps made"}[self.made]
        return f"revision {self.revision} ({made}): {self.body[:40]!r} when {self.when}"


@dataclass
class Told:
    """What the sender was last told of one recipient, in an answer or by `news`, and when an end was told first."""

    state: str = ""
    news: str = ""
    ended_at: int | None = None

    @property
    def is_heard(self) -> bool:
        """Whether its end was told by news, as all are but what the sender did themselves."""
        return self.state in ("withdrawn", self.news)


@dataclass
class Message:
    """One message of one sender, as that sender knows it. `busy`: something was asked of it and is not answered."""

    id: str
    sender: str
    to: tuple[str, ...]
    otherwise: str
    versions: list[Version]
    accepted: bool = False
    busy: bool = True
    revision: int = 1
    told: dict[str, Told] = field(default_factory=dict[str, Told])

    @property
    def over(self) -> bool:
        """Whether its sender knows an end of it for every recipient."""
        return all(self.told[each].ended_at is not None for each in self.to)


@dataclass(frozen=True)
class Copy:
    """A copy as it arrived, and the recipient's presence at that moment."""

    id: str
    recipient: str
    revision: int
    body: str
    presence: Presence


class Ledger:
    """Everything that was seen. `tick` grows with every entry; `moves` with what the engine says by itself."""

    def __init__(self) -> None:
        self.messages: dict[str, Message] = {}
        self.copies: list[Copy] = []
        self.kept: dict[tuple[str, str], int] = {}
        self.read: set[tuple[str, str]] = set()
        self.broken: list[str] = []
        self.met: Counter[str] = Counter()
        self.tick = self.moves = 0

    def breaks(self, promise: str, seen: str) -> None:
        """A promise is broken."""
        self.broken.append(f"{promise}: {seen[:SEEN_LENGTH_MAX]}")

    def told(self, receipt: dict[str, Any], *, by_news: bool = False) -> None:
        """A sender reads a receipt, in an answer or among news."""
        message, recipient, state = self.messages[receipt["id"]], receipt["recipient"], receipt["state"]
        told = message.told[recipient]
        what = f"{message.id} for {recipient}"
        if told.state and state not in AFTER[told.state]:
            self.breaks("I6, one end", f"{what} was told as {told.state}, then as {state}")
        if state in ARRIVED and self.kept.get((message.id, recipient)) != receipt["revision"]:
            kept = self.kept.get((message.id, recipient))
            self.breaks(
                "I6, the truth",
                f"{what} was told as {state} in revision {receipt['revision']}; acknowledged was {kept}",
            )
        if state == "read" and (message.id, recipient) not in self.read:
            self.breaks("I6, the truth", f"{what} was told as read, and nobody said so")
        if state in ENDED and state != told.state:
            self.met[state] += 1
            told.ended_at = self.tick
        told.state = state
        told.news = state if by_news else told.news
        message.revision = max(message.revision, receipt["revision"])

    def arrived(
        self, recipient: str, copy: dict[str, Any], body: str, presence: Presence, sealed: int
    ) -> None:
        """A copy reaches `recipient`, who surely reads it after what was told at the tick `sealed`."""
        message = self.messages.get(copy["id"])
        if message is None or recipient not in message.to:
            self.breaks("I5, I9", f"{recipient} got {copy['id']}, which nobody sent to them")
            return
        told = message.told[recipient]
        if told.ended_at is not None and told.ended_at <= sealed:
            promise = {"withdrawn": "I7, atomic", "expired": "I3, never late"}.get(
                told.state, "I5, shown once"
            )
            self.breaks(promise, f"{message.id} was {told.state}, and came to {recipient} after that")
        self.copies.append(Copy(message.id, recipient, copy.get("revision", 1), body, dict(presence)))

    # --- at the end ------------------------------------------------------------------------------------------------

    def check_copies(self) -> None:
        """Each copy came as its sender wanted it at that revision, and when they wanted it."""
        for copy in self.copies:
            message = self.messages[copy.id]
            current = _current(message, copy.revision)
            what = f"{copy.id} came to {copy.recipient} in revision {copy.revision}"
            if copy.body not in [each.body for each in current]:
                self.breaks(
                    "I7, atomic", f"{what} with a text of another one: {copy.body[:60]}; {message.versions}"
                )
            second = message.otherwise == "deliver" and copy.revision > current[0].revision
            if second:
                self.met["second lives"] += 1
            elif not any(holds(each.when, copy.presence) for each in current):
                self.breaks("I2, never early", f"{what} at {copy.presence}, wanted {current}")

    def check_edits(self) -> None:
        """An edit that was made and is asked again, because its answer got lost, is not refused as another's."""
        came = {(copy.id, copy.body) for copy in self.copies}
        for message in self.messages.values():
            for each in message.versions if message.otherwise != "deliver" else ():
                lost = each.refused == "revision_mismatch" and each.made is None
                if lost and (message.id, each.body) in came and each.body != message.versions[0].body:
                    self.breaks("I7, all sides agree", f"an edit was refused, and came: {each} of {message}")

    def check_prompt(self) -> None:
        """Nothing waits any more for somebody online and in the best of moods that may go there."""
        for message in self.messages.values():
            current = _current(message, message.revision)
            may_go = all(holds(each.when, DEFAULTS) and not each.when.get("dwell") for each in current)
            waiting = [each for each in message.to if message.told[each].ended_at is None]
            if message.accepted and may_go and waiting:
                self.breaks("I4, prompt", f"{message.id} does not go to {waiting}: {message}")

    def check_accounted(self) -> None:
        """Every message that was accepted has an end of which its sender knows."""
        for message in self.messages.values():
            if message.busy:
                self.breaks("the engine answers", f"something asked of {message} was never answered")
            if message.accepted and not message.over:
                self.breaks("I1, durable, or I6, accounted for", f"nothing was heard of the end of {message}")
            untold = [each for each in message.to if not message.told[each].is_heard]
            if message.accepted and untold:
                self.breaks("I6, its sender is told", f"no news told of the end for {untold} of {message}")


def holds(when: When, presence: Presence) -> bool:
    """Whether the groups of a condition are true of `presence`."""
    groups = when.get("any", [])
    return not groups or any(all(_is_true(clause, presence) for clause in group["all"]) for group in groups)


def _is_true(clause: dict[str, Any], presence: Presence) -> bool:
    value, wanted = presence[clause["attr"]], clause["value"]
    return {
        "eq": value == wanted,
        "ne": value != wanted,
        "in": value in wanted,
        "not_in": value not in wanted,
    }[clause["op"]]


def _current(message: Message, revision: int) -> list[Version]:
    """What a message may be at `revision`: its last version that was surely made, and any since that may have been."""
    able = [each for each in message.versions if each.revision <= revision and each.made is not False]
    last = max((place for place, each in enumerate(able) if each.made), default=0)
    return able[last:]
