"""Whatever people do before and after, a removal leaves nothing miscounted, misplaced or waiting for nobody."""

from random import Random

import pytest

from tact_engine.core import facts
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, one_group
from tact_engine.core.envelope import State
from tact_engine.core.members import Purpose, id_of
from tact_engine.core.privacy import Audience, Privacy, Rule
from tests.support.heart import Desk, Office, miscounted, misplaced, overdue

PEOPLE = ("anna", "bert", "mary", "tom")
CONDITIONS = (WHEN_ONLINE, PRESETS["available"], one_group(("UserMood", "eq", "ANGRY")))
STEPS = 40


class Life:
    """An office in which anything happens, drawn by `chance`."""

    def __init__(self, office: Office, chance: Random):
        self.office, self.chance = office, chance
        self.desks: dict[str, Desk] = {}
        self.ids: list[str] = []
        self.token = 0

    def step(self):
        """Somebody does something."""
        handle = self.chance.choice(PEOPLE)
        desk = self.desks.get(handle)
        if desk is None:
            self._come(handle)
            return
        deed = self.chance.choice(
            (self._send, self._send, self._live, self._take, self._edit, self._go, self._remove)
        )
        deed(desk)

    def _come(self, handle: str):
        desk = self.office.sign_in(handle)
        if desk.refused == "removed" and (host := self.desks.get("anna")):
            self.token += 1
            token = self.token.to_bytes(16)
            host.request(facts.Invited, token, Purpose.DEVICE, handle)
            desk = self.office.knock(handle, device=f"device of {handle}", token=token)
            assert desk.welcomed
        if desk.welcomed:
            self.desks[handle] = desk

    def _send(self, desk: Desk):
        to = self.chance.sample(
            [each for each in PEOPLE if each != desk.handle], self.chance.choice((1, 1, 2))
        )
        alert = self.chance.random() < 0.2
        reply = desk.try_submit(
            *to,
            body="" if alert else "x",
            alert=alert,
            when=self.chance.choice(CONDITIONS),
            valid_for=self.chance.choice((60, 3600)),
            keep_order=not alert and self.chance.random() < 0.3,
        )
        self.ids += [each.id for each in getattr(reply, "receipts", ())][:1]

    def _live(self, desk: Desk):
        desk.set(
            UserMood=self.chance.choice(("NONE", "ANGRY")),
            UserAvailability=self.chance.choice(("AVAILABLE", "NOT_AVAILABLE")),
        )
        if self.chance.random() < 0.2:
            others = tuple(each for each in PEOPLE if each != desk.handle)
            hidden = {"OnlineStatus": Rule(Audience.NOBODY)}
            desk.allow(self.chance.choice((Privacy(), Privacy(hidden), Privacy(blocked=others[:1]))))

    def _take(self, desk: Desk):
        desk.acknowledge(*desk.ids)
        if self.chance.random() < 0.5:
            desk.mark_read(*desk.ids)

    def _edit(self, desk: Desk):
        if self.ids:
            id = self.chance.choice(self.ids)
            self.chance.choice((desk.pause, desk.resume, desk.send_now, desk.withdraw, desk.why))(id)

    def _go(self, desk: Desk):
        self.chance.choice((desk.sign_out, desk.lose_link))()
        del self.desks[desk.handle]

    def _remove(self, desk: Desk):
        whose = self.chance.choice(PEOPLE)
        if self.chance.random() < 0.3:
            desk.request(facts.DeviceRemoved, whose, id_of(f"device of {whose}"))
        else:
            desk.request(facts.PersonRemoved, whose, withdraw=self.chance.random() < 0.5)
        for handle, each in tuple(self.desks.items()):
            if each.refused:
                self.desks.pop(handle)
                self.office.desks.pop(each.session, None)


@pytest.mark.parametrize("seed", range(24))
@pytest.mark.rule("J9")
def test_nothing_is_left_behind_by_who_is_removed(tmp_path, seed):
    chance = Random(seed)
    office = Office(tmp_path / "engine")
    office.feed(facts.HostSought(b"c" * 16))
    life = Life(office, chance)
    life.desks["anna"] = office.knock("anna", token=b"c" * 16, device="device of anna")
    for _ in range(STEPS):
        life.step()
        if chance.random() < 0.2:
            office.after(chance.choice((1, 15, 70)))
        gone = office.store.view.gone()
        for handle in gone:
            assert office.store.view.bound_for(handle) == ()
            assert office.store.view.quiet_of(handle) == ()
            assert office.store.view.sessions_of(handle) == ()
    office.wake()  # what came back after its end is swept by the timer, which is due at once
    assert (miscounted(office.store), misplaced(office.store), overdue(office)) == ([], [], [])
    if chance.random() < 0.5:
        office.restart()
    office.after(8 * 24 * 3600)
    states = {
        office.envelope(id, to.recipient).state for id in life.ids for to in office.store.view.envelopes(id)
    }
    assert states <= {State.DELIVERED, State.READ, State.EXPIRED, State.WITHDRAWN, State.FAILED}
    office.close()
