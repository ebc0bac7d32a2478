"""B: a recipient with stored messages signs in, and gets them all."""

from tests.bench.bystanders import chatting
from tests.bench.driving import arrivals_after, pipelined
from tests.bench.fast_link import dialled, message, own_key, signed_in
from tests.bench.figures import Figure, Figures, percentile
from tests.bench.scene import Scene
from tests.bench.watch import Watch
from tests.support.engine_process import EngineProcess


async def flush(scene: Scene) -> Figures:
    """From the sign-in to the first and to the last message, while two others chat."""
    figures: dict[str, Figure] = {}
    for count in (10, 1_000) if scene.quick else (10, 1_000, 10_000):
        async with scene.engine(f"engine-{count}") as engine:
            figures |= await _while_others_chat(engine, count)
    return figures


async def _while_others_chat(engine: EngineProcess, count: int) -> Figures:
    tom = await signed_in(engine, "tom")
    await (await signed_in(engine, "mary")).leave()
    await pipelined(tom, [message("mary") for _ in range(count)])
    async with chatting(engine) as bystanders:
        mary = await dialled(engine, "mary")
        frame = await mary.sign_in_frame(own_key())
        with Watch(engine) as watch:
            first, last = await arrivals_after(mary, count, lambda: mary.say(frame))
    felt = bystanders.during(watch.since, watch.since + last)
    name = f"B {count:,} stored"
    return {
        f"{name}, first ms": Figure(first * 1000, watch.load),
        f"{name}, last ms": Figure(last * 1000, watch.load),
        f"{name}, bystander's p50 ms": Figure(percentile(felt, 0.5) * 1000),
        f"{name}, bystander's worst ms": Figure(max(felt) * 1000),
    }
