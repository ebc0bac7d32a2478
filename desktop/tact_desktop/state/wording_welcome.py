"""The sentences of the first run."""

from collections.abc import Sequence

WRITE_NAME = "Write your name, so that your colleagues know who you are."
NAME_WITHOUT_HANDLE = (
    "Use at least two letters from a to z or digits in your name; a short name is made from them."
)
CHOOSE_ENGINE = "Choose your office's engine, start one on this computer, or enter an address."
BAD_ADDRESS = "This is not an address. Write a host, or host:port."
SEARCHING = "Looking for engines in this network…"
NO_NETWORK = "This computer is not connected to a network. Connect it, or start an engine on this computer."
NO_ANSWER = (
    "No engine answered. Often a guest Wi-Fi or a firewall keeps computers apart. "
    "Ask a colleague for the address shown in their Help ▸ Connection."
)


def key_form(engine: str) -> str:
    """The first digits of an engine's key as people compare them: 7F-3A-91."""
    return "-".join(engine[place : place + 2] for place in (0, 2, 4)).upper()


def engine_note(engine: str) -> str:
    """What is said of a found engine besides its name."""
    return f"key {key_form(engine)}"


def answered(name: str, engine: str, host: str, port: int) -> str:
    """An address was checked and an engine answered."""
    return f"“{name}” answers at {host}:{port}, key {key_form(engine)}."


DETAILS = "How engines are found"


def details(ours: Sequence[str], found: Sequence[str]) -> str:
    """What somebody who looks after the network wants to know."""
    here = ", ".join(ours) or "none"
    there = "\n".join(found) or "none so far"
    return (
        "Engines are found by multicast DNS: UDP port 5353, service _tact._tcp. "
        "They are reached by TCP, usually on port 8228.\n\n"
        f"Addresses of this computer: {here}\n\nEngines that answered: {there}"
    )
