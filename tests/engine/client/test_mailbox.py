"""The mailbox keeps what says something new, in order, and its end stays an end."""

import asyncio

import pytest

from tact_engine.client.events import Delivered, Disconnected, PeopleChanged, Receipts
from tact_engine.client.mailbox import PEOPLE_EVENTS_MAX, Mailbox
from tact_engine.core.presence import nobody
from tests.support.frames import DELIVERY, RECEIPT

OTHER = type(DELIVERY)("m2", "tom", "direct-1", ("tom", "mary"), b"x", "text/plain", 4, 10, 20)
PEOPLE = PeopleChanged((nobody("tom"),))
SECONDS_MAX = 20


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


async def all_in(mailbox: Mailbox) -> list:
    """All that is in there; nothing comes afterwards."""
    mailbox.end()
    found = []
    while (event := await mailbox.get()) is not None:
        found.append(event)
    return found


async def test_events_come_in_their_order(mailbox):
    events = [PEOPLE, Delivered(1, (DELIVERY,)), Receipts((RECEIPT,)), Disconnected("why", 1.0), PEOPLE]
    for event in events:
        mailbox.put(event)
    assert await all_in(mailbox) == events


async def test_who_asks_first_waits(mailbox):
    asked = asyncio.create_task(mailbox.get())
    await asyncio.sleep(0)
    assert not asked.done()
    mailbox.put(PEOPLE)
    assert await asked == PEOPLE


async def test_a_copy_of_what_waits_already_is_left_out(mailbox):
    mailbox.put(Delivered(1, (DELIVERY,)))
    mailbox.put(Delivered(2, (DELIVERY,)))
    mailbox.put(Delivered(3, (DELIVERY, OTHER)))
    assert await all_in(mailbox) == [Delivered(1, (DELIVERY,)), Delivered(3, (OTHER,))]


async def test_a_copy_of_what_was_taken_is_told(mailbox):
    for _ in range(2):
        mailbox.put(Delivered(1, (DELIVERY,)))
        assert await mailbox.get() == Delivered(1, (DELIVERY,))


@pytest.mark.rule("O8")
async def test_that_more_of_a_batch_follows_is_kept(mailbox):
    events = [Delivered(1, (DELIVERY,), more=True), Delivered(1, (OTHER,))]
    for event in events:
        mailbox.put(event)
    assert await all_in(mailbox) == events


@pytest.mark.rule("O8")
async def test_the_end_of_a_batch_is_told_where_its_last_part_is_a_copy(mailbox):
    mailbox.put(Delivered(1, (OTHER,)))
    mailbox.put(Delivered(2, (DELIVERY,), more=True))
    mailbox.put(Delivered(2, (OTHER,)))
    mailbox.put(Delivered(2, (OTHER,)))
    told = [Delivered(1, (OTHER,)), Delivered(2, (DELIVERY,), more=True), Delivered(2, ())]
    assert await all_in(mailbox) == told


async def test_a_batch_of_which_nothing_was_told_needs_no_end(mailbox):
    mailbox.put(Delivered(1, (DELIVERY,)))
    mailbox.put(Delivered(2, (DELIVERY,), more=True))
    mailbox.put(Delivered(2, (DELIVERY,)))
    assert await all_in(mailbox) == [Delivered(1, (DELIVERY,))]


async def test_presence_stops_to_pile_up_and_nothing_else_does(mailbox):
    for _ in range(PEOPLE_EVENTS_MAX + 10):
        mailbox.put(PEOPLE)
    kept = PEOPLE_EVENTS_MAX + 1
    others = [Delivered(1, (DELIVERY,)), Receipts((RECEIPT,)), Disconnected("why", None)]
    for event in others:
        mailbox.put(event)
    mailbox.put(PEOPLE)
    assert await all_in(mailbox) == [PEOPLE] * kept + others


async def test_presence_is_told_again_once_there_is_room(mailbox):
    for _ in range(PEOPLE_EVENTS_MAX + 1):
        mailbox.put(PEOPLE)
    await mailbox.get()
    mailbox.put(PEOPLE)
    assert len(await all_in(mailbox)) == PEOPLE_EVENTS_MAX + 1


async def test_the_end_comes_after_everything_and_stays(mailbox):
    waiting = [asyncio.create_task(mailbox.get()) for _ in range(3)]
    await asyncio.sleep(0)
    mailbox.end()
    async with asyncio.timeout(SECONDS_MAX):
        assert await asyncio.gather(*waiting) == [None] * 3
        assert [await mailbox.get() for _ in range(3)] == [None] * 3
