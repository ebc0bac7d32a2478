"""One of two worlds: the real store and the real engine, without a socket; each link keeps what it is sent, and when.

Frames go in as links bring them, effects become frames by the engine's own hand. What is left out is the loop: time
stands still until it is moved, and the engine is woken when it asked to be.
"""

import json
from collections import defaultdict
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from picows.websockets import ServerConnection

from tact_engine.core.facts import Moment, SignedIn
from tact_engine.core.presence import Value
from tact_engine.core.view import Limits
from tact_engine.engine import Engine
from tact_engine.net.link import Link
from tact_engine.wire import frames as wire
from tact_engine.wire.frames import Frame
from tests.support.heart import OPEN_DOOR
from tests.support.memory import empty_database, store_over

NOON_MS = 1_800_000_000_000
TURNS_MAX = 200
_NO_THREAD = ThreadPoolExecutor(1)  # nothing is ever handed to it, so it never starts a thread


class RestlessError(Exception):
    """The engine wants to be woken again and again."""


class Line(Link):
    """A link whose other end is a list: what was sent, with the time (UTC milliseconds) at which it was."""

    def __init__(self, number: int, handle: str, world: "World"):
        super().__init__(number, cast("ServerConnection", None))
        self.handle, self.world = handle, world
        self.heard: list[tuple[int, str]] = []

    def queue(self, data: bytes, shared: bool = False):
        text = data.decode()
        self.heard.append((self.world.now_ms, text))
        if text.startswith('{"type":"deliver"'):
            self.world.arrived(self, json.loads(text)["deliveries"])
        elif text.startswith(('{"type":"done"', '{"type":"news"')):
            for receipt in json.loads(text).get("receipts", ()):
                self.world.receipts[self.handle].append({**receipt, "at": self.world.now_ms})

    def send_lazily(self, frames: Any):
        for frame in frames:
            self.send(frame)

    def flow(self):
        """Everything has left already."""

    def close(self, code: int, reason: str):
        self.heard.append((self.world.now_ms, f"closed: {code} {reason}"))


class World:
    """An office with one engine. `lines` are the links that live, `ever` all that there were."""

    def __init__(self):
        self.now_ms = NOON_MS
        self.lines: list[Line] = []
        self.ever: list[Line] = []
        self.deaf_until: dict[str, int] = {}
        self.copies: dict[tuple[str, str], list[tuple[int, int]]] = {}
        """(message, recipient) → when each copy arrived (UTC milliseconds), and in which revision."""
        self.kept: dict[tuple[str, str], list[tuple[int, str]]] = {}
        """(message, recipient) → when each acknowledgement left."""
        self.receipts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        """handle → all receipts they were told, as answers and as news, with the time as `at`."""
        self._number = 0
        self._due_ms: int | None = None
        self._to_keep: list[tuple[Line, dict[str, int]]] = []
        self._connection = empty_database()
        self.start()

    def start(self):
        """A new engine over the same database; whoever had a link has none any more."""
        self.lines.clear()
        self._to_keep.clear()
        self.store = store_over(self._connection, Limits(), self.moment())
        self.engine = Engine("office", "engine", self.store, self, _NO_THREAD)
        self.turn()

    def close(self):
        """The end."""
        self._connection.close()

    # --- the clock of the engine --------------------------------------------------------------------------------

    def moment(self) -> Moment:
        """Now."""
        return Moment(self.now_ms, self.now_ms - NOON_MS + 5_000)

    def not_before(self, utc_ms: int):
        """The clock of this world never goes back."""

    def go_on(self, until_ms: int):
        """Time moves to `until_ms`, and whatever is due meanwhile happens when it is due."""
        for _ in range(TURNS_MAX):
            if self._due_ms is None or self._due_ms > until_ms:
                self.now_ms = until_ms
                return
            self.now_ms = max(self.now_ms, self._due_ms)
            self.engine.wake()
            self.turn()
        raise RestlessError(
            f"W24: the engine was woken {TURNS_MAX} times in one pause, and nothing came of it"
        )

    # --- what links bring ---------------------------------------------------------------------------------------

    def lines_of(self, handle: str) -> list[Line]:
        """The live links of a person."""
        return [line for line in self.lines if line.handle == handle]

    def ever_of(self, handle: str) -> list[Line]:
        """The links that a person has or had, in the order of signing in."""
        return [line for line in self.ever if line.handle == handle]

    def sign_in(
        self, handle: str, presence: Mapping[str, Value | None] | None = None, number: int = 0
    ) -> Line:
        """A new link that speaks for `handle`; `number` as its session's, or the next one of this world."""
        self._number += 1
        line = Line(number or 1_000_000 + self._number, handle, self)
        self.lines.append(line)
        self.ever.append(line)
        self.engine._links[line.number] = line
        self.engine._put(
            SignedIn(line.number, handle, f"device of {handle}", dict(presence or {}), ticket=OPEN_DOOR)
        )
        return line

    def say(self, line: Line, frame: Frame):
        """A frame comes in over `line`."""
        self.engine.received(line, frame)

    def sign_out(self, line: Line):
        """Somebody leaves on purpose."""
        self.engine.received(line, wire.SignOut())
        self.lose(line)

    def lose(self, line: Line):
        """A link is gone."""
        self.lines.remove(line)
        self.engine.lost(line)

    def turn(self):
        """The engine works off what came in, and what the clients say to that at the same moment."""
        while True:
            effects, wake_ms = self.engine.turn(self.engine.gathered())
            self.engine.speak(effects)
            self._due_ms = None if wake_ms is None else self.now_ms + wake_ms
            if not self._to_keep:
                return
            self._acknowledge()

    def arrived(self, line: Line, deliveries: list[dict[str, Any]]):
        """Copies have come over `line`; the client there keeps them and says so, unless it is deaf."""
        copies = {each["id"]: each.get("revision", 1) for each in deliveries}
        for id, revision in copies.items():
            self.copies.setdefault((id, line.handle), []).append((self.now_ms, revision))
        if self.now_ms >= self.deaf_until.get(line.handle, 0):
            self._to_keep.append((line, copies))

    def _acknowledge(self):
        waiting, self._to_keep = self._to_keep, []
        for line, copies in waiting:
            if line not in self.lines:
                continue
            for id in copies:
                self.kept.setdefault((id, line.handle), []).append((self.now_ms, "kept"))
            self.say(line, wire.Acknowledge(copies))
