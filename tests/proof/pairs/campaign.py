"""Pairs: two worlds that differ only in what somebody may not see show that person the same bytes at the same times.

In both worlds the same people do the same things at the same times. Only mary does something else in each: changes what
she hides, comes and goes where she hides that, does anything at all as far as it concerns somebody whom she blocks.
What the engine sends to those who may not see it has to be the same in both, to the last byte and millisecond. So
neither a frame, nor that there is one, nor when it comes, tells anything that is hidden.

The promise has limits, which the script keeps away from:

    S8   At the end of the validity the truth is told. Where a message left at different times, or in one world only,
         the worlds are compared up to the end of its validity.
    S8   With "read" it is told as well. What is read was kept in both worlds, in the same revision.
    M15  A request that comes too late is told so, even before the news. Senders touch what has come equally far in
         both worlds, or still waits for somebody else; whatever else they do (ask, repeat) they do at any time.
    O11  The length of a chain, and L1 and L2, what waits in all, count what has not ended: no pair comes near a limit.
    L6   What is on its way to somebody counts for all senders: no pair comes near that either.
    P10  Who shows how long they have been idle shows whether they are there: who hides the one hides the other.
    P11  The name to show is seen by those who are blocked too: it stays as it is.
    S4   The rules themselves, what is hidden and what may be used, are seen by those who are blocked too: they stay.
    P26  What mary writes to somebody, and what she changes of what they see, tells that she is there: she does it only
         where she is in both worlds.
"""

from collections import Counter

from tests.proof.campaigns import Verdict
from tests.proof.pairs.acts import ACTS
from tests.proof.pairs.secrets import SECRETS
from tests.proof.pairs.state import MARY, Pair
from tests.proof.pairs.world import Line, RestlessError, World

PAUSES = (0, 0, 1, 4, 11, 30, 61, 299, 700, 3_700, 40_000)
"""The seconds that may pass from one step to the next."""
SECRET = 0.65
"""How likely something hidden happens in a world at a step."""
MET = (
    "pairs: attributes hidden",
    "pairs: presence hidden",
    "pairs: blocked",
    "frames compared",
    "releases",
    "releases at different times",
    "hidden readings that differed while something was asked why",
    "told late: read",
    "told late: delivered at the end",
    "expired",
    "alerts that came true",
    "asked why",
    "edited",
    "withdrawn",
    "refused: not offered",
)


class LeftError(Exception):
    """Something left that may not."""


def run(count: int, seed: int) -> Verdict:
    """The pairs `seed` to `seed + count - 1`."""
    verdict = Verdict(0, (), dict.fromkeys(MET, 0))
    for each in range(seed, seed + count):
        verdict += _one(each)
    return verdict


def _one(seed: int) -> Verdict:
    pair = Pair(seed)
    met: Counter[str] = Counter()
    try:
        horizon = _play(pair, met)
        wrong = _difference(pair, horizon)
        _count(pair, met, horizon)
    except (RestlessError, LeftError) as error:
        wrong = str(error)
    finally:
        pair.each(World.close)
    if wrong:
        wrong += (
            f"\n  mary hides: {pair.secret.kind} ({', '.join(pair.secret.names)}); lately: {', '.join(pair.acts[-4:])}"
            f"\n  again: python3 dev soak pairs --seed {seed} --count 1"
        )
    return Verdict(1, (wrong,) if wrong else (), met)


def _play(pair: Pair, met: Counter[str]) -> int:
    """Everything that happens; up to when (UTC milliseconds) the worlds have to look the same."""
    pair.arrive()
    horizon, apart = 2**53, 0
    for number in range(pair.steps):
        _step(pair, number)
        firsts = {id: pair.first_apart(id) for id in pair.sent if pair.sender_of[id] in pair.secret.observers}
        ends = [_end_of(pair, id, at) for id, at in firsts.items() if at is not None]
        horizon, apart = min((horizon, *ends)), len(ends)
        if ends and pair.secret.kind == "everything":
            raise LeftError(
                f"S13: what {', '.join(pair.secret.observers)} sent has left, and mary blocks them"
            )
        if pair.acts[-1] == "explain" and pair.truths[0] != pair.truths[1]:
            met["hidden readings that differed while something was asked why"] += 1
        if pair.now_ms >= horizon:
            break
    met["releases at different times"] += apart
    return horizon


def _step(pair: Pair, number: int) -> None:
    """Time passes, something hidden happens or not, and one thing that is the same in both worlds."""
    chance = pair.chance
    until = pair.now_ms + 1_000 * chance.choice(PAUSES)
    pair.each(lambda world: world.go_on(until))
    if number >= pair.hides_at and not pair.hidden:
        pair.hide()
    is_first, is_together = chance.random() < 0.5, chance.random() < 0.3
    if pair.hidden and is_first:
        _in_secret(pair, is_together)
    act = chance.choices(*ACTS)[0]
    pair.acts.append(act.__name__)
    act(pair)
    pair.each(World.turn)
    if pair.hidden and not is_first:
        _in_secret(pair, False)


def _in_secret(pair: Pair, is_together: bool) -> None:
    """What each world has for itself; `is_together`: in one batch with what follows."""
    for world, chance, truth in zip(pair.worlds, pair.alone, pair.truths, strict=True):
        if chance.random() < SECRET:
            chance.choices(*SECRETS[pair.secret.kind])[0](pair, world, chance, truth)
        if not is_together:
            world.turn()


def _end_of(pair: Pair, id: str, at: int) -> int:
    """When the validity of a message ends at the earliest, as its sender knew it at the time `at` or later."""
    told = [each for each in pair.worlds[0].receipts[pair.sender_of[id]] if each["id"] == id]
    known = [each["expires_at"] for each in told if each["at"] <= at][-1:]
    return min(known + [each["expires_at"] for each in told if each["at"] > at])


def _difference(pair: Pair, horizon: int) -> str:
    """The first thing that an observer was told in one world and not in the other, before `horizon`."""
    one, other = pair.worlds
    for handle in pair.secret.observers:
        for here, there in zip(one.ever_of(handle), other.ever_of(handle), strict=True):
            heard, instead = _before(here, horizon), _before(there, horizon)
            if heard == instead:
                continue
            place = next(
                (n for n, (a, b) in enumerate(zip(heard, instead, strict=False)) if a != b),
                min(len(heard), len(instead)),
            )
            was, instead = _shown(heard, place), _shown(instead, place)
            return f"S2, S8, S9, S12: what mary hides shows to {handle}.\n  one world: {was}\n  the other: {instead}"
    return ""


def _before(line: Line, horizon: int) -> list[tuple[int, str]]:
    return [each for each in line.heard if each[0] < horizon]


def _shown(heard: list[tuple[int, str]], place: int) -> str:
    return f"at {heard[place][0]}: {heard[place][1]}" if place < len(heard) else "nothing more"


def _count(pair: Pair, met: Counter[str], horizon: int) -> None:
    """What was come across, as far as it was compared."""
    world, kind = pair.worlds[0], pair.secret.kind
    met["pairs: blocked" if kind == "everything" else f"pairs: {kind} hidden"] += pair.hidden
    met["releases"] += sum(recipient == MARY for _, recipient in world.copies)
    for handle in pair.secret.observers:
        heard = [each for line in world.ever_of(handle) for each in _before(line, horizon)]
        met["frames compared"] += len(heard)
        met["asked why"] += sum('"standings":' in text for _, text in heard)
        met["refused: not offered"] += sum('"code":"not_offered"' in text for _, text in heard)
        for receipt in world.receipts[handle]:
            _count_receipt(pair, met, receipt, horizon)


def _count_receipt(pair: Pair, met: Counter[str], receipt: dict[str, object], horizon: int) -> None:
    at, state = receipt["at"], receipt["state"]
    if not isinstance(at, int) or at >= horizon:
        return
    is_news, is_alert = (
        "serial" in receipt,
        pair.sent[str(receipt["id"])].alert if str(receipt["id"]) in pair.sent else False,
    )
    met["told late: read"] += is_news and state == "read" and receipt["recipient"] == MARY
    met["told late: delivered at the end"] += is_news and state == "delivered" and at == receipt["expires_at"]
    met["alerts that came true"] += is_news and state == "delivered" and is_alert
    met["expired"] += is_news and state == "expired"
    met["edited"] += receipt["revision"] != 1
    met["withdrawn"] += state == "withdrawn"
