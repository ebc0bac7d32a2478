"""Looking: how a condition stands over a recipient as its sender may see them, and what that sender may know.

The recipient's own rules decide what the sender's condition sees, now, whatever it was at acceptance. Whether the
recipient is online for the implicit clause is not looked up there: a message can only be handed to a live session. But
then the sender is not told of it before they could know it otherwise.
"""

from collections.abc import Mapping
from functools import cached_property

from tact_engine.core.conditions import Condition, Verdict, attributes_of, evaluate, next_moment
from tact_engine.core.envelope import Envelope
from tact_engine.core.facts import Moment
from tact_engine.core.presence import ATTRIBUTES, ONLINE_STATUS, Kind, Presence, Value, offered
from tact_engine.core.privacy import STRANGER, Privacy, known, may_see, may_use, shown
from tact_engine.core.view import View


class Sight:
    """What the conditions of one sender see of a recipient at one moment; read only as far as it is asked for."""

    def __init__(self, presence: Presence, privacy: Privacy, sender: str, now: Moment) -> None:
        self._presence, self._privacy, self._sender = presence, privacy, sender
        self.at_ms = now.utc_ms
        self.here = presence.online and sender not in privacy.blocked
        self._looked: dict[int, tuple[Condition, Verdict, int | None]] = {}

    @cached_property
    def values(self) -> Mapping[str, Value]:
        """What is seen and may be used."""
        return offered(self._shown, self.at_ms)

    @cached_property
    def _shown(self) -> Presence:
        """The document that the sender is shown."""
        return shown(self._presence, self._privacy, self._sender)

    @cached_property
    def _moving(self) -> Mapping[str, Value]:
        """What is seen, without seconds that nobody has told: those do not grow before somebody does."""
        told = self._shown.readings
        return {
            name: value
            for name, value in self.values.items()
            if name in told or ATTRIBUTES[name].kind is not Kind.SECONDS
        }

    def look(self, condition: Condition) -> tuple[Verdict, int | None]:
        """How `condition` stands, and when time alone may next change that; of one condition it is found out once.

        Of one and the same, not of equal ones: to compare them takes as long, and 1 is equal to true.
        """
        found = self._looked.get(id(condition))
        if found is None:
            values = self._needed(condition)
            verdict = evaluate(condition, values, self.at_ms, self.here)
            moment = next_moment(condition, values and self._moving, self.at_ms)
            found = self._looked[id(condition)] = (condition, verdict, moment)
        return found[1:]

    def verdict(self, condition: Condition) -> Verdict:
        """How `condition` stands."""
        return evaluate(condition, self._needed(condition), self.at_ms, self.here)

    def next_moment(self, condition: Condition) -> int | None:
        """When time alone may next change that."""
        return next_moment(condition, self._needed(condition) and self._moving, self.at_ms)

    @property
    def shows_online(self) -> bool:
        """Whether the sender may see if the recipient is online, and use it."""
        return may_use(self._privacy, ONLINE_STATUS, self._sender)

    def _needed(self, condition: Condition) -> Mapping[str, Value]:
        """What `condition` has to see: nothing, where it only asks for somebody to be online."""
        return self.values if condition.any or condition.window else {}


class Sights:
    """The sights of many senders on one recipient; strangers share one."""

    def __init__(self, presence: Presence, privacy: Privacy, now: Moment) -> None:
        self._presence, self._privacy, self._now = presence, privacy, now
        self._known = known(privacy)
        self._made: dict[str, Sight] = {}

    def of(self, sender: str) -> Sight:
        """What the conditions of `sender` see."""
        viewer = sender if sender in self._known else STRANGER
        if viewer not in self._made:
            self._made[viewer] = Sight(self._presence, self._privacy, viewer, self._now)
        return self._made[viewer]


def sight_of(presence: Presence, sender: str, view: View, now: Moment) -> Sight:
    """What the conditions of `sender` see of `presence`."""
    return Sight(presence, view.privacy(presence.handle), sender, now)


def may_know(envelope: Envelope, view: View) -> bool:
    """Whether its sender may be told that an envelope left or arrived: they see all that this says."""
    privacy = view.privacy(envelope.recipient)
    names = attributes_of(envelope.condition) | {ONLINE_STATUS}
    return envelope.sender not in privacy.blocked and all(
        may_see(privacy, name, envelope.sender) for name in names
    )
