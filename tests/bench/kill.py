"""K: the engine is killed a while after it accepted messages: what is lost?"""

import asyncio

from tests.bench.accept import accepted, signed_in_senders
from tests.bench.fast_link import dialled, own_key, signed_in
from tests.bench.figures import Figure, Figures
from tests.bench.scene import Scene

SILENT_SECONDS = 2


async def kill(scene: Scene) -> Figures:
    """`kill -9` five seconds after 5,000 were accepted; what then arrives at a recipient who signs in."""
    count, pause = (500, 0.5) if scene.quick else (5_000, 5)
    async with scene.engine() as engine:
        await (await signed_in(engine, "mary")).leave()
        await accepted(engine, await signed_in_senders(engine), ["mary"], count)
        await asyncio.sleep(pause)
        engine.kill()
        engine.start()
        mary = await dialled(engine, "mary")
        arrived, heard = 0, asyncio.Event()

        def delivered(number: int) -> None:
            nonlocal arrived
            arrived += number
            heard.set()

        mary.on_delivered = delivered
        await mary.sign_in(own_key())
        while arrived < count and await _comes(heard):
            heard.clear()
    return {"K accepted": Figure(count), "K survivors": Figure(arrived)}


async def _comes(heard: asyncio.Event) -> bool:
    """Whether anything more arrives."""
    try:
        return await asyncio.wait_for(heard.wait(), SILENT_SECONDS)
    except TimeoutError:
        return False
