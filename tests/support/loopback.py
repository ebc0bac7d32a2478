"""Keeps a test from reaching any other computer."""

import ipaddress
import sys

# Where zeroconf speaks; a test binds it to the loopback interface.
BEACON_GROUPS = ("224.0.0.251", "ff02::fb")
WATCHED = ("socket.connect", "socket.sendto", "socket.getaddrinfo")


def stay_on_this_computer():
    """From now on, in this process, a connection or look-up that leaves this computer is an error."""
    sys.addaudithook(_check)


def _check(event: str, arguments: tuple):
    if event not in WATCHED:
        return
    address = arguments[0] if event == "socket.getaddrinfo" else arguments[-1]
    host = address[0] if isinstance(address, tuple) else address
    if event != "socket.getaddrinfo" and not isinstance(address, tuple):
        return  # a socket of the file system
    if not is_here(host):
        raise PermissionError(f"a test tried to reach {host}")


def is_here(host: str | bytes | None) -> bool:
    """Whether `host` is this computer, or the group that zeroconf speaks to."""
    name = host.decode() if isinstance(host, bytes) else host
    if not name or name == "localhost" or name in BEACON_GROUPS:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
