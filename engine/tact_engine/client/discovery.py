"""Engines on the LAN, found by zeroconf. What is listed is a hint; the connection tells the truth."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

from msgspec import Struct
from zeroconf import IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from tact_engine.client.places import Address
from tact_engine.net.beacon import SERVICE_TYPE, interfaces_of

RESOLVE_MS = 3_000


class FoundEngine(Struct, frozen=True):
    """An engine that says it is here. Nothing of it is proven."""

    name: str
    engine: str
    addresses: tuple[str, ...]
    port: int
    version: int
    computer: str


@asynccontextmanager
async def watch(changed: Callable[[tuple[FoundEngine, ...]], None], host: str = "") -> AsyncGenerator[None]:
    """Call `changed` with all engines now listed, at every change, until the context ends.

    `host` is the address of the one interface to look on, "" for all. OSError where there is no network at all.
    """
    zeroconf = AsyncZeroconf(interfaces=interfaces_of(host), ip_version=IPVersion.V4Only)
    found: dict[str, FoundEngine] = {}
    tasks: set[asyncio.Task[None]] = set()

    async def resolve(name: str) -> None:
        info = AsyncServiceInfo(SERVICE_TYPE, name)
        if await info.async_request(zeroconf.zeroconf, RESOLVE_MS):
            with suppress(ValueError):
                found[name] = _found(info)
                changed(tuple(found.values()))

    def on_change(
        zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:  # zeroconf calls it by these names
        del zeroconf, service_type
        if state_change is ServiceStateChange.Removed:
            if found.pop(name, None):
                changed(tuple(found.values()))
            return
        task = asyncio.create_task(resolve(name))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    browser = AsyncServiceBrowser(zeroconf.zeroconf, SERVICE_TYPE, handlers=[on_change])
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await browser.async_cancel()
        await zeroconf.async_close()


async def find(seconds: float, host: str = "") -> tuple[FoundEngine, ...]:
    """The engines that answered within `seconds`."""
    latest: list[tuple[FoundEngine, ...]] = [()]
    with suppress(OSError):
        async with watch(latest.append, host):
            await asyncio.sleep(seconds)
    return latest[-1]


async def places_of(known: Address, seconds: float, host: str = "") -> list[Address]:
    """Where the engine that `known` names was found within `seconds`; nowhere where its id is not known."""
    if not known.engine:
        return []
    return [
        Address(place, each.port, each.engine)
        for each in await find(seconds, host)
        if each.engine == known.engine
        for place in each.addresses
    ]


def _found(info: AsyncServiceInfo) -> FoundEngine:
    """The engine in a resolved record; ValueError where it is not one of ours."""
    properties = {key.decode(): (value or b"").decode() for key, value in info.properties.items()}
    engine, version = properties.get("id", ""), properties.get("v", "")
    if len(engine) != 64 or not version.isdigit() or not info.port:
        raise ValueError("not a Tact engine")
    return FoundEngine(
        name=info.name.removesuffix("." + SERVICE_TYPE),
        engine=engine,
        addresses=tuple(info.parsed_addresses(IPVersion.V4Only)),
        port=info.port,
        version=int(version),
        computer=(info.server or "").removesuffix(".local.").removesuffix("-" + engine[:6]),
    )
