"""What the observed person does in one world and not in the other, and nobody may learn who is not to see it."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from types import MappingProxyType

from msgspec.structs import replace

from tact_engine.core.envelope import Submission
from tact_engine.core.presence import Value
from tact_engine.wire import frames as wire
from tests.proof.pairs import wishes
from tests.proof.pairs.state import BOB, EVE, MARY, SAM, TOM, Pair, all_leave, endable
from tests.proof.pairs.world import World


def sets(pair: Pair, world: World, chance: Random, truth: dict[str, Value | None]):
    """The observed person changes something that is hidden, perhaps until some time."""
    lines = world.lines_of(MARY)
    if not lines:
        return
    names = chance.sample(pair.secret.names, min(len(pair.secret.names), chance.choice((1, 1, 2))))
    changes = {name: wishes.reading(chance, name) for name in names}
    ends = {
        name: world.now_ms + chance.choice((1_000, 60_000))
        for name in endable(changes)
        if chance.random() < 0.3
    }
    truth.update({name: value for name, value in changes.items() if name not in ends})
    world.say(chance.choice(lines), wire.SetPresence(request=900_000, changes=changes, until=ends))


def comes_or_goes(pair: Pair, world: World, chance: Random, truth: dict[str, Value | None]):
    """The observed person signs in, with something hidden, signs out or drops off."""
    if world.lines_of(MARY):
        all_leave(world, chance.choice((World.sign_out, World.lose)))
    else:
        name = chance.choice(pair.secret.names)
        value = wishes.reading(chance, name)
        truth[name] = value
        world.sign_in(MARY, {name: value})


def looks_in(pair: Pair, world: World, chance: Random, truth: dict[str, Value | None]):
    """The observed person comes, and is gone before her client could keep what came."""
    del pair, truth
    if not world.lines_of(MARY):
        world.deaf_until[MARY] = world.now_ms + 1
        world.sign_in(MARY)
        world.turn()
        all_leave(world, chance.choice((World.sign_out, World.lose)))


def second_desk(pair: Pair, world: World, chance: Random, truth: dict[str, Value | None]):
    """The observed person, who is here, is so at one more desk, or at one less; where it may not end her idleness."""
    del truth
    lines = world.lines_of(MARY) if "Idle" in pair.secret.names else []
    if len(lines) == 1:
        world.sign_in(MARY)
    elif lines:
        chance.choice((World.sign_out, World.lose))(world, lines[-1])


def grows_deaf(pair: Pair, world: World, chance: Random, truth: dict[str, Value | None]):
    """The observed person's client keeps nothing for a while, so all that comes waits again and comes again."""
    del pair, truth
    world.deaf_until[MARY] = world.now_ms + chance.choice((5_000, 35_000))


def writes(pair: Pair, world: World, chance: Random, truth: dict[str, Value | None]):
    """The observed person writes to somebody who may see her, or waits for an observer, who never learns."""
    del truth
    lines = world.lines_of(MARY)
    if not lines:
        return
    confidants = [handle for handle in (EVE, BOB) if handle not in pair.secret.observers]
    id = f"secret-{chance.randrange(10**12)}"
    if confidants and chance.random() < 0.5:
        message = Submission(id, (chance.choice(confidants),), b"between us")
    else:
        when = wishes.condition(chance, ("UserMood",), world.now_ms)
        message = Submission(id, (TOM,), b"", when=when, alert=True)
    world.say(lines[0], wire.Submit(request=900_001, submission=message))


def prefers(pair: Pair, world: World, chance: Random, truth: dict[str, Value | None]):
    """The observed person changes rules that are about nobody who is looking: who is always loud to her."""
    del truth
    lines = world.lines_of(MARY)
    if lines:
        vips = tuple(chance.sample((TOM, SAM, EVE, BOB), chance.randrange(3)))
        privacy = replace(pair.secret.privacy, vips=vips)
        world.say(lines[0], wire.SetPrivacy(request=900_002, privacy=privacy))


_Secretly = Callable[[Pair, World, Random, dict[str, Value | None]], None]
SECRETS: Mapping[str, tuple[Sequence[_Secretly], Sequence[int]]] = MappingProxyType(
    {
        "attributes": ((sets, second_desk, prefers, writes), (8, 1, 1, 1)),
        "presence": (
            (sets, comes_or_goes, looks_in, second_desk, grows_deaf, writes, prefers),
            (4, 5, 3, 1, 1, 1, 1),
        ),
        "everything": (
            (sets, comes_or_goes, looks_in, second_desk, grows_deaf, writes, prefers),
            (4, 5, 3, 1, 1, 1, 1),
        ),
    }
)
"""What is done in secret, and how often, by what is hidden."""
