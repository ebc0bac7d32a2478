"""A pipe in front of an engine, which lets through what is said to it, and of what it says only as much as wanted."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from tact_engine.client import Address
from tests.support.engine_process import HERE

WINDOW_BYTES = 4_096
DRIP_SECONDS = 0.002


class Pipe:
    """One or more connections that go through it; `is_open` may change at any time, and `drips` while it is shut."""

    def __init__(self, to: Address) -> None:
        self.address = to
        self.is_open = True
        self.drips = False
        self.dripped = 0
        self._to = to
        self._tasks: set[asyncio.Task[None]] = set()

    def shut(self) -> None:
        """Read nothing more of what the engine says; what it sends then waits in the kernel, and in the engine."""
        self.is_open = False

    def open(self) -> None:
        """Read on."""
        self.is_open = True

    async def accept(self, listening: socket.socket) -> None:
        """Join whoever connects with the engine, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            near, _ = await loop.sock_accept(listening)
            task = asyncio.create_task(self._join(near))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Cut whatever goes through."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _join(self, near: socket.socket) -> None:
        far = socket.socket()
        with near, far, suppress(OSError):
            for each in (near, far):
                each.setblocking(False)
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW_BYTES)
            await asyncio.get_running_loop().sock_connect(far, (self._to.host, self._to.port))
            directions = [
                asyncio.create_task(self._say(near, far)),
                asyncio.create_task(self._hear(far, near)),
            ]
            try:
                await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in directions:
                    task.cancel()
                await asyncio.gather(*directions, return_exceptions=True)

    async def _say(self, near: socket.socket, far: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while data := await loop.sock_recv(near, 65_536):
            await loop.sock_sendall(far, data)

    async def _hear(self, far: socket.socket, near: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if not self.is_open:
                await asyncio.sleep(DRIP_SECONDS)
                if not self.drips:
                    continue
            data = await loop.sock_recv(far, 65_536 if self.is_open else 1)
            self.dripped += not self.is_open
            if not data:
                return
            await loop.sock_sendall(near, data)


@asynccontextmanager
async def pipe_to(address: Address) -> AsyncGenerator[Pipe]:
    """An open pipe to the engine at `address`."""
    with socket.create_server((HERE, 0)) as listening:
        listening.setblocking(False)
        pipe = Pipe(address)
        pipe.address = Address(HERE, listening.getsockname()[1], address.engine)
        accepting = asyncio.create_task(pipe.accept(listening))
        try:
            yield pipe
        finally:
            accepting.cancel()
            await asyncio.gather(accepting, return_exceptions=True)
            await pipe.end()
