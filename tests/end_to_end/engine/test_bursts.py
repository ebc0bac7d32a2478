"""Much at once: a reader who reads gets all of it, and nobody pays for the burst of another."""

import asyncio
import contextlib
import json

import pytest

from tests.support.bare_link import BareLink, bare_link, new_key, submission
from tests.support.engine_process import EngineProcess

CHANGES = 2_000


@pytest.fixture
def own(tmp_path):
    """An engine of one test alone."""
    engine = EngineProcess(tmp_path / "own").start()
    yield engine
    engine.clean_up()


async def flushed(link: BareLink, key, ids: set[str]):
    """Sign mary in, and wait until all of `ids` arrived; nothing comes twice meanwhile."""
    await link.sign_in("mary", key)
    left = set(ids)
    while left:
        deliveries = (await link.hear("deliver"))["deliveries"]
        delivered = [each["id"] for each in deliveries]
        await link.acknowledge(deliveries)
        assert left.issuperset(delivered)
        left -= set(delivered)


async def test_whoever_reads_at_once_gets_all_that_waits(own):
    mary, ids = new_key(), {f"m-{number}" for number in range(60)}
    async with bare_link(own.address) as link:
        await link.sign_in("mary", mary)
    async with bare_link(own.address) as link:
        await link.sign_in("tom")
        for id in ids:
            assert (await link.ask(submission("mary", "x" * 16_384, id=id)))["type"] == "done"
    async with bare_link(own.address) as link:
        await flushed(link, mary, ids)


async def test_whoever_reads_at_once_gets_all_that_waits_for_a_group(own):
    """200 messages to 64 people of the longest names; 2,000 waiting are the most for one sender."""
    mary, ids = new_key(), {f"m-{number}" for number in range(200)}
    group = [f"{number:02}".ljust(32, "x") for number in range(63)]
    async with contextlib.AsyncExitStack() as links:
        for handle, key in (("mary", mary), *((each, new_key()) for each in group)):
            async with bare_link(own.address) as link:
                await link.sign_in(handle, key)
        for first in range(0, 200, 20):
            link = await links.enter_async_context(bare_link(own.address))
            await link.sign_in(f"tom-{first}")
            for id in (f"m-{number}" for number in range(first, first + 20)):
                answer = await link.ask(submission("mary", id, id=id, to=["mary", *group]))
                assert answer["type"] == "done", answer
        link = await links.enter_async_context(bare_link(own.address))
        await flushed(link, mary, ids)


async def test_a_burst_of_presence_closes_nobodys_link(own):
    last = "😀" * 270 + "the last"

    async def until_last(link: BareLink):
        while True:
            for each in (await link.hear("people"))["people"]:
                if each["readings"].get("StatusText", {}).get("value") == last:
                    return

    async with bare_link(own.address) as bystander, bare_link(own.address) as link:
        await bystander.sign_in("bystander")
        await link.sign_in("tom")
        listening = asyncio.gather(until_last(bystander), until_last(link))
        for number in range(CHANGES):
            text = last if number == CHANGES - 1 else "😀" * 270 + f"{number:05}"
            frame = {"type": "set_presence", "request": number + 1, "changes": {"StatusText": text}}
            await link.say(json.dumps(frame, ensure_ascii=False))
        await listening
        for each in (bystander, link):
            assert (await each.ask({"type": "withdraw", "id": "none"}))["code"] == "unknown_message"
