"""The device key of a client, which may be in a keyring that asks its owner for a while."""

import asyncio
from pathlib import Path
from threading import Thread

from tact_engine.accounts.device import MARKER_SUFFIX, DeviceKey
from tact_engine.accounts.vault import vault_here

KEY_FILE = "device.key"


async def device_key(folder: Path, *, keyring: bool) -> DeviceKey:
    """The key in `folder`, or in this desktop's keyring where it is there, or with `keyring` is to be; LocalError."""
    path = folder / KEY_FILE
    if not keyring and not path.with_suffix(MARKER_SUFFIX).exists():
        return DeviceKey.kept_at(path)
    loop = asyncio.get_running_loop()
    found: asyncio.Future[DeviceKey] = loop.create_future()

    def answer(key: DeviceKey | None, error: Exception | None) -> None:
        if found.done():
            return
        if key is not None:
            found.set_result(key)
        elif error is not None:
            found.set_exception(error)

    def look() -> None:
        key, failed = None, None
        try:
            key = DeviceKey.kept(path, vault_here(folder))
        except Exception as error:
            failed = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(answer, key, failed)

    # A daemon: a keyring that is still asking must not keep the program from ending, as a pool's thread would.
    Thread(target=look, name="device key", daemon=True).start()
    return await found
