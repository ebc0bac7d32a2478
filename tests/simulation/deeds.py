"""What people do all day, drawn at random."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from tact_engine.core.envelope import Otherwise, Submission
from tact_engine.core.facts import Amendment
from tact_engine.wire import frames as wire
from tests.simulation.forms import MOODS, PLAIN, RULES, form, privacy
from tests.simulation.node import NOON_MS
from tests.support.oracle import When

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.simulation.device import Device
    from tests.simulation.world import World

T = TypeVar("T")


class Deeds:
    """Lets somebody do something."""

    def __init__(self, world: World) -> None:
        self._world, self._random = world, world.random
        kinds: dict[Callable[[Device], None], int] = {
            self.submit: 14,
            self.choose_mood: 9,
            self.allow: 2,
            self.withdraw: 3,
            self.edit: 3,
            self.send_now: 2,
            self.pause: 2,
            self.resume: 1,
            self.explain: 1,
            self.come_or_go: 5,
            self.drop: 4,
            self.crash: 1,
            self.read: 5,
            self.acknowledge_again: 2,
            self.submit_again: 2,
        }
        self._kinds, self._weights = list(kinds), list(kinds.values())

    def one(self) -> None:
        """Somebody does something."""
        (deed,) = self._random.choices(self._kinds, self._weights)
        deed(self._some(self._world.devices))

    # --- messages

    def submit(self, device: Device) -> None:
        """A message or an alert, to one or two."""
        world, random = self._world, self._random
        others = sorted({each.handle for each in world.devices} - {device.handle})
        to = random.sample(others, min(len(others), self._some((1, 1, 1, 2))))
        id = f"m{world.number()}"
        alert = len(to) == 1 and random.random() < 0.12
        deliver = not alert and random.random() < 0.2
        device.submit(
            Submission(
                id=id,
                to=tuple(to),
                body=b"" if alert else f"text of {id}".encode() * self._some((1, 1, 40)),
                when=form(self._when()),
                valid_for=self._some((60, 60, 120, 3600)),
                otherwise=Otherwise.DELIVER if deliver else Otherwise.EXPIRE,
                keep_order=not alert and random.random() < 0.2,
                alert=alert,
            )
        )

    def submit_again(self, device: Device) -> None:
        """The very same once more, as after an answer that was lost."""
        sent = [each for each in device.sent if each.id in device.kept.accepted]
        if sent:
            device.hand_over(self._some(sent))

    def withdraw(self, device: Device) -> None:
        """Take a message back."""
        if id := self._mine(device):
            device.withdraw(id)

    def edit(self, device: Device) -> None:
        """Change a message, of the revision one knows."""
        id, random = self._mine(device), self._random
        if not id:
            return
        when = form(self._when()) if random.random() < 0.5 else None
        alert = self._some((None, None, None, None, True, False))
        body = f"other text of {id}".encode() if random.random() < 0.5 else None
        seconds = self._some((None, None, 60, 300))
        amendment, revision = Amendment(body, when, seconds, alert=alert), device.kept.revisions.get(id, 1)
        device.ask(lambda request: wire.Edit(request, id, revision, amendment))

    def send_now(self, device: Device) -> None:
        """Let a message go without its condition."""
        if id := self._mine(device):
            device.ask(lambda request: wire.SendNow(request, id))

    def pause(self, device: Device) -> None:
        """Open a message in an editor."""
        if id := self._mine(device):
            device.ask(lambda request: wire.Pause(request, id))

    def resume(self, device: Device) -> None:
        """Close the editor."""
        if id := self._mine(device):
            device.ask(lambda request: wire.Resume(request, id))

    def explain(self, device: Device) -> None:
        """Ask why a message waits."""
        if id := self._mine(device):
            device.ask(lambda request: wire.Explain(request, id))

    # --- presence

    def choose_mood(self, device: Device) -> None:
        """Be in another mood."""
        device.choose({"UserMood": self._some(MOODS)})

    def allow(self, device: Device) -> None:
        """Other rules about who may see what."""
        others = sorted({each.handle for each in self._world.devices} - {device.handle})
        rules = privacy(self._some(("open", *RULES)), self._some(others))
        device.ask(lambda request: wire.SetPrivacy(request, rules))

    def come_or_go(self, device: Device) -> None:
        """Sign out, or in again."""
        if device.wants_up:
            device.leave()
        else:
            device.come()

    def drop(self, device: Device) -> None:
        """The link breaks."""
        if device.wire is not None:
            device.wire.cut()

    def crash(self, device: Device) -> None:
        """The program dies."""
        device.crash()

    # --- what arrived

    def read(self, device: Device) -> None:
        """Look at what arrived."""
        if device.kept.shown:
            id = self._some(self._unsettled(device) or list(device.kept.shown)[-3:])
            device.tell(wire.MarkRead((id,)))

    def acknowledge_again(self, device: Device) -> None:
        """Say once more that a message is kept."""
        if device.kept.shown:
            ids = self._some((self._unsettled(device), list(device.kept.shown)[-5:]))
            copy = device.kept.shown[self._some(ids or list(device.kept.shown))]
            device.tell(wire.Acknowledge({copy.id: copy.revision}))

    # --- chance

    def _some(self, things: Sequence[T]) -> T:
        return self._random.choice(things)

    def _unsettled(self, device: Device) -> list[str]:
        """What was shown on this device and did not arrive as far as the engine knows: the rare and interesting."""
        messages, shown = self._world.judge.oracle.messages, device.kept.shown
        parts = ((id, messages[id].copies.get(device.handle)) for id in shown if id in messages)
        return [id for id, part in parts if part is not None and part.state not in ("delivered", "read")]

    def _mine(self, device: Device) -> str:
        """One of the messages that this device handed over, mostly a late one; "" where there is none."""
        return self._some([each.id for each in device.sent][-4:]) if device.sent else ""

    def _when(self) -> When:
        """Half of them ask for a mood or for nothing."""
        world, plain = self._world, self._some(PLAIN)
        if self._random.random() < 0.5:
            return self._known(When(plain))
        begins = self._some((0, 0, 30_000))
        at_ms = NOON_MS + world.now + world.wrong_ms + begins if begins else 0
        return self._known(When(plain, self._random.random() < 0.5, self._some((0, 0, 20, 45)), at_ms))

    def _known(self, when: When) -> When:
        self._world.judge.whens[form(when)] = when
        return when
