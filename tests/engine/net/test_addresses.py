"""Where an engine says that it is: what others on the network can reach, as far as it knows."""

from types import SimpleNamespace

import pytest

from tact_engine.net.addresses import addresses_of, place_of


def adapter(*ips: str) -> SimpleNamespace:
    """One as the library shows it; an address of IPv6 is a triple there."""
    return SimpleNamespace(
        ips=[SimpleNamespace(ip=(ip, 0, 0) if ":" in ip else ip, is_IPv4=":" not in ip) for ip in ips]
    )


@pytest.mark.parametrize("everywhere", ["", "0.0.0.0", "::"])
@pytest.mark.parametrize(
    ("here", "place"),
    [
        (("127.0.0.1", "::1", "8.8.8.8", "10.1.2.3"), "10.1.2.3:8228"),
        (("169.254.7.7", "192.168.1.9"), "192.168.1.9:8228"),
        (("169.254.7.7", "8.8.8.8"), "169.254.7.7:8228"),
        (("127.0.0.1", "::1"), "127.0.0.1:8228"),
    ],
)
def test_everywhere_is_the_address_of_the_local_network(monkeypatch, everywhere, here, place):
    monkeypatch.setattr("ifaddr.get_adapters", lambda: [adapter(ip) for ip in here])
    assert place_of(everywhere, 8228) == place


@pytest.mark.parametrize(
    ("host", "place"),
    [("127.0.0.7", "127.0.0.7:1"), ("anna", "anna:1"), ("::1", "[::1]:1"), ("8.8.8.8", "8.8.8.8:1")],
)
def test_a_host_that_was_chosen_is_the_place(host, place):
    assert place_of(host, 1) == place


def test_others_are_told_every_address_but_those_of_this_computer_alone(monkeypatch):
    monkeypatch.setattr(
        "ifaddr.get_adapters",
        lambda: [adapter("127.0.0.1", "fe80::1", "10.1.2.3"), adapter("172.16.0.1")],
    )
    assert list(addresses_of("")) == ["10.1.2.3", "172.16.0.1"]
    assert list(addresses_of("127.0.0.7")) == ["127.0.0.7"]
