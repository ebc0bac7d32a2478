"""The beacon may fail and tries again; it is never waited for."""

import asyncio
import logging

import pytest
from zeroconf import InterfaceChoice

from tact_engine.net import beacon as module
from tact_engine.net.beacon import NAME_BYTES_MAX, SERVICE_TYPE, Beacon, interfaces_of
from tact_engine.wire.frames import PROTOCOL_VERSION

HERE = "127.0.0.1"
ENGINE = "ab" * 32


async def test_an_address_that_does_not_exist_is_logged_and_tried_again(monkeypatch, caplog):
    tried = asyncio.Semaphore(0)

    class Impossible:
        def __init__(self, **options):
            tried.release()
            raise OSError(99, "Cannot assign requested address")

    monkeypatch.setattr(module, "AsyncZeroconf", Impossible)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0)
    caplog.set_level(logging.WARNING)
    running = asyncio.create_task(Beacon("Anna", ENGINE, "192.0.2.1", 8228).run())
    for _ in range(3):
        await tried.acquire()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert {record.getMessage() for record in caplog.records} == {"not advertised"}
    assert "Cannot assign requested address" in caplog.records[0].__dict__["reason"]


async def test_cancelling_in_the_middle_of_registering_is_clean():
    running = asyncio.create_task(Beacon("Anna", ENGINE, HERE, 8228).run())
    for _ in range(10):
        await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Anna's PC", "Anna's PC"),
        ("pc.anna.office", "pc anna office"),
        ("x" * 100, "x" * NAME_BYTES_MAX),
        ("ü" * 100, "ü" * (NAME_BYTES_MAX // 2)),
        ("x" + "😀" * 100, "x" + "😀" * 11),
    ],
)
def test_a_name_is_cut_to_what_a_record_takes(name, shown):
    info = Beacon(name, ENGINE, HERE, 8228)._info()
    assert info.name == f"{shown}.{SERVICE_TYPE}"


def test_the_record_says_nothing_personal():
    info = Beacon("Anna", ENGINE, HERE, 8228)._info()
    assert info.properties == {b"v": str(PROTOCOL_VERSION).encode(), b"id": ENGINE.encode()}
    assert info.parsed_addresses() == [HERE]
    assert info.port == 8228


def test_an_engine_everywhere_tells_no_loopback_address():
    assert HERE not in Beacon("Anna", ENGINE, "", 8228)._info().parsed_addresses()


def test_where_it_speaks():
    assert interfaces_of("10.0.0.7") == ["10.0.0.7"]
    assert {interfaces_of(host) for host in ("", "0.0.0.0", "::")} == {InterfaceChoice.All}  # pyright: ignore
