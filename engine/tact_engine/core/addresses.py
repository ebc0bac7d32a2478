"""Where engines listen unless told otherwise, and with whom the IP address of a client is counted."""

from ipaddress import IPv6Address, ip_address

DEFAULT_PORT = 8228


def plain_address(host: str) -> str:
    """`host`, an IP address as a socket tells it, without an IPv6 coat around IPv4 and without the interface."""
    address = ip_address(host.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def network_of(address: str) -> str:
    """Whom `address` is counted with: of IPv6 its first 64 bits, since one computer has all of the others."""
    plain = ip_address(plain_address(address))
    return f"{IPv6Address(int(plain) >> 64 << 64)}/64" if isinstance(plain, IPv6Address) else str(plain)
