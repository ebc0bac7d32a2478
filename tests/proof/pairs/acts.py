"""What is the same in both worlds: what people other than the observed one do, and what she does in sight."""

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from tact_engine.core.envelope import Otherwise, Submission
from tact_engine.core.facts import Amendment
from tact_engine.wire import frames as wire
from tests.proof.pairs import wishes
from tests.proof.pairs.state import BOB, EVE, MARY, SAM, TOM, Pair, all_leave, endable
from tests.proof.pairs.world import World

SENDERS = (TOM, TOM, TOM, TOM, SAM, EVE)


def submit(pair: Pair):
    """Somebody writes, mostly to the observed person."""
    chance = pair.chance
    sender = chance.choice([handle for handle in SENDERS if pair.is_here(handle)] or [""])
    if not sender:
        return
    to = chance.choice(((MARY,), (MARY,), (MARY,), (MARY, BOB), (BOB,)))
    id = f"message-{len(pair.sent)}"
    names = pair.secret.names if chance.random() < 0.4 else tuple(wishes.VALUES)
    if not any(name != "TimeZone" for name in names):
        names = tuple(wishes.VALUES)
    pair.sent[id] = wishes.submission(chance, id, to, names, pair.now_ms)
    pair.sender_of[id] = sender
    pair.tell(sender, wire.Submit(request=pair.request(), submission=pair.sent[id]))


def follow(pair: Pair):
    """Somebody writes behind what they wrote before, to the same people, and asks why it waits."""
    id, sender = _some_message(pair)
    if not id or not pair.is_here(sender):
        return
    last = f"message-{len(pair.sent)}"
    when = wishes.condition(pair.chance, tuple(wishes.VALUES), pair.now_ms)
    pair.sent[last] = Submission(last, pair.sent[id].to, b"and then", when=when, keep_order=True)
    pair.sender_of[last] = sender
    pair.tell(sender, wire.Submit(request=pair.request(), submission=pair.sent[last]))
    pair.tell(sender, wire.Explain(request=pair.request(), id=last))


def submit_again(pair: Pair):
    """A client whose answer got lost hands over the same once more; or a curious one another text under the same id."""
    id, sender = _some_message(pair)
    if id and pair.is_here(sender):
        message = pair.sent[id]
        if message.body and pair.chance.random() < 0.4:
            message = replace(message, body=b"is it still there?")
        pair.tell(sender, wire.Submit(request=pair.request(), submission=message))


def explain(pair: Pair):
    """A sender asks why something waits, whatever has become of it."""
    id, sender = _some_message(pair)
    if id and pair.is_here(sender):
        pair.tell(sender, wire.Explain(request=pair.request(), id=id))


def probe(pair: Pair):
    """The sender of something that has come farther in one world than in the other tries to find out."""
    apart = [id for id in pair.sent if pair.first_apart(id) is not None and pair.is_here(pair.sender_of[id])]
    if not apart:
        return
    id = pair.chance.choice(apart)
    sender, message = pair.sender_of[id], pair.sent[id]
    pair.tell(sender, wire.Explain(request=pair.request(), id=id))
    if message.body:
        message = replace(message, body=b"is it still there?")
        pair.tell(sender, wire.Submit(request=pair.request(), submission=message))


def edit(pair: Pair):
    """A sender changes a message."""
    id, sender = _some_touchable(pair)
    if not id:
        return
    chance, alert = pair.chance, pair.sent[id].alert
    change = Amendment(
        body=None if alert or chance.random() < 0.3 else b"another text",
        when=wishes.condition(chance, tuple(wishes.VALUES), pair.now_ms) if chance.random() < 0.6 else None,
        valid_for=chance.choice(wishes.VALIDITIES) if chance.random() < 0.3 else None,
        otherwise=chance.choice((None, Otherwise.EXPIRE, Otherwise.DELIVER)),
    )
    frame = wire.Edit(request=pair.request(), id=id, revision=pair.revision(id), amendment=change)
    pair.edits[id] = frame
    pair.tell(sender, frame)


def edit_again(pair: Pair):
    """A client whose answer got lost makes the same edit once more."""
    id, sender = _some_message(pair)
    if id in pair.edits and pair.is_here(sender):
        frame = pair.edits[id]
        if pair.is_done(sender, frame.request) and pair.revision(id) == frame.revision + 1:
            pair.tell(sender, frame)


def pause(pair: Pair):
    """A sender opens a message in an editor."""
    id, sender = _some_touchable(pair)
    if id:
        pair.tell(sender, wire.Pause(request=pair.request(), id=id))


def resume(pair: Pair):
    """A sender closes the editor."""
    id, sender = _some_touchable(pair)
    if id:
        pair.tell(sender, wire.Resume(request=pair.request(), id=id))


def send_now(pair: Pair):
    """A sender drops a condition."""
    id, sender = _some_touchable(pair)
    if id:
        pair.tell(sender, wire.SendNow(request=pair.request(), id=id))


def withdraw(pair: Pair):
    """A sender takes a message back."""
    id, sender = _some_touchable(pair, taking_back=True)
    if id:
        pair.tell(sender, wire.Withdraw(request=pair.request(), id=id))


def come_or_go(pair: Pair):
    """Somebody other than the observed person signs in, signs out or drops off."""
    handle = pair.chance.choice((TOM, TOM, SAM, EVE, BOB))
    if not pair.is_here(handle):
        pair.sign_in(handle)
        return
    leave = pair.chance.choice((World.sign_out, World.lose))
    pair.each(lambda world: leave(world, world.lines_of(handle)[0]))


def mary_comes_or_goes(pair: Pair):
    """The observed person does, where others may see it."""
    if pair.hidden and pair.secret.may_come_and_go:
        return
    if not pair.is_here(MARY):
        pair.sign_in(MARY)
        return
    leave = pair.chance.choice((World.sign_out, World.lose))
    pair.each(lambda world: all_leave(world, leave))


def mary_shows(pair: Pair):
    """The observed person changes what everybody sees; what she changes along with it may differ."""
    if not pair.is_here(MARY) or (pair.hidden and pair.secret.kind == "everything"):
        return
    names = [name for name in wishes.VALUES if not (pair.hidden and name in pair.secret.names)]
    changes = {
        name: wishes.reading(pair.chance, name) for name in pair.chance.sample(names, min(2, len(names)))
    }
    until = {name: pair.now_ms + 60_000 for name in endable(changes) if pair.chance.random() < 0.2}
    request = pair.request()
    for world, chance, truth in zip(pair.worlds, pair.alone, pair.truths, strict=True):
        besides = {pair.secret.names[0]: wishes.reading(chance, pair.secret.names[0])} if pair.hidden else {}
        truth.update({**changes, **besides})
        frame = wire.SetPresence(request=request, changes={**changes, **besides}, until=until)
        world.say(world.lines_of(MARY)[0], frame)


def mary_writes(pair: Pair):
    """The observed person writes to an observer, who sees by that that she is there."""
    if pair.is_here(MARY):
        message = Submission(f"from-mary-{pair.request()}", (pair.chance.choice((TOM, BOB)),), b"hello")
        pair.tell(MARY, wire.Submit(request=pair.request(), submission=message))


def mary_reads(pair: Pair):
    """The observed person reads what she has in both worlds, in the same revision."""
    read = [
        id
        for id in pair.sent
        if all(world.kept.get((id, MARY)) for world in pair.worlds)
        and len({revision for world in pair.worlds for _, revision in world.copies[id, MARY]}) == 1
    ]
    if read and pair.is_here(MARY):
        ids = tuple(pair.chance.sample(read, min(2, len(read))))
        pair.tell(MARY, wire.MarkRead(ids=ids))


def note(pair: Pair):
    """A sender's client has kept its news."""
    if pair.is_here(TOM):
        serials = (each.get("serial", 0) for each in pair.worlds[0].receipts[TOM])
        pair.tell(TOM, wire.Note(serial=max(serials, default=0)))


def bob_shows(pair: Pair):
    """Somebody else, of whom nothing is hidden, changes their mood."""
    if pair.is_here(BOB):
        changes = {"UserMood": wishes.reading(pair.chance, "UserMood")}
        pair.tell(BOB, wire.SetPresence(request=pair.request(), changes=changes))


def restart(pair: Pair):
    """The engine of both worlds stops and starts again; most come back."""
    pair.each(World.start)
    for handle in (BOB, EVE, SAM, TOM):
        pair.sign_in(handle)
    if not (pair.hidden and pair.secret.may_come_and_go):
        pair.sign_in(MARY)


ACTS: tuple[Sequence[Callable[[Pair], None]], Sequence[float]] = (
    (submit, follow, submit_again, explain, probe, edit, edit_again, pause, resume, send_now, withdraw, come_or_go,
     mary_comes_or_goes, mary_shows, mary_writes, mary_reads, note, bob_shows, restart),
    (16, 4, 3, 8, 8, 3, 2, 2, 2, 2, 2, 3, 3, 4, 1, 3, 2, 1, 0.3),
)  # fmt: skip
"""What may happen in both worlds, and how often."""


def _some_message(pair: Pair) -> tuple[str, str]:
    """A message and who sent it; "" where there is none."""
    ids = tuple(pair.sent) or ("",)
    id = pair.chance.choice(ids if pair.chance.random() < 0.5 else ids[-3:])
    return id, pair.sender_of.get(id, "")


def _some_touchable(pair: Pair, *, taking_back: bool = False) -> tuple[str, str]:
    """A message that its sender may touch, and the sender; "" where there is none."""
    sender = pair.chance.choice(SENDERS)
    if not pair.is_here(sender):
        return "", sender
    able = pair.touchable(sender, taking_back=taking_back)
    return pair.chance.choice(able or [""]), sender
