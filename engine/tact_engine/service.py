"""One engine, put together and run until it is told to stop."""

import asyncio
import contextlib
import json
import logging
import os
import signal
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from tact_engine.accounts.invitation import FILE_SUFFIX, NAME_LENGTH_MAX, Invitation
from tact_engine.clock import Clock, SystemClock
from tact_engine.core.errors import LocalError, StoreError
from tact_engine.core.facts import HostSought, Moment
from tact_engine.core.members import TOKEN_BYTES, hash_of
from tact_engine.engine import Engine
from tact_engine.net.addresses import place_of
from tact_engine.net.certificate import identity_in, keep, server_context
from tact_engine.net.listener import listen
from tact_engine.private import check_private
from tact_engine.settings import Settings
from tact_engine.store.reserve import Reserve
from tact_engine.store.store import Store

if TYPE_CHECKING:
    from tact_engine.net.beacon import Beacon

HOST_INVITATION = "host-invitation" + FILE_SUFFIX
"""The file in the engine's folder by which the first who can read it becomes its host."""

_log = logging.getLogger(__name__)


class Running(Struct, frozen=True):
    """What others on this computer may know of a running engine: the content of `running.json` in its folder."""

    engine: str
    name: str
    host: str
    port: int
    pid: int


class Steering(Struct, frozen=True):
    """What others may do with a running engine, from any thread: stop it, or wake it after its clock was moved."""

    stop: Callable[[], object]
    wake: Callable[[], object]


async def serve(
    settings: Settings,
    ready: Callable[[Running], None],
    clock: Clock | None = None,
    steering: Callable[[Steering], None] | None = None,
) -> None:
    """Run an engine until SIGTERM, SIGINT or cancellation; `ready` is called once it listens.

    `steering` gets what steers the engine from other threads.

    StoreError, LocalError: a sentence that says what to do. A disk that fails later ends the engine with StoreError.
    """
    clock = clock or SystemClock()
    _allow_many_files()
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_private(settings.data)
    identity = identity_in(settings.data)
    context = server_context(identity) if settings.tls else None
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(1, "store") as thread:
        limits = settings.limits
        reserve = Reserve(settings.data, limits.ballast_mib, limits.disk_free_min_mib)
        store = await loop.run_in_executor(
            thread, Store.open, settings.data / "engine.db", limits, clock.moment(), reserve
        )
        try:
            clock.not_before(await loop.run_in_executor(thread, lambda: store.latest_ms))
            engine = Engine(settings.name, identity.engine, store, clock, thread, settings.is_open)
            listener = await listen(
                settings.host,
                settings.port,
                context,
                engine,
                limits.strangers_max,
                limits.strangers_per_address_max,
            )
            running = Running(identity.engine, settings.name, settings.host, listener.port, os.getpid())
            engine.at = place_of(settings.host, listener.port)
            try:
                await _seek_host(engine, store, settings, running, clock.moment(), thread)
                with _announced(settings.data / "running.json", running), _stopping() as stop:
                    _log.info("listening", extra={"port": listener.port, "engine": identity.engine})
                    if steering is not None:
                        steering(
                            Steering(
                                lambda: loop.call_soon_threadsafe(stop.set),
                                lambda: loop.call_soon_threadsafe(engine.wake),
                            )
                        )
                    ready(running)
                    await _work(engine, settings, running, stop)
            finally:
                await listener.close()
        finally:
            await loop.run_in_executor(thread, store.close)
            _log.info("stopped")


async def _work(engine: Engine, settings: Settings, running: Running, stop: asyncio.Event) -> None:
    """Run the engine, and its beacon where it has one, until `stop` is set or the disk fails."""
    working = asyncio.create_task(engine.run())
    others: list[asyncio.Task[object]] = [asyncio.create_task(stop.wait())]
    if settings.beacon:
        others.append(asyncio.create_task(_advertise(settings, running)))
    try:
        await asyncio.wait((working, others[0]), return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
    except* StoreError as failed:
        _log.critical("the store failed", extra={"reason": str(failed.exceptions[0])})
        raise StoreError(str(failed.exceptions[0])) from failed
    finally:
        for task in (working, *others):
            task.cancel()
        await asyncio.gather(working, *others, return_exceptions=True)


async def _advertise(settings: Settings, running: Running) -> None:
    """Run the beacon, which is read now that others can connect, and on a thread: nobody waits for it."""
    beacon = await asyncio.to_thread(_beacon, settings, running)
    await beacon.run()


def _beacon(settings: Settings, running: Running) -> "Beacon":
    from tact_engine.net.beacon import Beacon  # noqa: PLC0415 - see above

    return Beacon(settings.name, running.engine, settings.host, running.port)


async def _seek_host(
    engine: Engine,
    store: Store,
    settings: Settings,
    running: Running,
    now: Moment,
    thread: ThreadPoolExecutor,
) -> None:
    """Where nobody looks after the engine yet, leave the invitation that makes a host to who can read its folder."""
    path = settings.data / HOST_INVITATION
    loop = asyncio.get_running_loop()
    token = os.urandom(TOKEN_BYTES)
    sought = not settings.is_open and (
        settings.claim or not await loop.run_in_executor(thread, store.has_host)
    )
    if not sought:
        path.unlink(missing_ok=True)
        if await loop.run_in_executor(thread, store.has_claim):  # an older one would go on working
            await loop.run_in_executor(thread, store.apply, [HostSought(b"")], now)
        return
    await loop.run_in_executor(thread, store.apply, [HostSought(token, settings.claim)], now)
    host, _, port = engine.at.rpartition(":")
    where = (host.strip("[]"), int(port), token)
    try:
        invitation = Invitation(running.engine, settings.name[:NAME_LENGTH_MAX], *where)
    except LocalError:  # no link can carry that name; what counts is the key
        invitation = Invitation(running.engine, "Tact", *where)
    keep(path, invitation.as_file().encode())
    engine.claimed = lambda: store.knows_invitation(hash_of(token)) or path.unlink(missing_ok=True)


def _allow_many_files() -> None:
    """Every link is a file to the system; take as many as this user may have."""
    if os.name == "posix":
        import resource  # noqa: PLC0415 - Windows has none, and no such limit

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft != hard:
            with contextlib.suppress(ValueError, OSError):  # macOS says more than it gives
                resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextlib.contextmanager
def _announced(path: Path, running: Running) -> Generator[None]:
    """Let others on this computer find the engine as long as it runs."""
    fields = {name: getattr(running, name) for name in running.__struct_fields__}
    with open(path, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        json.dump(fields, file)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _stopping() -> Generator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set, where the platform lets a loop hear them."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    heard: list[signal.Signals] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(number, stop.set)
            heard.append(number)
    try:
        yield stop
    finally:
        for number in heard:
            loop.remove_signal_handler(number)
