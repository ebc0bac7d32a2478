"""The law once more, in few lines and over plain values: what must have become of every message by now.

It shares nothing with the heart. Whoever plays a day says here what people do, and lets time pass in the steps in which
something is due for it; then everything has happened that had to.
"""

from dataclasses import dataclass, field

GRACE_MS = 10_000
SILENCE_MS = 10_000
LEASE_MS = 40_000
CHAINED_MAX = 3
QUOTA = 5
OVER = ("delivered", "read", "expired", "withdrawn")
HERE = "online hidden"
TOO_LATE = ["already_released", "already_ended"]
UNUSED = ("mood hidden", "mood unusable")


@dataclass(frozen=True)
class When:
    """A condition: what the mood must or must not be, and its other parts."""

    mood: tuple[str, str] | None = None
    edge: bool = False
    dwell: int = 0
    not_before: int = 0

    def hidden_by(self, privacy: tuple[str, str]) -> bool:
        """Whether it looks at something that these rules do not offer."""
        return self.mood is not None and privacy[0] in UNUSED


ONLINE = When()


@dataclass
class Copy:
    """One recipient's part of a message."""

    state: str = "held"
    tried: bool = False
    left_at: int = 0
    revision: int = 1
    ends_at: int = 0
    armed: bool = True
    since: int | None = None
    told: str = "held"
    quiet: bool = False


@dataclass
class Message:
    """A message, or an alert, which has no body."""

    sender: str
    when: When
    valid_for: int
    ends_at: int
    body: bytes
    deliver: bool
    behind: str = ""
    revision: int = 1
    second: bool = False
    leased_to: int | None = None
    copies: dict[str, Copy] = field(default_factory=dict)

    @property
    def alert(self) -> bool:
        """Whether it is only told."""
        return not self.body

    @property
    def alive(self) -> dict[str, Copy]:
        """The copies that have not ended."""
        return {who: copy for who, copy in self.copies.items() if copy.state not in OVER}

    @property
    def seems_alive(self) -> bool:
        """Whether some copy has not ended, as far as its sender knows."""
        return any(copy.state not in OVER or copy.quiet for copy in self.copies.values())

    @property
    def waits(self) -> bool:
        """Whether it can still be changed."""
        return any(copy.state == "held" for copy in self.copies.values())


class Oracle:
    """What everybody has done, and what follows."""

    def __init__(self, people: tuple[str, ...]):
        self.utc = self.ticks = 0
        self.messages: dict[str, Message] = {}
        self.here: set[str] = set()
        self.graces: dict[str, int] = {}
        self.moods = dict.fromkeys(people, "NONE")
        self.privacy: dict[str, tuple[str, str]] = dict.fromkeys(people, ("open", ""))
        self._moves = 0

    # --- what people do

    def arrive(self, handle: str, mood: str) -> None:
        """Somebody signs in."""
        self.lose(handle)
        self.here.add(handle)
        self.graces.pop(handle, None)
        self.moods[handle] = mood
        self.settle()

    def leave(self, handle: str, *, clean: bool) -> None:
        """Somebody signs out, or drops off."""
        self.here.discard(handle)
        self.lose(handle)
        if clean:
            self.gone(handle)
        else:
            self.graces[handle] = self.ticks + GRACE_MS
        self.settle()

    def gone(self, handle: str) -> None:
        """Somebody is offline; what they were editing may go again."""
        for message in self.messages.values():
            if message.sender == handle:
                message.leased_to = None

    def stop(self) -> None:
        """The engine ends and begins again."""
        for handle in self.moods:
            self.lose(handle)
        self.here.clear()
        self.graces.clear()
        for message in self.messages.values():
            message.leased_to = None
            for copy in message.copies.values():
                copy.armed, copy.since = True, None

    def lose(self, recipient: str) -> None:
        """What was on its way to somebody waits again."""
        for message in self.messages.values():
            copy = message.copies.get(recipient)
            if copy and copy.state == "released":
                self.move(message, recipient, "held")

    def settled(self, message: Message, recipient: str, revision: int) -> None:
        """A recipient says that they have it."""
        copy = message.copies[recipient]
        if not message.alert and copy.tried and copy.state in ("released", "held", "expired", "withdrawn"):
            if 0 < revision < copy.revision:
                copy.revision = revision
            self.move(message, recipient, "delivered")
            self.settle()

    def read(self, message: Message, recipient: str) -> None:
        """A recipient says that it was shown."""
        blocked = self.privacy[recipient] == ("blocks", message.sender)
        if message.copies[recipient].state == "delivered" and not message.alert and not blocked:
            self.move(message, recipient, "read")

    def submitted(
        self,
        id: str,
        sender: str,
        to: list[str],
        when: When,
        seconds: int,
        body: bytes,
        *,
        deliver: bool,
        keep_order: bool,
    ) -> list[str]:
        """Somebody hands over a message; why it may be refused. A repeated one changes nothing."""
        if id in self.messages:
            return []
        ends_at = self.utc + seconds * 1000
        front, length = self.chain(sender, to)
        problems = self.problems(when, ends_at, sender, to, alert=not body)
        problems += ["too_many_held"] * any(self.held(sender, recipient) >= QUOTA for recipient in to)
        problems += ["chain_too_long"] * (keep_order and length >= CHAINED_MAX)
        if not problems:
            copies = {recipient: Copy(ends_at=ends_at, armed=not when.edge) for recipient in to}
            message = Message(sender, when, seconds, ends_at, body, deliver, copies=copies)
            message.behind = front if keep_order else ""
            self.messages[id] = message
            self.settle()
        return problems

    def withdrawn(self, message: Message) -> list[str]:
        """A sender takes a message back, as far as it is not on its way; why they may be refused."""
        able = [who for who, copy in message.copies.items() if copy.state in ("held", "withdrawn")]
        if not able:
            return TOO_LATE
        message.leased_to = None
        for recipient in able:
            self.move(message, recipient, "withdrawn")
        self.settle()
        return []

    def leased(self, message: Message, *, resume: bool) -> list[str]:
        """A sender opens a message in an editor, or closes it unchanged; why they may be refused."""
        if not message.waits:
            return TOO_LATE
        message.leased_to = None if resume else self.ticks + LEASE_MS
        self.settle()
        return []

    def sent_now(self, message: Message) -> list[str]:
        """A sender drops the condition of a message; why they may be refused."""
        copies = message.copies.values()
        gone = all(copy.state in ("released", "delivered", "read") for copy in copies)
        if message.when == ONLINE and gone and message.revision > 1:
            return []
        if not message.waits:
            return TOO_LATE
        if message.alert:
            return ["alert_without_text"]
        message.behind, second = "", message.second
        self.change(message, ONLINE, None, message.body)
        message.second = second
        return []

    def edited(
        self, message: Message, when: When | None, seconds: int | None, body: bytes | None, *, convert: bool
    ) -> list[str]:
        """A sender changes a message, with `convert` into an alert or back; why they may be refused."""
        alert, new = message.alert is not convert, when or message.when
        ends_at = self.utc + seconds * 1000 if seconds else message.ends_at
        problems = [] if message.waits else list(TOO_LATE)
        if alert and any(copy.state == "released" for copy in message.copies.values()):
            problems.append("already_released")
        if alert and (message.deliver or body):
            problems.append("alert_without_text")
        if convert and not alert and not body:
            problems.append("body_empty")
        about = self.problems(new, ends_at, message.sender, list(message.alive), alert=alert)
        looked_at = ["not_offered"] * bool(when or convert)
        looked_at += ["dwell_too_long", "begins_too_late"] * bool(when or seconds)
        problems += [each for each in about if each in looked_at]
        if not problems:
            self.change(message, new, seconds, b"" if alert else body or message.body)
        return problems

    def change(self, message: Message, when: When, seconds: int | None, body: bytes) -> None:
        """A message waits for something else, for longer, or says something else."""
        anew = when != message.when
        message.second = message.second and not anew
        message.when, message.body = when, body
        if seconds:
            message.valid_for, message.ends_at = seconds, self.utc + seconds * 1000
        message.leased_to = None
        message.behind = "" if message.alert else message.behind
        self.renew(message, anew=anew)
        self.settle()

    def renew(self, message: Message, *, anew: bool) -> None:
        """Another revision, for all that have not got an earlier one for good."""
        message.revision += 1
        for copy in message.alive.values():
            copy.revision, copy.ends_at = message.revision, message.ends_at
            if anew:
                copy.armed, copy.since = not message.when.edge, None

    # --- what may be refused

    def problems(self, when: When, ends_at: int, sender: str, to: list[str], *, alert: bool) -> list[str]:
        """Why a condition may be refused."""
        rules = [self.privacy[recipient] for recipient in to]
        hidden = any(when.hidden_by(each) or (alert and each[0] == HERE) for each in rules)
        late = when.not_before and when.not_before + when.dwell * 1000 >= ends_at
        long = when.dwell * 1000 >= ends_at - self.utc
        return (
            ["not_offered"] * hidden
            + ["begins_too_late", "dwell_too_long"] * bool(late)
            + ["dwell_too_long"] * long
        )

    def chain(self, sender: str, to: list[str]) -> tuple[str, int]:
        """The message behind which another one would wait, and how many that are."""
        mine = [
            id
            for id, each in self.messages.items()
            if (each.sender, sorted(each.copies)) == (sender, sorted(to))
            and each.seems_alive
            and not each.alert
        ]
        length, id = 0, mine[-1] if mine else ""
        while id and self.messages[id].seems_alive:
            length, id = length + 1, self.messages[id].behind
        return mine[-1] if mine else "", length

    def held(self, sender: str, recipient: str) -> int:
        """How many messages of `sender` wait for `recipient`."""
        mine = [message for message in self.messages.values() if message.sender == sender]
        return sum(
            message.copies[recipient].state == "held" for message in mine if recipient in message.copies
        )

    # --- what follows

    def settle(self) -> None:
        """Everybody looks at everything, until nothing more may go."""
        before = -1
        while before != (before := self._moves):
            for message in self.messages.values():
                for recipient in message.alive:
                    self.look(message, recipient)

    def look(self, message: Message, recipient: str) -> None:
        """One copy goes where it may."""
        copy, truth = message.copies[recipient], self.truth(message, recipient)
        copy.armed = copy.armed or truth is False
        copy.since = (
            None if truth is not True or not copy.armed else self.ticks if copy.since is None else copy.since
        )
        ripe = copy.since is not None and self.ticks >= copy.since + message.when.dwell * 1000
        may = recipient in self.here and self.utc < message.ends_at and message.leased_to is None
        if copy.state == "held" and ripe and may and self.is_free(message, recipient):
            copy.tried, copy.left_at = not message.alert, self.ticks
            self.move(message, recipient, "delivered" if message.alert else "released")

    def truth(self, message: Message, recipient: str) -> bool | None:
        """How a condition stands as its sender sees it."""
        rules, when = self.privacy[recipient], message.when
        blocked = rules == ("blocks", message.sender)
        if message.alert and rules[0] == HERE:
            return None
        online = (recipient in self.here or recipient in self.graces) and not blocked
        if not online or self.utc < when.not_before:
            return False
        if when.mood is None:
            return True
        op, wanted = when.mood
        return None if when.hidden_by(rules) else (self.moods[recipient] == wanted) is (op == "eq")

    def is_free(self, message: Message, recipient: str) -> bool:
        """Whether nothing is in front of it; what ended without going leaves its place to what it waited behind."""
        while message.behind:
            message = self.messages[message.behind]
            state = message.copies[recipient].state
            if state not in OVER:
                return False
            if state in ("delivered", "read"):
                return True
        return True

    def may_know(self, message: Message, recipient: str) -> bool:
        """Whether its sender may be told that it left or arrived."""
        rules = self.privacy[recipient]
        hidden = rules[0] == HERE or (rules[0] == "mood hidden" and message.when.mood is not None)
        return not hidden and rules != ("blocks", message.sender)

    def visible(self, message: Message, recipient: str) -> str:
        """How a copy stands for its sender."""
        copy = message.copies[recipient]
        unknown = copy.state == "released" and not self.may_know(message, recipient)
        return "held" if unknown or copy.quiet else copy.state

    def move(self, message: Message, recipient: str, state: str) -> None:
        """A copy stands elsewhere, and its sender is told what they may know."""
        copy = message.copies[recipient]
        copy.state = state
        self._moves += 1
        silent = state in ("released", "held", "delivered") and not self.may_know(message, recipient)
        copy.quiet = state == "delivered" and silent and not message.alert
        if not silent or (state == "delivered" and message.alert):
            copy.told = state

    def answered(self, message: Message) -> None:
        """A request about a message was answered."""
        for recipient, copy in message.copies.items():
            copy.told = self.visible(message, recipient)

    # --- time

    def dues(self) -> list[int]:
        """In how many milliseconds something happens by itself."""
        instants, ticks = [], [*self.graces.values()]
        for message in self.messages.values():
            ticks += [] if message.leased_to is None else [message.leased_to]
            instants.append(message.when.not_before)
            for copy in message.copies.values():
                instants += [copy.ends_at] if copy.state == "held" or copy.quiet else []
                ticks += [copy.left_at + SILENCE_MS] if copy.state == "released" else []
                ticks += [] if copy.since is None else [copy.since + message.when.dwell * 1000]
        waits = [instant - self.utc for instant in instants] + [tick - self.ticks for tick in ticks]
        return [wait for wait in waits if wait > 0]

    def pass_time(self, milliseconds: int, jump: int = 0, *, once: bool = False) -> None:
        """Time passes, and the wall clock jumps besides; nothing is due in between.

        What is due happens, and whatever follows from that at the same instant, unless everybody looks only `once`.
        """
        self.utc += milliseconds + jump
        self.ticks += milliseconds
        for handle in [handle for handle, end in self.graces.items() if end <= self.ticks]:
            del self.graces[handle]
            self.gone(handle)
        before = -1
        while before != (before := self._moves):
            for message in self.messages.values():
                self.end(message)
            self.settle()
            if once:
                break

    def end(self, message: Message) -> None:
        """What time does to one message."""
        if message.leased_to is not None and message.leased_to <= self.ticks:
            message.leased_to = None
        due = message.waits and self.utc >= message.ends_at
        if due and message.deliver and not message.second:
            message.second, message.when = True, ONLINE
            message.ends_at = self.utc + message.valid_for * 1000
            self.renew(message, anew=True)
            for recipient, copy in message.alive.items():
                if copy.state == "held":
                    self.move(message, recipient, "held")
                    copy.told = "held"
        for recipient, copy in message.copies.items():
            if copy.state == "held" and self.utc >= copy.ends_at:
                self.move(message, recipient, "expired")
            elif copy.state == "released" and self.ticks >= copy.left_at + SILENCE_MS:
                self.move(message, recipient, "held")
            elif copy.quiet and self.utc >= copy.ends_at:
                copy.quiet, copy.told = False, "delivered"
