"""Whom an address is counted with."""

import pytest

from tact_engine.core.addresses import network_of, plain_address


@pytest.mark.parametrize(
    ("host", "plain", "network"),
    [
        ("192.168.1.7", "192.168.1.7", "192.168.1.7"),
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("::ffff:192.168.1.7", "192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::9", "2001:db8:1:3::9", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::1", "fe80::/64"),
        ("::1", "::1", "::/64"),
    ],
)
def test_whom_an_address_is_counted_with(host, plain, network):
    assert plain_address(host) == plain
    assert network_of(host) == network
    assert network_of(plain) == network
