"""A day on which everything is said that there is to say, rightly and wrongly, and canaries are in all of it."""

import asyncio
import base64
from contextlib import suppress
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidStatus

from tact_engine.accounts.device import DeviceKey
from tact_engine.client import Invitation
from tact_engine.net.certificate import client_context
from tests.proof.canaries.nest import Nest
from tests.support.bare_link import BareLink, bare_link, in_base64, new_key, submission
from tests.support.engine_process import EngineProcess

CUT = (ConnectionClosed, ConnectionError, TimeoutError)
"""What ends a conversation where the engine dies in the middle of it."""


class Day:
    """anna is the host, tom and mary are members, eve is a stranger. `codes` is what became of messages so far."""

    def __init__(self, engine: EngineProcess, nest: Nest) -> None:
        self.engine, self.nest = engine, nest
        self.keys: dict[str, DeviceKey] = {}
        self.codes: set[str] = set()
        self._number = 0

    def word(self, what: str, *, for_ever: bool = True) -> str:
        """A new canary."""
        self._number += 1
        return self.nest.word(f"{what} {self._number}", for_ever=for_ever)

    # --- who comes ---------------------------------------------------------------------------------------------------

    async def claim(self) -> None:
        """anna becomes the host."""
        path = self.engine.data / "host-invitation.tact"
        token = self.nest.secret("the claim", Invitation.parsed(path.read_text("utf-8")).token)
        assert self.nest.in_files(self.engine.data, ["the claim"]) == ["the claim in host-invitation.tact"]
        await self._joins("anna", token)

    async def people_come(self) -> None:
        """tom and mary join, each with a second device, a password, and all their presence; eve asks in vain."""
        for handle in ("tom", "mary"):
            await self._joins(handle, await self.invited("anna", f"an invitation for {handle}"))
            async with bare_link(self.engine.address) as link:
                await link.sign_in(handle, self.keys[handle])
                await self._says_all(link, handle)
            linked = await self.invited(handle, f"a device link of {handle}", purpose="device")
            await self._comes(handle, new_key(), token=in_base64(linked))
            await self._comes(
                handle, new_key(), password=self.nest.forms[f"password of {handle}"][0].decode()
            )
        await self._asks_in_vain()

    async def _joins(self, handle: str, token: bytes) -> None:
        key = self.keys.setdefault(handle, new_key())
        presence = {"Alias": self.nest.word(f"alias of {handle}")}
        answer = await self._comes(handle, key, token=in_base64(token), presence=presence)
        assert answer["type"] == "welcome", answer

    async def _comes(self, handle: str, key: DeviceKey, **brings: Any) -> dict[str, Any]:
        brings.setdefault("computer", self.nest.word(f"a computer of {handle} {len(self.nest.forms)}"))
        async with bare_link(self.engine.address) as link:
            return await link.sign_in(handle, key, **brings)

    async def invited(self, by: str, what: str, **fields: str) -> bytes:
        """The token of an invitation by somebody."""
        async with bare_link(self.engine.address) as link:
            await link.sign_in(by, self.keys[by])
            answer = await link.ask({"type": "invite"} | fields)
            return self.nest.secret(what, base64.b64decode(answer["invitation"]["token"]))

    async def _says_all(self, link: BareLink, handle: str) -> None:
        presence = {
            "StatusText": self.nest.word(f"status of {handle}"),
            "FreeTextLocation": self.nest.word(f"place of {handle}"),
        }
        password = self.nest.word(f"password of {handle}", for_ever=True)
        for each in (
            {"type": "set_presence", "changes": presence},
            {"type": "set_password", "password": password},
            {"type": "look_over"},
        ):
            assert (await link.ask(each))["type"] == "done"

    async def _asks_in_vain(self) -> None:
        async with bare_link(self.engine.address) as anna:
            await anna.sign_in("anna", self.keys["anna"])
            for deed in ("decline", "revoke"):
                presence = {"Alias": self.word("alias of eve")}
                await self._comes("eve", new_key(), presence=presence, computer=self.word("computer of eve"))
                while not (asked := (await anna.hear("requests"))["requests"]):
                    pass
                wrong = {"type": deed, "handle": "eve", "device": asked[-1]["device"]}
                await anna.ask(wrong if deed == "decline" else {"type": "revoke", "id": self.word("id")})

    # --- what goes wrong ---------------------------------------------------------------------------------------------

    async def wrong_keys(self) -> None:
        """Whatever is tried out at the door."""
        for brings in (
            {"password": self.word("wrong password")},
            {"password": self.word("short")[:5]},
            {"password": self.word("long password") * 20},
            {"token": in_base64(self.word("wrong code").encode()[:16])},
            {"token": in_base64(self.word("long code").encode())},
            {"signature": in_base64(self.word("wrong signature").encode())},
            {"presence": {"Alias": self.word("alias") + "\n"}},
            {"presence": {self.word("attribute"): self.word("value")}},
            {"computer": self.word("long name") * 4},
        ):
            with suppress(*CUT):
                await self._comes("tom", new_key(), **{"computer": self.word("computer")} | brings)
        await self._comes(self.word("a name in other letters"), new_key(), computer=self.word("computer"))

    async def noise(self) -> None:
        """What no client would say, before and after TLS, before and after signing in."""
        word = self.word("noise")
        for tls in (None, client_context()):
            with suppress(*CUT, OSError):
                reader, writer = await asyncio.open_connection(
                    self.engine.host, self.engine.port, ssl=tls, server_hostname="tact" if tls else None
                )
                writer.write(
                    f"GET /{word}?{word} HTTP/1.1\r\nHost: {word}\r\n{word}: {word}\r\n\r\n".encode()
                )
                async with asyncio.timeout(5):
                    await reader.read()
                writer.transport.abort()
        with suppress(InvalidStatus, *CUT):
            async with bare_link(self.engine.address, origin=f"https://{word}.example"):
                pass
        for signed_in in (False, True):
            for said in (word, f'{{"type": "{word}"}}', f'{{"{word}": 1}}', word.encode(), word * 4_000):
                with suppress(*CUT):
                    async with bare_link(self.engine.address) as link:
                        if signed_in:
                            await link.sign_in("tom", self.keys["tom"])
                        await link.say(said)
                        await link.hear("refused")

    # --- what people say to each other ---------------------------------------------------------------------------

    async def messages(self, to: str) -> None:
        """Messages that arrive, wait, and are refused; until they are through, or the engine is not there any more."""
        with suppress(*CUT):
            async with bare_link(self.engine.address) as tom, bare_link(self.engine.address) as other:
                await tom.sign_in("tom", self.keys["tom"])
                await other.sign_in(to, self.keys[to])
                for number, changed in enumerate(self._changes()):
                    id = f"{self.word('id', for_ever=False)}"
                    text = self.word("text", for_ever=False)
                    answer = await tom.ask(submission(to, text, id=id, **changed))
                    self.codes.add(answer.get("code", "done"))
                    if number < 2 and answer["type"] == "done":
                        await other.acknowledge((await other.hear("deliver"))["deliveries"])
                    await tom.ask({"type": "edit", "id": id, "revision": 1, "amendment": {"body": ""}})
                    await tom.ask({"type": "edit", "id": self.word("id"), "revision": 1, "amendment": {}})
                await tom.ask({"type": "set_presence", "changes": {"UserMood": self.word("mood")}})
                await tom.ask({"type": "remove_device", "handle": self.word("whose"), "device": "x"})

    def _changes(self) -> list[dict[str, Any]]:
        def when(name: str, value: str) -> dict[str, Any]:
            return {"any": [{"all": [{"attr": name, "op": "contains", "value": value}]}]}

        condition = self.word("condition", for_ever=False)
        return [
            {},
            {"enc": self.word("encryption", for_ever=False)},
            {"when": when("StatusText", condition)},
            {"when": when(self.word("unknown attribute"), self.word("value"))},
            {"to": [self.word("recipient")]},
            {"content_type": self.word("long type") * 5},
            {"valid_for": 1},
        ]

    async def mary_goes(self) -> None:
        """mary is removed, and with her whatever is hers alone."""
        self.nest.gone |= {what for what in self.nest.forms if "mary" in what}
        async with bare_link(self.engine.address) as anna:
            await anna.sign_in("anna", self.keys["anna"])
            answer = await anna.ask({"type": "remove_person", "handle": "mary", "withdraw": True})
            assert answer["type"] == "done", answer
