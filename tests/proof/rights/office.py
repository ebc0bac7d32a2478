"""The office of the table: vera and her things, and everybody who has no right to them."""

import asyncio
import base64
import json
import shutil
import sqlite3
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from tact_engine.accounts.device import DeviceKey
from tact_engine.client import Invitation
from tact_engine.wire.frames import PROTOCOL_VERSION, signed_text
from tests.proof.rights.table import NEVER
from tests.support.bare_link import BareLink, bare_link, in_base64, new_key, submission
from tests.support.engine_process import EngineProcess
from tests.support.raw_link import TEXT, RawLink, frame, raw_link

SECONDS_MAX = 20
VERA = "vera"
TABLES = {
    "account": "handle, role, invited_by, removed_at FROM account WHERE handle IN ('vera', 'anna')",
    "device": "fingerprint, handle, added_at FROM device WHERE handle IN ('vera', 'anna')",
    "password": "handle, kept FROM password WHERE handle = 'vera'",
    "presence": "handle, readings FROM presence WHERE handle = 'vera'",
    "privacy": "handle, rules FROM privacy WHERE handle = 'vera'",
    "invitation": "* FROM invitation WHERE made_by = 'vera'",
    "message": "id, latest, edited, recipients FROM message WHERE sender = 'vera'",
    "body": "b.content FROM body b JOIN message m USING (number) WHERE m.sender = 'vera'",
    "waiting": "recipient, number, revision FROM waiting WHERE number IN (SELECT number FROM message m"
    " WHERE m.sender = 'vera')",
    "released": "recipient, number, revision FROM released WHERE number IN (SELECT number FROM message m"
    " WHERE m.id = 'released')",
    "ended": "recipient, number, state FROM ended WHERE number IN (SELECT number FROM message m"
    " WHERE m.id IN ('delivered', 'news'))",
    "news": "sender, number, recipient FROM news WHERE sender = 'vera'",
}
"""Everything of vera's that the database has."""
OPTIONS = tuple(
    f"--limit={name}"
    for name in (
        "strangers_max=0",
        "strangers_per_address_max=0",
        "messages_per_second=0",
        "presence_per_second=0",
        "requests_per_second=0",
        "sign_ins_per_second=0",
        "invitations_max=1000",
        "devices_max=1000",
        "acknowledge_within_ms=100000000",
        "ballast_mib=0",
        "disk_free_min_mib=0",
    )
)


class Office:
    """anna is the host; vera is looked at; bob, mallory and bert, whom she blocks, are members; "asks" wants to join.

    `things` says what vera's things are called.
    """

    def __init__(self, folder: Path) -> None:
        self.engine = EngineProcess(folder / "data", *OPTIONS, as_in_an_office=True)
        self.keys: dict[str, DeviceKey] = {}
        self.links: dict[str, BareLink] = {}
        self.things: dict[str, str] = {}
        self.heard: list[dict[str, Any]] = []
        self._folder = folder
        self._open = AsyncExitStack()
        self._gone = 0

    # --- the beginning and the end -------------------------------------------------------------------------------

    async def begin(self) -> None:
        """Let everybody come, and vera have something of everything."""
        self.engine.start()
        claim = Invitation.parsed((self.engine.data / "host-invitation.tact").read_text("utf-8")).token
        await self._comes("anna", claim)
        for handle in ("vera", "bob", "mallory", "bert", "cutter"):
            await self._comes(handle, await self.token())
        async with bare_link(self.engine.address) as link:
            key = new_key()
            assert (await link.sign_in("asks", key))["code"] == "asked_to_join"
            self.things["REQUEST"] = _id_of(key)
        await self._furnish(self.links[VERA])

    async def _furnish(self, vera: BareLink) -> None:
        self.things["DEVICE"] = _id_of(self.keys[VERA])
        for each in (
            {"type": "set_password", "password": "her own house"},
            {"type": "set_presence", "changes": {"StatusText": "busy", "UserAvailability": "DISCREET"}},
            {
                "type": "set_privacy",
                "privacy": {"blocked": ["bert"], "rules": {"UserMood": {"see": "nobody"}}},
            },
            submission("bob", "waits", id="waits", when=NEVER),
            submission("bob", "is edited", id="edited", when=NEVER),
            {"type": "edit", "id": "edited", "revision": 1, "amendment": {"body": in_base64(b"edited")}},
            submission("bob", "is paused", id="paused", when=NEVER),
            {"type": "pause", "id": "paused"},
            submission("bob", "brings news", id="news"),
        ):
            answer = await vera.ask(each)
            assert answer["type"] == "done", answer
        self.things["INVITATION"] = _hash_of(await self.token(VERA))[:16]
        bob = self.links["bob"]
        await bob.acknowledge((await bob.hear("deliver"))["deliveries"])
        await vera.hear("news")
        for id in ("delivered", "released"):
            await bob.ask(submission(VERA, id, id=id))
        await vera.acknowledge((await vera.hear("deliver"))["deliveries"])
        await vera.hear("deliver")
        await bob.hear("news")
        await self.looked_at()

    async def end(self) -> None:
        """Everybody goes, and the engine stops."""
        await self._open.aclose()
        self.engine.clean_up()

    async def _comes(self, handle: str, token: bytes) -> None:
        link = self.links[handle] = await self._open.enter_async_context(bare_link(self.engine.address))
        key = self.keys[handle] = new_key()
        answer = await link.sign_in(handle, key, token=in_base64(token))
        assert answer["type"] == "welcome", answer

    # --- what may be done ----------------------------------------------------------------------------------------

    async def token(self, by: str = "anna", **fields: str) -> bytes:
        """The token of a new invitation; with `purpose` and `handle` for a device."""
        answer = await self.rightly_asks({"type": "invite"} | fields, by)
        return base64.b64decode(answer["invitation"]["token"])

    async def rightly_asks(self, frame: dict[str, Any], by: str = "anna") -> dict[str, Any]:
        """The answer to what somebody has the right to ask for."""
        answer = await self.links[by].ask(frame)
        assert answer["type"] == "done", f"{by} has the right to {frame['type']}: {answer}"
        return answer

    @asynccontextmanager
    async def raw(self, handle: str, key: DeviceKey, token: bytes = b"") -> AsyncGenerator[RawLink]:
        """A link on which nothing is held back, with the sign-in of `handle` on its way."""
        link = await raw_link(self.engine.address)
        try:
            hello = await first(link, "hello")
            say(link, signed_in(hello, handle, key, token))
            yield link
        finally:
            await link.leave()

    @asynccontextmanager
    async def removed_device(self) -> AsyncGenerator[tuple[RawLink, DeviceKey]]:
        """The live link of a device that is removed now, and its key."""
        key = new_key()
        token = await self.token("cutter", purpose="device")
        async with self.raw("cutter", key, token) as link:
            await first(link, "welcome")
            await self.rightly_asks({"type": "remove_device", "handle": "cutter", "device": _id_of(key)})
            yield link, key

    @asynccontextmanager
    async def removed_person(self) -> AsyncGenerator[tuple[RawLink, str, DeviceKey]]:
        """The live link of somebody who is removed now, their handle and their key."""
        self._gone += 1
        handle, key = f"gone{self._gone}", new_key()
        async with self.raw(handle, key, await self.token()) as link:
            await first(link, "welcome")
            await self.rightly_asks({"type": "remove_person", "handle": handle, "withdraw": False})
            yield link, handle, key

    async def those_with_the_right(self) -> None:
        """All that was refused is possible for those whose right it is: the names of the things were the right ones."""
        for who, asked in (
            (
                VERA,
                {"type": "edit", "id": "waits", "revision": 1, "amendment": {"body": in_base64(b"other")}},
            ),
            (VERA, {"type": "resume", "id": "paused"}),
            (VERA, {"type": "withdraw", "id": "edited"}),
            (VERA, {"type": "send_now", "id": "waits"}),
            (VERA, {"type": "revoke", "id": self.things["INVITATION"]}),
            ("anna", {"type": "approve", "handle": "asks", "device": self.things["REQUEST"]}),
            ("anna", {"type": "remove_device", "handle": VERA, "device": self.things["DEVICE"]}),
            ("anna", {"type": "remove_person", "handle": VERA, "withdraw": True}),
        ):
            await self.rightly_asks(asked, who)

    # --- how vera's things are -----------------------------------------------------------------------------------

    async def looked_at(self) -> dict[str, Any]:
        """Her things as she sees them; what she heard meanwhile that is about her is in `heard`."""
        vera, seen = self.links[VERA], dict[str, Any]()
        self.heard = []
        for number, asked in enumerate(
            ({"type": "look_over"}, *({"type": "explain", "id": id} for id in ("waits", "edited", "paused"))),
            1_000_000,
        ):
            await vera.say(asked | {"request": number})
            while (said := await vera.hear())["type"] != "done" or said["request"] != number:
                if said["type"] == "overview":
                    seen.setdefault("overview", []).append(said)
                elif _is_about_her(said):
                    self.heard.append(said)
            seen[str(asked)] = {name: value for name, value in said.items() if name != "request"}
        return seen

    def kept(self) -> dict[str, list[Any]]:
        """Her things as they are in the database file now."""
        copy = self._folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for each in self.engine.data.glob("engine.db*"):
            shutil.copy(each, copy)
        with closing(sqlite3.connect(copy / "engine.db")) as db:
            return {
                name: sorted(map(repr, db.execute(f"SELECT {query}").fetchall()))
                for name, query in TABLES.items()
            }


def say(link: RawLink, *frames: dict[str, Any]) -> None:
    """Send all of these in one go."""
    link.write(b"".join(frame(TEXT, json.dumps(each).encode()) for each in frames))


async def first(link: RawLink, kind: str) -> dict[str, Any]:
    """The first frame of this kind that came."""
    async with asyncio.timeout(SECONDS_MAX):
        while True:
            for each in link.heard:
                if (said := json.loads(each))["type"] == kind:
                    return said
            assert not link.gone, f"no {kind}: {link.heard}, {link.closing}"
            await link.until_changed()


def signed_in(hello: dict[str, Any], handle: str, key: DeviceKey, token: bytes = b"") -> dict[str, Any]:
    """A sign-in of `handle` by `key`."""
    text = signed_text(hello["engine"], base64.b64decode(hello["challenge"]), handle)
    return {
        "type": "sign_in",
        "version": PROTOCOL_VERSION,
        "handle": handle,
        "device_key": in_base64(key.public),
        "signature": in_base64(key.sign(text)),
        "token": in_base64(token),
    }


def _is_about_her(said: dict[str, Any]) -> bool:
    if said["type"] == "people":
        return any(each["handle"] == VERA for each in said["people"]) or VERA in said.get("gone", [])
    return True


def _id_of(key: DeviceKey) -> str:
    return _hash_of(key.public)[:16]


def _hash_of(data: bytes) -> str:
    return sha256(data).hexdigest()
