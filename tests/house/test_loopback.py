"""Tests cannot reach other computers."""

import socket

import pytest


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org"])
def test_no_other_computer_can_be_reached(host):
    with pytest.raises(PermissionError):
        socket.create_connection((host, 80), timeout=0.1)


def test_this_computer_can_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()
