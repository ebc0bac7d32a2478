"""Bugs in what decides when a message goes: time, presence, conditions, what may be seen, how far it has come."""

from tests.proof.mutants.bug import CORE, STORE, Mutant

TIME = (
    Mutant(
        "at the very instant of its end a message is still handed over",
        f"{CORE}/releasing.py",
        "and now.utc_ms < envelope.expires_at",
        "and now.utc_ms <= envelope.expires_at",
        "tests/engine/core/test_settling.py",
    ),
    Mutant(
        "at the very instant of its end a message that waits still goes with others",
        f"{STORE}/view.py",
        "w.condition = ? AND w.expires_at > ?",
        "w.condition = ? AND w.expires_at >= ?",
        "tests/engine/core/test_settling.py",
    ),
    Mutant(
        "at the very instant of its end a message does not expire",
        f"{STORE}/view.py",
        "WHERE w.expires_at <= ? ORDER BY",
        "WHERE w.expires_at < ? ORDER BY",
    ),
    Mutant(
        "at the very instant of its end a message can still be changed",
        f"{CORE}/amending.py",
        "now.utc_ms >= envelope.expires_at",
        "now.utc_ms > envelope.expires_at",
        "tests/engine/core/test_amending.py",
    ),
    Mutant(
        "at the very instant of its end what arrived quietly is not told",
        f"{STORE}/view.py",
        "WHERE q.expires_at <= ? ORDER BY",
        "WHERE q.expires_at < ? ORDER BY",
    ),
    Mutant(
        "at the very instant of its end a reading still holds",
        f"{CORE}/changes.py",
        "reading.until <= at_ms",
        "reading.until < at_ms",
        "tests/engine/core/test_changes.py",
    ),
    Mutant(
        "only the timer ends a message: handing it over does not look at its end",
        f"{CORE}/releasing.py",
        "        and now.utc_ms < envelope.expires_at\n",
        "",
        "tests/engine/core/test_settling.py",
    ),
    Mutant(
        "only the timer ends what waits: going with others does not look at its end",
        f"{STORE}/view.py",
        "w.condition = ? AND w.expires_at > ?",
        "w.condition = ? AND w.expires_at > ? - 1000000000",
        "tests/engine/core/test_settling.py",
    ),
    Mutant(
        "nobody is woken for the end of a message",
        f"{STORE}/store.py",
        "instants = [row[0]] if row is not None and row[0] is not None else []",
        "instants: list[int] = []",
    ),
    Mutant(
        "silence of ten seconds is not noticed",
        f"{CORE}/settling.py",
        "now.ticks_ms - view.limits.acknowledge_within_ms",
        "now.ticks_ms - 100 * view.limits.acknowledge_within_ms",
    ),
    Mutant(
        "a lost link shows at once",
        f"{CORE}/attending.py",
        "lambda handle: Decision((SetGrace(handle, until),))",
        "lambda handle: _gone(handle, view, now)",
        "tests/engine/core/test_attending.py",
    ),
    Mutant(
        "whoever lost the link stays online for ever",
        f"{CORE}/attending.py",
        "until = now.ticks_ms + view.limits.grace_ms",
        "until = now.ticks_ms + 10**6 * view.limits.grace_ms",
        "tests/engine/core/test_attending.py",
    ),
)

PRESENCE = (
    Mutant(
        "a new presence does not look at what waits",
        f"{CORE}/attending.py",
        "(_announced(before, after, view),), (Reconsider(after.handle),)",
        "(_announced(before, after, view),), ()",
    ),
    Mutant(
        "a sign-in does not look at what waits",
        f"{CORE}/attending.py",
        "        (Reconsider(fact.handle),),\n",
        "        (),\n",
    ),
    Mutant(
        "a presence that ends by itself does not look at what waits",
        f"{CORE}/attending.py",
        "        _changed(person, restored(person, now.utc_ms), view) for person",
        "        replace(_changed(person, restored(person, now.utc_ms), view), then=()) for person",
        "tests/engine/core/test_attending.py",
    ),
    Mutant(
        "after a restart everybody is still online",
        f"{CORE}/attending.py",
        "for person in view.people() if person.online)\n    lost",
        "for person in view.people() if person.online and not person.version)\n    lost",
    ),
    Mutant(
        "a message leaves though nobody is there",
        f"{CORE}/releasing.py",
        "        and view.sessions(envelope.recipient) > 0\n",
        "",
        "tests/engine/core/test_releasing.py",
        also=(("not presence.online or not view.sessions(fact.handle) or", "not presence.online or"),),
    ),
    Mutant(
        "whoever signs in with another device speaks for somebody else",
        f"{CORE}/joining.py",
        "if account and account.removed_at is None and fact.device in view.devices(fact.handle):",
        "if account and account.removed_at is None and fact.device:",
        "tests/engine/core/test_joining.py",
    ),
)

CONDITIONS = (
    Mutant(
        "a negated clause about something hidden is true",
        f"{CORE}/conditions.py",
        "    if value is None or holds is None:\n        return None\n",
        '    if value is None or holds is None:\n        return clause.op == "ne" or None\n',
        "tests/engine/core/test_conditions.py",
    ),
    Mutant(
        "a condition is looked at over the true presence",
        f"{CORE}/looking.py",
        "offered(self._shown, self.at_ms)",
        "offered(self._presence, self.at_ms)",
        "pairs",
    ),
    Mutant(
        "the list of those who are blocked is not looked at",
        f"{CORE}/looking.py",
        "presence.online and sender not in privacy.blocked",
        "presence.online",
    ),
    Mutant(
        "a message to two goes to both when one of them matches",
        f"{CORE}/releasing.py",
        "    sight = sight_of(presence, envelope.sender, view, now)\n",
        "    first = view.person(view.envelopes(fact.id)[0].recipient) or presence\n"
        "    sight = sight_of(first, envelope.sender, view, now)\n",
    ),
    Mutant(
        "an instant that is to come is not waited for",
        f"{CORE}/conditions.py",
        "at_ms >= condition.not_before",
        "at_ms >= 0",
    ),
    Mutant(
        "nobody is woken when an instant comes",
        f"{CORE}/releasing.py",
        "SetWake(handle, min(moments, default=None), min(dues, default=None))",
        "SetWake(handle, None, min(dues, default=None))",
    ),
    Mutant(
        "a window is still open at its end",
        f"{CORE}/window.py",
        "start <= minute < end",
        "start <= minute <= end",
        "tests/engine/core/test_window.py",
    ),
)

PATIENCE = (
    Mutant(
        "an edge is armed from the start",
        f"{CORE}/patience.py",
        "Patience(armed=not condition.edge)",
        "Patience(armed=True)",
    ),
    Mutant(
        "an edge that was met is forgotten with a lost link",
        f"{CORE}/settling.py",
        "    writes = tuple(HoldAgain(envelope, now.utc_ms) for envelope in moved)\n",
        "    from tact_engine.core.patience import accepted\n"
        "    from tact_engine.core.writes import SetPatience\n\n"
        "    writes = tuple(HoldAgain(envelope, now.utc_ms) for envelope in moved)\n"
        "    writes += tuple(SetPatience(e.recipient, e.number, accepted(e.condition)) for e in moved)\n",
        "tests/engine/core/test_releasing.py",
    ),
    Mutant(
        "a dwell that was broken goes on",
        f"{CORE}/patience.py",
        "if truth is not True or not armed:",
        "if (truth is not True and memory.since is None) or not armed:",
        "tests/engine/core/test_patience.py",
    ),
    Mutant(
        "a dwell is not broken by going offline",
        f"{CORE}/releasing.py",
        "    if presence is None:\n        return Decision()\n",
        "    if presence is None or not presence.online:\n        return Decision()\n",
        "tests/engine/core/test_releasing.py",
    ),
)

ARRIVING = (
    Mutant(
        "what was on its way at a crash is taken for lost",
        f"{CORE}/attending.py",
        "lost = held_again(view.released(None), view, now)",
        "lost = held_again((), view, now)",
        "tests/engine/core/test_attending.py",
    ),
    Mutant(
        "what was on its way at a lost link does not wait again",
        f"{CORE}/attending.py",
        "held_again(view.released(handle), view, now), last(handle)",
        "held_again((), view, now), last(handle)",
    ),
    Mutant(
        "what was on its way to one computer of a person never comes to the next",
        f"{CORE}/attending.py",
        "held_again(view.released(fact.handle), view, now)",
        "held_again((), view, now)",
        "tests/engine/core/test_attending.py",
    ),
    Mutant(
        "what was acknowledged late is sent again",
        f"{CORE}/settling.py",
        "envelope.state in (State.HELD, State.EXPIRED, State.WITHDRAWN)",
        "envelope.state in (State.EXPIRED, State.WITHDRAWN)",
    ),
    Mutant(
        "a late acknowledgement does not correct what was told",
        f"{CORE}/settling.py",
        "envelope.state in (State.HELD, State.EXPIRED, State.WITHDRAWN)",
        "envelope.state is State.HELD",
        "tests/engine/core/test_settling.py",
    ),
    Mutant(
        "an acknowledgement of somebody else counts",
        f"{CORE}/settling.py",
        "if each.recipient == handle and not each.alert",
        "if not each.alert",
    ),
    Mutant(
        "what waits for room is not looked at when there is room again",
        f"{CORE}/settling.py",
        "again = view.backlog(handle) is not None and",
        "again = view.backlog(handle) is None and",
        "tests/engine/core/test_settling.py",
    ),
    Mutant(
        "an alert is handed to whom it is about",
        f"{CORE}/releasing.py",
        "    if envelope.alert:\n        return Decision(writes, then=(Tell(envelope.id, envelope.recipient),))\n",
        "",
    ),
    Mutant(
        "the order in which messages leave is turned round",
        f"{CORE}/releasing.py",
        "going = _fitting(messages, view)",
        "going = _fitting(messages, view)[::-1]",
        "tests/engine/core/test_releasing.py",
    ),
)

HEART = (*TIME, *PRESENCE, *CONDITIONS, *PATIENCE, *ARRIVING)
