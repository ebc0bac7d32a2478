"""The addresses under which others reach an engine, as far as this computer can tell."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address

import ifaddr


def place_of(host: str, port: int) -> str:
    """Where an engine that listens on `host` is believed to be reached, as host:port: the LAN's address first."""
    known = [host] if not is_everywhere(host) else list(addresses_of(host))
    best = min(known, key=lambda each: not _is_private(each), default="127.0.0.1")
    return f"[{best}]:{port}" if ":" in best else f"{best}:{port}"


def addresses_of(host: str) -> Iterator[str]:
    """The addresses under which others reach an engine that listens on `host`."""
    if not is_everywhere(host):
        yield socket.gethostbyname(host)
        return
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            if ip.is_IPv4 and isinstance(ip.ip, str) and not ip_address(ip.ip).is_loopback:
                yield ip.ip


def is_everywhere(host: str) -> bool:
    """Whether `host` stands for all addresses of this computer."""
    return host in ("", "0.0.0.0", "::")


def _is_private(host: str) -> bool:
    """Whether an address is one of a local network, and not one that a computer gave itself."""
    try:
        address = ip_address(host)
    except ValueError:
        return True  # a name that somebody chose
    return address.is_private and not address.is_link_local
