"""Bystanders: two who chat while something else happens, in a process of their own, and what they feel of it."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from tests.bench.driving import until_delivered
from tests.bench.fast_link import message, signed_in
from tests.support.engine_process import EngineProcess
from tests.support.house import ROOT, clean_environment

PAUSE_SECONDS = 0.002
READY = b"chatting\n"


class Felt:
    """What the two felt: for each message when it was handed over and when it was there, by `time.perf_counter`."""

    def __init__(self) -> None:
        self.messages: list[tuple[float, float]] = []

    def during(self, begin: float, end: float) -> list[float]:
        """How many seconds those messages took of which any part lies between `begin` and `end`; at least one."""
        felt = [there - sent for sent, there in self.messages if there >= begin and sent <= end]
        assert felt, "nobody chatted meanwhile"
        return felt


@asynccontextmanager
async def chatting(engine: EngineProcess) -> AsyncGenerator[Felt]:
    """Two people chat meanwhile; what they felt is known afterwards."""
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-m",
            "tests.bench.bystanders",
            engine.host,
            str(engine.port),
            str(int(engine.tls)),
        ),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**26,
        cwd=ROOT,
        env=clean_environment(),
    )
    assert process.stdout is not None
    felt = Felt()
    try:
        assert await process.stdout.readline() == READY, "the bystanders did not come"
        yield felt
        said, _ = await process.communicate(b"")
        felt.messages.extend(tuple(pair) for pair in json.loads(said))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _chat(host: str, port: int, tls: bool) -> None:
    """Take turns until standard input ends, then print when each message was handed over and when it was there."""
    engine = EngineProcess(ROOT, host=host, port=port, tls=tls)
    ends = [await signed_in(engine, f"bystander-{number}") for number in range(2)]
    messages: list[tuple[float, float]] = []
    over = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    while not over.done():
        here, there = ends[len(messages) % 2], ends[(len(messages) + 1) % 2]
        frame = message(there.handle)
        sent = time.perf_counter()
        taken = await until_delivered(there, lambda here=here, frame=frame: here.say(frame))
        messages.append((sent, sent + taken))
        if len(messages) == 20:
            sys.stdout.buffer.write(READY)
            sys.stdout.buffer.flush()
        await asyncio.sleep(PAUSE_SECONDS)
    print(json.dumps(messages))


if __name__ == "__main__":
    asyncio.run(_chat(sys.argv[1], int(sys.argv[2]), sys.argv[3] == "1"))
