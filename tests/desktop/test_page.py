"""The run of messages in the window over a history that is longer."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tact_desktop.local.history import History
from tact_desktop.page import PAGE_ENTRIES, PAGE_ENTRIES_MAX, PAGE_ENTRIES_MORE, Page
from tact_desktop.state.entry import Entry, Stage
from tact_engine.core.envelope import TEXT_PLAIN, Delivery

HERE, ELSEWHERE = "direct-here", "direct-elsewhere"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    made = History.open(tmp_path / "history.db")
    yield made
    made.close()


def deliver(history: History, count: int, first: int = 0, conversation: str = HERE) -> None:
    """Messages of Mary's, numbered from `first`."""
    deliveries = [
        Delivery(
            id=f"{conversation} {number}",
            sender="mary",
            conversation=conversation,
            members=("mary", "tom"),
            body=str(number).encode(),
            content_type=TEXT_PLAIN,
            sequence=number,
            written_at=number,
            released_at=number,
        )
        for number in range(first, first + count)
    ]
    history.received(deliveries, 1, "tom", 0)


def own(history: History, id: str, conversation: str = HERE) -> None:
    """A message of Tom's that was not handed over."""
    history.remember(
        [Entry(id, conversation, "tom", True, id, Stage.UNSENT, ("mary",), written_at=1, valid_for=60)]
    )


def texts(page: Page) -> list[str]:
    return [entry.text for entry in page.entries()]


def numbers(first: int, end: int) -> list[str]:
    return [str(number) for number in range(first, end)]


def test_an_empty_conversation(history):
    page = Page(history, HERE)
    assert (page.entries(), page.last_position) == ([], 0)
    assert (page.older(), page.newer()) == (False, False)
    page.refresh()
    page.to_end()
    assert page.entries() == []


def test_it_begins_with_the_newest_and_goes_back_page_by_page(history):
    end = PAGE_ENTRIES + PAGE_ENTRIES_MORE + 5
    deliver(history, end)
    deliver(history, 3, conversation=ELSEWHERE)
    page = Page(history, HERE)
    assert texts(page) == numbers(end - PAGE_ENTRIES, end)
    assert page.older()
    assert texts(page)[0] == str(5)
    assert len(texts(page)) <= PAGE_ENTRIES_MAX
    assert page.older()
    assert texts(page)[0] == "0"
    assert not page.older()


def test_it_never_holds_more_than_it_may_and_finds_the_way_forth_again(history):
    total = 5 * PAGE_ENTRIES
    deliver(history, total)
    own(history, "waits")
    page = Page(history, HERE)
    assert texts(page)[-1] == "waits"
    while page.older():
        seen = [int(text) for text in texts(page) if text != "waits"]
        assert len(seen) <= PAGE_ENTRIES_MAX
        assert seen == list(range(seen[0], seen[0] + len(seen))), "no gap"
    assert texts(page) == numbers(0, PAGE_ENTRIES_MAX), "what waits is pinned below the end only"
    while page.newer():
        assert len(page.entries()) <= PAGE_ENTRIES_MAX + 1
        seen = [int(text) for text in texts(page) if text != "waits"]
        assert seen == list(range(seen[0], seen[0] + len(seen))), "no gap"
    assert texts(page)[-2:] == [str(total - 1), "waits"]
    assert not page.newer()


def test_back_to_the_newest_at_once(history):
    deliver(history, 4 * PAGE_ENTRIES)
    page = Page(history, HERE)
    while page.older():
        pass
    page.to_end()
    assert texts(page) == numbers(3 * PAGE_ENTRIES, 4 * PAGE_ENTRIES)


def test_at_the_end_news_comes_in_and_elsewhere_it_does_not(history):
    deliver(history, 4 * PAGE_ENTRIES)
    page = Page(history, HERE)
    deliver(history, 1, first=4 * PAGE_ENTRIES)
    page.refresh()
    assert texts(page)[-1] == str(4 * PAGE_ENTRIES)
    assert page.last_position == page.entries()[-1].position
    while page.older():
        pass
    before = texts(page)
    deliver(history, 1, first=4 * PAGE_ENTRIES + 1)
    page.refresh()
    assert texts(page) == before


def test_news_at_the_end_pushes_nothing_out_that_is_read(history):
    deliver(history, PAGE_ENTRIES)
    page = Page(history, HERE)
    deliver(history, 7, first=PAGE_ENTRIES)
    page.refresh()
    assert texts(page) == numbers(0, PAGE_ENTRIES + 7)


def test_what_is_deleted_is_gone_wherever_one_reads(history):
    own(history, "failed")
    history.refused("failed", "No.", 5)
    deliver(history, 3 * PAGE_ENTRIES)
    page = Page(history, HERE)
    while page.older():
        pass
    assert texts(page)[0] == "failed"
    history.dismiss("failed")
    page.refresh()
    assert texts(page)[0] == "0"


def test_what_waits_is_below_once_and_only_here(history):
    deliver(history, 2)
    own(history, "waits")
    own(history, "elsewhere", ELSEWHERE)
    own(history, "failed")
    history.refused("failed", "No.", 5)
    page = Page(history, HERE)
    assert texts(page) == ["0", "1", "failed", "waits"]
    history.withdrawn("waits")
    assert texts(page) == ["0", "1", "failed"]
