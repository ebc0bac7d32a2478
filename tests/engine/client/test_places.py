"""Addresses as people type them, and the engines a computer knows."""

import json
import stat

import pytest

from tact_engine.client.places import Address, Engines
from tact_engine.core.addresses import DEFAULT_PORT
from tact_engine.core.errors import LocalError


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("pc-anna", "pc-anna", DEFAULT_PORT),
        (" pc-anna ", "pc-anna", DEFAULT_PORT),
        ("pc-anna:1", "pc-anna", 1),
        ("10.0.0.7:65535", "10.0.0.7", 65535),
        ("::1", "::1", DEFAULT_PORT),
        ("[::1]", "::1", DEFAULT_PORT),
        ("[::1]:99", "::1", 99),
        ("fe80::1", "fe80::1", DEFAULT_PORT),
    ],
)
def test_what_is_an_address(text, host, port):
    assert Address.parsed(text) == Address(host, port)


@pytest.mark.parametrize(
    "text", ["", " ", ":80", "a b", "pc:0", "pc:65536", "https://pc", "tom@pc", "pc/x", "[]:80"]
)
def test_what_is_none_gets_a_sentence(text):
    with pytest.raises(LocalError, match=r"is not an address\. Write a host, or host:port"):
        Address.parsed(text)


def test_nothing_is_known_at_first(tmp_path):
    assert Engines(tmp_path / "deep" / "engines.json").known() == {}


def test_the_latest_is_last_and_each_engine_stands_once(tmp_path):
    engines = Engines(tmp_path / "deep" / "engines.json")
    for host, engine in (("a", "1"), ("b", "2"), ("c", "1")):
        engines.remember(Address(host, 8000, engine))
    assert list(engines.known().values()) == [Address("b", 8000, "2"), Address("c", 8000, "1")]


def test_the_file_is_for_this_user_alone(tmp_path):
    engines = Engines(tmp_path / "deep" / "engines.json")
    engines.remember(Address("a", 1, "1"))
    assert stat.S_IMODE((tmp_path / "deep" / "engines.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "deep").stat().st_mode) == 0o700
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["engines.json"]


@pytest.mark.parametrize("text", ["", "{", "[1]", '[{"engine": "1"}]', "null", '"x"', "\x00"])
def test_a_damaged_file_is_an_empty_one_and_heals(tmp_path, text):
    path = tmp_path / "engines.json"
    path.write_text(text)
    engines = Engines(path)
    assert engines.known() == {}
    engines.remember(Address("a", 1, "1"))
    assert engines.known() == {"1": Address("a", 1, "1")}
    assert json.loads(path.read_text()) == [{"engine": "1", "host": "a", "port": 1, "verified": False}]
