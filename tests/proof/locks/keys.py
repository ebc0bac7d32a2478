"""False codes, passwords and signatures: each with what whoever tries it is told."""

import unicodedata
from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping
from hashlib import sha256
from random import Random
from types import MappingProxyType
from typing import Any

from tact_engine.client import Invitation
from tests.proof.locks.ground import PASSWORDS, Ground, code_of, signed
from tests.support.bare_link import in_base64, new_key

WEEK, HOUR = 7 * 24 * 3600, 3600
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493

Try = Callable[[Ground, Random], Awaitable[str]]


# --- invitations -------------------------------------------------------------------------------------------------


async def _with_token(ground: Ground, token: bytes, handle: str = "eve") -> str:
    return await ground.tries(handle, token=in_base64(token))


async def _random_token(ground: Ground, chance: Random) -> str:
    await ground.invited()
    return await _with_token(ground, chance.randbytes(16))


async def _one_bit_wrong(ground: Ground, chance: Random) -> str:
    token = bytearray(await ground.invited())
    token[chance.randrange(16)] ^= 1 << chance.randrange(8)
    return await _with_token(ground, bytes(token))


async def _beginning_of_a_token(ground: Ground, chance: Random) -> str:
    return await _with_token(ground, (await ground.invited())[: chance.randrange(1, 16)])


async def _longer_token(ground: Ground, chance: Random) -> str:
    return await _with_token(ground, await ground.invited() + chance.randbytes(1))


async def _hash_of_a_token(ground: Ground, chance: Random) -> str:
    """What the database keeps is of no use as a token."""
    del chance
    return await _with_token(ground, sha256(await ground.invited()).digest()[:16])


async def _no_token(ground: Ground, chance: Random) -> str:
    del chance
    await ground.invited()
    return await _with_token(ground, b"")


async def _used_token(ground: Ground, chance: Random) -> str:
    return await _with_token(ground, ground.used[chance.choice(("tom", "mary"))])


async def _used_claim(ground: Ground, chance: Random) -> str:
    del chance
    return await _with_token(ground, ground.used["anna"])


async def _claim_of_another_engine(ground: Ground, chance: Random) -> str:
    """An engine that has no host of its own yet; its claim says nothing here."""
    del chance
    other = Ground(ground.engine.data.parent / "other")
    try:
        other.engine.start()
        path = other.engine.data / "host-invitation.tact"
        return await _with_token(ground, Invitation.parsed(path.read_text("utf-8")).token)
    finally:
        other.engine.clean_up()


async def _revoked_token(ground: Ground, chance: Random) -> str:
    del chance
    token = await ground.invited()
    await ground.asked("anna", {"type": "revoke", "id": sha256(token).hexdigest()[:16]})
    return await _with_token(ground, token)


async def _expired_token(ground: Ground, chance: Random) -> str:
    del chance
    token = await ground.invited("tom")
    await ground.let_pass(WEEK)
    return await _with_token(ground, token)


async def _expired_device_link(ground: Ground, chance: Random) -> str:
    del chance
    token = await ground.invited("tom", purpose="device")
    await ground.let_pass(HOUR)
    return await _with_token(ground, token, "tom")


async def _device_link_of_another(ground: Ground, chance: Random) -> str:
    del chance
    return await _with_token(ground, await ground.invited("mary", purpose="device"), "tom")


async def _device_link_for_a_free_name(ground: Ground, chance: Random) -> str:
    del chance
    return await _with_token(ground, await ground.invited("mary", purpose="device"))


async def _invitation_for_a_taken_name(ground: Ground, chance: Random) -> str:
    return await _with_token(ground, await ground.invited(), chance.choice(("tom", "anna")))


async def _invitation_for_somebody_removed(ground: Ground, chance: Random) -> str:
    del chance
    return await _with_token(ground, await ground.invited(), "gone")


# --- passwords ---------------------------------------------------------------------------------------------------


def _password(bend: Callable[[str], str], handle: str = "tom") -> Try:
    """A password that is nearly tom's."""

    async def tried(ground: Ground, chance: Random) -> str:
        del chance
        await ground.let_pass(HOUR)  # so that no earlier guess counts
        return await ground.tries(handle, password=bend(PASSWORDS["tom"]))

    return tried


async def _hash_as_password(ground: Ground, chance: Random) -> str:
    """What the database keeps is of no use as a password."""
    del chance
    await ground.let_pass(HOUR)
    kept = next(each for each in ground.engine.data.glob("engine.db*") if b"$argon2id$" in each.read_bytes())
    data = kept.read_bytes()
    begin = data.index(b"$argon2id$")
    return await ground.tries("tom", password=data[begin : begin + 97].decode("ascii", "replace"))


async def _megabyte(ground: Ground, chance: Random) -> str:
    del chance
    async with ground.stranger() as link:
        await link.say(signed(link.hello, "tom", new_key()) | {"password": "x" * 1_000_000})
        code, _ = await link.closed()
        return str(code)


async def _password_that_was_changed(ground: Ground, chance: Random) -> str:
    del chance
    await ground.let_pass(HOUR)
    for password in ("another one for now", PASSWORDS["mary"]):
        await ground.asked("mary", {"type": "set_password", "password": password})
    return await ground.tries("mary", password="another one for now")


async def _password_of_nobody(ground: Ground, chance: Random) -> str:
    await ground.let_pass(HOUR)
    return await ground.tries(f"nobody{chance.randrange(10**6)}", password=PASSWORDS["tom"])


# --- signatures --------------------------------------------------------------------------------------------------


async def _says(ground: Ground, make: Callable[[dict[str, Any]], dict[str, Any]]) -> str:
    async with ground.stranger() as link:
        await link.say(make(link.hello))
        return code_of(await link.hear("welcome", "refused"))


async def _other_challenge(ground: Ground, chance: Random) -> str:
    return await _says(
        ground, lambda hello: signed(hello, "tom", ground.keys["tom"], challenge=chance.randbytes(32))
    )


async def _other_engine(ground: Ground, chance: Random) -> str:
    other = chance.randbytes(32).hex()
    return await _says(ground, lambda hello: signed(hello, "tom", ground.keys["tom"], engine=other))


async def _signed_for_another_name(ground: Ground, chance: Random) -> str:
    del chance
    return await _says(
        ground, lambda hello: signed(hello, "tom", ground.keys["tom"], handle="mary") | {"handle": "tom"}
    )


async def _recorded(ground: Ground, chance: Random) -> str:
    """The very bytes with which tom signed in once."""
    del chance
    return await _says(ground, lambda hello: ground.recorded)


async def _recorded_without_its_code(ground: Ground, chance: Random) -> str:
    del chance
    return await _says(ground, lambda hello: ground.recorded | {"token": ""})


async def _challenge_of_another_link(ground: Ground, chance: Random) -> str:
    del chance
    async with ground.stranger() as other:
        return await _says(ground, lambda hello: signed(other.hello, "tom", ground.keys["tom"]))


async def _key_of_another(ground: Ground, chance: Random) -> str:
    del chance
    return await _says(ground, lambda hello: signed(hello, "tom", ground.keys["mary"]))


async def _shown_one_key_signed_by_another(ground: Ground, chance: Random) -> str:
    del chance
    shown = {"device_key": in_base64(ground.keys["tom"].public)}
    return await _says(ground, lambda hello: signed(hello, "tom", new_key()) | shown)


async def _key_of_somebody_removed(ground: Ground, chance: Random) -> str:
    del chance
    return await _says(ground, lambda hello: signed(hello, "gone", ground.keys["gone"]))


async def _low_order(ground: Ground, chance: Random, **secret: str) -> str:
    """A key whose points add up to nothing fits signatures that nobody made: here R and A are nought, and so is S."""
    nothing = (1).to_bytes(32, "little")
    bent = {"device_key": in_base64(nothing), "signature": in_base64(nothing + bytes(32))} | secret
    handle = f"low{chance.randrange(10**6)}" if secret else "tom"
    return await _says(ground, lambda hello: signed(hello, handle, new_key()) | bent)


async def _low_order_and_invited(ground: Ground, chance: Random) -> str:
    """Nobody may join with a key that everybody has."""
    return await _low_order(ground, chance, token=in_base64(await ground.invited()))


async def _malleable(ground: Ground, chance: Random) -> str:
    """The same signature with S written as S + L, which fits the same equation."""
    del chance

    def bent(hello: dict[str, Any]) -> dict[str, Any]:
        frame = signed(hello, "tom", ground.keys["tom"])
        whole = b64decode(frame["signature"])
        s = int.from_bytes(whole[32:], "little") + GROUP_ORDER
        return frame | {"signature": in_base64(whole[:32] + s.to_bytes(32, "little"))}

    return await _says(ground, bent)


def _sized(field: str, size: int) -> Try:
    async def tried(ground: Ground, chance: Random) -> str:
        return await _says(
            ground,
            lambda hello: (
                signed(hello, "tom", ground.keys["tom"]) | {field: in_base64(chance.randbytes(size))}
            ),
        )

    return tried


async def _older_version(ground: Ground, chance: Random) -> str:
    del chance
    return await _says(ground, lambda hello: signed(hello, "tom", ground.keys["tom"]) | {"version": 2})


KEYS: Mapping[str, tuple[Try, str]] = MappingProxyType(
    {
        "a random code": (_random_token, "invitation_over"),
        "a code with one wrong bit": (_one_bit_wrong, "invitation_over"),
        "the beginning of a code": (_beginning_of_a_token, "invitation_over"),
        "a code and one byte": (_longer_token, "malformed_frame"),
        "the hash of a code": (_hash_of_a_token, "invitation_over"),
        "no code": (_no_token, "asked_to_join"),
        "a code that was used": (_used_token, "invitation_over"),
        "a claim that was used": (_used_claim, "invitation_over"),
        "a claim of another engine": (_claim_of_another_engine, "invitation_over"),
        "a code that was revoked": (_revoked_token, "invitation_over"),
        "a code after seven days": (_expired_token, "invitation_over"),
        "a device link after an hour": (_expired_device_link, "invitation_over"),
        "a device link of another person": (_device_link_of_another, "handle_taken"),
        "a device link for a free name": (_device_link_for_a_free_name, "invitation_over"),
        "an invitation for a taken name": (_invitation_for_a_taken_name, "handle_taken"),
        "an invitation for somebody removed": (_invitation_for_somebody_removed, "removed"),
        "a password in other case": (_password(str.swapcase), "wrong_password"),
        "the beginning of a password": (_password(lambda right: right[:-1]), "wrong_password"),
        "a password and a letter": (_password(lambda right: right + "x"), "wrong_password"),
        "a password and a blank": (_password(lambda right: right + " "), "wrong_password"),
        "a password and a nought byte": (_password(lambda right: right + "\0"), "wrong_password"),
        "a password backwards": (_password(lambda right: right[::-1]), "wrong_password"),
        "a password without its accents": (
            _password(lambda right: right.replace("é", "e")),
            "wrong_password",
        ),
        "a password in compatible letters": (
            _password(lambda right: unicodedata.normalize("NFKC", right)),
            "wrong_password",
        ),
        "a password in wide letters": (
            _password(lambda right: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in right)),
            "wrong_password",
        ),
        "a password in Cyrillic letters": (
            _password(lambda right: right.replace("o", "\u043e")),
            "wrong_password",
        ),
        "a password with an invisible joiner": (
            _password(lambda right: right[:4] + "\u200d" + right[4:]),
            "wrong_password",
        ),
        "somebody else's password": (_password(lambda right: right, "mary"), "wrong_password"),
        "a password of the host, who has none": (_password(lambda right: right, "anna"), "wrong_password"),
        "a password of somebody removed": (_password(lambda right: right, "gone"), "wrong_password"),
        "no password": (_password(lambda right: ""), "handle_taken"),
        "a password that is too short": (_password(lambda right: right[0]), "wrong_password"),
        "300 letters": (_password(lambda right: right * 14), "malformed_frame"),
        "a megabyte": (_megabyte, "1009"),
        "the hash of a password": (_hash_as_password, "wrong_password"),
        "a password that was changed": (_password_that_was_changed, "wrong_password"),
        "a password of nobody": (_password_of_nobody, "wrong_password"),
        "a signature over another challenge": (_other_challenge, "sign_in_failed"),
        "a signature for another engine": (_other_engine, "sign_in_failed"),
        "a signature for another name": (_signed_for_another_name, "sign_in_failed"),
        "a recorded sign-in": (_recorded, "sign_in_failed"),
        "a recorded sign-in without its code": (_recorded_without_its_code, "sign_in_failed"),
        "the challenge of another link": (_challenge_of_another_link, "sign_in_failed"),
        "the key of another person": (_key_of_another, "handle_taken"),
        "a key shown and another used": (_shown_one_key_signed_by_another, "sign_in_failed"),
        "the key of somebody removed": (_key_of_somebody_removed, "removed"),
        "a key of low order": (_low_order, "sign_in_failed"),
        "a key of low order, invited": (_low_order_and_invited, "sign_in_failed"),
        "a signature written another way": (_malleable, "sign_in_failed"),
        "a short key": (_sized("device_key", 31), "sign_in_failed"),
        "a long key": (_sized("device_key", 33), "sign_in_failed"),
        "no key": (_sized("device_key", 0), "sign_in_failed"),
        "a short signature": (_sized("signature", 63), "sign_in_failed"),
        "a random signature": (_sized("signature", 64), "sign_in_failed"),
        "an older version": (_older_version, "version_unsupported"),
    }
)
"""What is tried → how, and what whoever tries it is told."""
