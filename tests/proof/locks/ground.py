"""An office as users get it, whose people have every kind of key there is; and what the false ones are told."""

import asyncio
import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tact_engine.accounts.device import DeviceKey
from tact_engine.client import Address, Invitation
from tact_engine.wire.frames import PROTOCOL_VERSION, signed_text
from tests.support.bare_link import BareLink, bare_link, in_base64, new_key
from tests.support.engine_process import EngineProcess

PASSWORDS = {"tom": "Café — correct horse №1", "mary": "battery staple 22"}
PEOPLE = ("anna", "tom", "mary", "gone")
PASS_SECONDS_MAX = 20
OPTIONS = (
    "--driven-clock",
    *(
        f"--limit={name}=0"
        for name in ("strangers_per_address_max", "requests_per_second", "sign_ins_per_second")
    ),
    *("--limit=ballast_mib=0", "--limit=disk_free_min_mib=0", "--limit=join_requests_max=1000"),
)


class Ground:
    """anna is the host, tom and mary are members with a password each, "gone" was removed. `keys` are their devices.

    `recorded` is tom's first sign-in, as it went over the wire.
    """

    def __init__(self, folder: Path) -> None:
        self.engine = EngineProcess(folder / "data", *OPTIONS, as_in_an_office=True)
        self.keys: dict[str, DeviceKey] = {}
        self.used: dict[str, bytes] = {}
        self.recorded: dict[str, Any] = {}
        self._addresses = 1

    @property
    def address(self) -> Address:
        """Where the engine is, with its id."""
        return self.engine.address

    async def build(self) -> None:
        """Let everybody join."""
        self.engine.start()
        claim = Invitation.parsed((self.engine.data / "host-invitation.tact").read_text("utf-8")).token
        await self._join("anna", claim)
        for handle in PEOPLE[1:]:
            await self._join(handle, await self.invited())
        for handle, password in PASSWORDS.items():
            await self.asked(handle, {"type": "set_password", "password": password})
        await self.asked("anna", {"type": "remove_person", "handle": "gone", "withdraw": True})

    async def _join(self, handle: str, token: bytes) -> None:
        key = self.keys[handle] = new_key()
        self.used[handle] = token
        async with bare_link(self.address) as link:
            frame = signed(link.hello, handle, key, token)
            await link.say(frame)
            answer = await link.hear("welcome", "refused")
            assert answer["type"] == "welcome", answer
        if handle == "tom":
            self.recorded = frame

    async def asked(self, handle: str, frame: dict[str, Any]) -> dict[str, Any]:
        """What the engine answers `handle`, who must be let in by their key, and whose request must succeed."""
        async with bare_link(self.address) as link:
            answer = await link.sign_in(handle, self.keys[handle])
            assert answer["type"] == "welcome", f"{handle} has the right key: {answer}"
            answer = await link.ask(frame)
            assert answer["type"] == "done", answer
            return answer

    async def invited(self, by: str = "anna", **fields: str) -> bytes:
        """The token of a new invitation; with `purpose` and `handle` for a device."""
        answer = await self.asked(by, {"type": "invite"} | fields)
        return base64.b64decode(answer["invitation"]["token"])

    async def tries(self, handle: str, key: DeviceKey | None = None, **secret: Any) -> str:
        """What somebody from a computer that nobody used before is told: a code, or "welcome"."""
        async with self.stranger() as link:
            return code_of(await link.sign_in(handle, key, **secret))

    @asynccontextmanager
    async def stranger(self, address: str = "") -> AsyncGenerator[BareLink]:
        """A link from `address`, or from one where nobody has guessed yet."""
        self._addresses += 1
        fresh = f"127.{self._addresses // 250 % 250 + 1}.{self._addresses % 250 + 1}.7"
        async with bare_link(self.address, local_addr=(address or fresh, 0)) as link:
            yield link

    async def let_pass(self, seconds: float) -> None:
        """Let so much time pass in the engine, until it says so."""
        begun = await self._engine_ms()
        self.engine.advance(seconds)
        async with asyncio.timeout(PASS_SECONDS_MAX):
            while await self._engine_ms() < begun + seconds * 1000:
                pass

    async def _engine_ms(self) -> int:
        async with bare_link(self.address) as link:
            answer = await link.sign_in("mary", self.keys["mary"])
            assert answer["type"] == "welcome", f"a device key is never in the way: {answer}"
            return answer["now"]

    async def devices(self) -> dict[str, int]:
        """How many devices everybody has, as the host sees it."""
        async with bare_link(self.address) as link:
            await link.sign_in("anna", self.keys["anna"])
            await link.say({"type": "look_over", "request": 1})
            members: list[dict[str, Any]] = []
            while (frame := await link.hear("overview", "done"))["type"] == "overview":
                members += frame.get("members", [])
            return {each["handle"]: len(each["devices"]) for each in members}


def signed(
    hello: dict[str, Any], whose: str, key: DeviceKey, token: bytes = b"", **bent: Any
) -> dict[str, Any]:
    """A sign-in of `whose` by `key`; `bent` are the engine, challenge or handle that is signed instead."""
    text: dict[str, Any] = {
        "engine": hello["engine"],
        "challenge": base64.b64decode(hello["challenge"]),
        "handle": whose,
    }
    text |= bent
    return {
        "type": "sign_in",
        "version": PROTOCOL_VERSION,
        "handle": whose,
        "device_key": in_base64(key.public),
        "signature": in_base64(key.sign(signed_text(**text))),
        "token": in_base64(token),
    }


def code_of(answer: dict[str, Any]) -> str:
    """The code of a refusal, else what kind of answer it is."""
    return answer["code"] if answer["type"] == "refused" else answer["type"]
