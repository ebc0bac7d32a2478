"""The beacon: says on the LAN that an engine is here. It is a phone book without trust, and may fail."""

import asyncio
import logging
import socket
from contextlib import suppress

from zeroconf import InterfaceChoice, IPVersion
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from tact_engine.net.addresses import addresses_of, is_everywhere
from tact_engine.wire.frames import PROTOCOL_VERSION

SERVICE_TYPE = "_tact._tcp.local."
NAME_BYTES_MAX = 48
RETRY_SECONDS = 30
FOREVER_SECONDS = 10 * 365 * 24 * 3600

_log = logging.getLogger(__name__)


class Beacon:
    """Advertises one engine until closed. Registering takes about two seconds and is never waited for."""

    def __init__(self, name: str, engine: str, host: str, port: int) -> None:
        self._name, self._engine, self._host, self._port = name, engine, host, port
        self._zeroconf: AsyncZeroconf | None = None

    async def run(self) -> None:
        """Advertise until cancelled; where the network does not allow it, log it and try again later."""
        try:
            while True:
                registered = await self._registered()
                await asyncio.sleep(RETRY_SECONDS if not registered else FOREVER_SECONDS)
        finally:
            await self._leave()

    async def _registered(self) -> bool:
        try:
            self._zeroconf = AsyncZeroconf(interfaces=interfaces_of(self._host), ip_version=IPVersion.V4Only)
            info = self._info()
            await (await self._zeroconf.async_register_service(info, allow_name_change=True))  # pyright: ignore
        except Exception as error:  # zeroconf raises whatever the network raised, and the engine must go on
            _log.warning("not advertised", extra={"reason": str(error) or type(error).__name__})
            await self._leave()
            return False
        _log.info("advertised", extra={"service": SERVICE_TYPE, "port": self._port})
        return True

    async def _leave(self) -> None:
        if self._zeroconf is not None:
            with suppress(Exception):  # leaving is a courtesy; the record ages out by itself
                await asyncio.wait_for(self._zeroconf.async_close(), 3)
            self._zeroconf = None

    def _info(self) -> AsyncServiceInfo:
        name = self._name.encode()[:NAME_BYTES_MAX].decode(errors="ignore").replace(".", " ")
        return AsyncServiceInfo(
            SERVICE_TYPE,
            f"{name}.{SERVICE_TYPE}",
            port=self._port,
            parsed_addresses=list(addresses_of(self._host)),
            properties={"v": str(PROTOCOL_VERSION), "id": self._engine},
            server=f"{socket.gethostname().split('.')[0]}-{self._engine[:6]}.local.",
        )


def interfaces_of(host: str) -> list[str] | InterfaceChoice:
    """The interfaces to speak on for an engine that listens on `host`."""
    return InterfaceChoice.All if is_everywhere(host) else [host]
