"""A disk that is almost full, then full, then has room again: what is refused, and what goes on all the time."""

from websockets.exceptions import WebSocketException

from tests.proof.disk.ground import FULL, Engine, Frame, Ground, deliveries, fill, move_to, small_disk
from tests.support.bare_link import BareLink, bare_link

MIB = 1024 * 1024
RESERVE = {"ballast_mib": 8, "disk_free_min_mib": 12}
"""The log of the database grows to 4 MiB before its pages are used again, so a smaller ballast would not do."""
PRESENCES_MAX = 500
VISITORS = 40
"""Each is worth two lines of log."""


async def it_is_almost_full_and_then_full(ground: Ground) -> None:
    """With its reserve: nothing new, all else goes on; full, it ends; after a restart all else goes on again."""
    with small_disk(ground, 40 * 1024) as place:
        move_to(ground, place)
        ballast, filler = ground.data / "ballast", place / "filler"
        engine = ground.engine("--driven-clock", limits=RESERVE)
        engine.start()
        ground.expect(ballast.exists(), "there is no ballast")
        async with bare_link(engine.address) as tom:
            await tom.sign_in("tom", ground.keys["tom"])
            for id, valid_for in (("goes", 9_999), ("back", 9_999), ("ends", 60), ("ends later", 3_600)):
                await ground.submit(tom, to="john", id=id, valid_for=valid_for)
            fill(place, leaving=11 * MIB)
            await _almost_full(ground, engine, tom)
            fill(place, leaving=0)
            await _until_it_ends(ground, engine, tom)
        ground.expect(not ballast.exists(), "the ballast is kept on a full disk")
        ground.expect(filler.exists(), "somebody made room")
        await _after_the_restart(ground)
        filler.unlink()
        await _with_room(ground)
        ground.expect(ballast.exists(), "the ballast is not made again")
        await ground.is_whole()


async def _almost_full(ground: Ground, engine: Engine, tom: BareLink) -> None:
    """Nothing new is accepted; what waits is released, expires and is taken back."""
    _is_refused(ground, await ground.submit(tom))
    known, back, *_ = ground.accepted
    again = await ground.submit(tom, len(ground.accepted[known]), id=known)
    ground.expect(again["type"] == "done", f"an answer is not repeated: {again}")
    change = {"type": "edit", "id": known, "revision": 1, "amendment": {"body": "bmV3"}}
    _is_refused(ground, await tom.ask(change))
    await _takes_back(ground, tom, back)
    del ground.accepted[back]
    came = {each["id"] for each in await ground.collect(engine)}
    ground.expect(came == set(ground.accepted), f"what waits does not go: {set(ground.accepted) ^ came}")
    ground.accepted.clear()
    engine.advance(60)
    await _hears_of_the_end(ground, tom, "ends")


async def _until_it_ends(ground: Ground, engine: Engine, tom: BareLink) -> None:
    """There is no room for lines in its own log, which it can do without; the first change of its data ends it."""
    for _ in range(VISITORS):
        async with bare_link(engine.address):
            pass
    try:
        for _ in range(PRESENCES_MAX):
            await deliveries(tom)
        ground.problems.append("the engine works on, on a disk without room")
    except WebSocketException:
        engine.ended()
        ground.says_why(engine, FULL)


async def _after_the_restart(ground: Ground) -> None:
    engine = ground.engine("--driven-clock", limits=RESERVE)
    if not engine.starts():
        ground.problems.append(f"it does not start in the room that the ballast has made: {engine.said}")
        return
    async with bare_link(engine.address) as tom:
        await tom.sign_in("tom", ground.keys["tom"])
        _is_refused(ground, await ground.submit(tom))
        await _takes_back(ground, tom, "back")
        engine.advance(3_600)
        await _hears_of_the_end(ground, tom, "ends later")
    came = [each["id"] for each in await ground.collect(engine, "john")]
    ground.expect(came == ["goes"], f"after the restart this goes: {came}")
    engine.stop()
    ground.expect((engine.code, engine.said) == (0, ""), f"it does not stop cleanly: {engine.said}")


async def _with_room(ground: Ground) -> None:
    engine = ground.engine(limits=RESERVE)
    engine.start()
    refused = await ground.send(engine, 3)
    ground.expect(refused is None, f"with room again it takes nothing: {refused}")
    engine.stop()


async def _takes_back(ground: Ground, tom: BareLink, id: str) -> None:
    taken = await tom.ask({"type": "withdraw", "id": id})
    ground.expect(taken["type"] == "done", f"{id} cannot be taken back: {taken}")


async def _hears_of_the_end(ground: Ground, tom: BareLink, id: str) -> None:
    """Tom is told that `id` has expired; nobody has to do anything for it."""
    try:
        while True:
            receipts = (await tom.hear("news"))["receipts"]
            if any((each["id"], each["state"]) == (id, "expired") for each in receipts):
                return
            await tom.say({"type": "note", "serial": max(each["serial"] for each in receipts)})
    except TimeoutError:
        ground.problems.append(f"nobody is told that “{id}” has expired")


def _is_refused(ground: Ground, answer: Frame) -> None:
    told = answer.get("code") == "disk_low" and "disk is almost full" in answer["text"]
    ground.expect(told, f"on a disk that is almost full a new text is answered with {answer}")
