"""Two computers joined by one cable, made of network namespaces: a network that a test may break as it likes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from enum import StrEnum
from uuid import uuid4

BURST_BYTES = 1_600  # one packet of full size has to fit
NOBODYS_PLACE = "02:00:00:00:00:99"  # what is sent there is thrown away by whoever hears it


class NoNetworks(Exception):
    """Networks cannot be made here; the text says why."""


class End(StrEnum):
    """The two ends of the cable."""

    ENGINE = "engine"
    PEOPLE = "people"

    @property
    def other(self) -> "End":
        """The other end."""
        return End.PEOPLE if self is End.ENGINE else End.ENGINE


ADDRESSES = {End.ENGINE: "10.77.0.1", End.PEOPLE: "10.77.0.2"}


class Cable:
    """Two hosts with one cable between them, and no way to anywhere else."""

    def __init__(self, mark: str) -> None:
        self._hosts = {end: f"tact-{end[0]}-{mark}" for end in End}
        self._plugs = {end: f"t{end[0]}{mark}"[:15] for end in End}

    def inside(self, end: End) -> tuple[str, ...]:
        """What a command begins with that is to run on the host at `end`."""
        return ("ip", "netns", "exec", self._hosts[end])

    def pull(self, end: End) -> None:
        """Take the cable out at `end`."""
        self._ip(end, "link", "set", self._plugs[end], "down")

    def plug(self, end: End) -> None:
        """Put it in again."""
        self._ip(end, "link", "set", self._plugs[end], "up")

    def deafen(self, end: End) -> None:
        """Let nothing arrive at `end`, while what it sends goes through."""
        place = ("neigh", "replace", ADDRESSES[end], "lladdr", NOBODYS_PLACE)
        self._ip(end.other, *place, "dev", self._plugs[end.other], "nud", "permanent")

    def undeafen(self, end: End) -> None:
        """Let it hear again."""
        self._ip(end.other, "neigh", "del", ADDRESSES[end], "dev", self._plugs[end.other])

    def narrow(self, kilobits: int, queue_bytes: int) -> None:
        """Let so much through in a second, in both directions; NoNetworks where this computer's kernel cannot."""
        for end in End:
            shape = ("tbf", "rate", f"{kilobits}kbit", "burst", str(BURST_BYTES), "limit", str(queue_bytes))
            where = ("-n", self._hosts[end], "qdisc", "add", "dev", self._plugs[end], "root")
            _run("tc", *where, *shape)

    def widen(self) -> None:
        """Let everything through again; what was still on its way is lost."""
        for end in End:
            _run("tc", "-n", self._hosts[end], "qdisc", "del", "dev", self._plugs[end], "root")

    def make(self) -> None:
        """Make the hosts and join them."""
        first, second = (self._plugs[end] for end in End)
        for end in End:
            _run("ip", "netns", "add", self._hosts[end])
        # Made in one of the hosts, so that no interface of this computer itself ever comes or goes.
        self._ip(End.ENGINE, "link", "add", first, "type", "veth", "peer", "name", second)
        self._ip(End.ENGINE, "link", "set", second, "netns", self._hosts[End.PEOPLE])
        for end in End:
            self._ip(end, "addr", "add", f"{ADDRESSES[end]}/24", "dev", self._plugs[end])
            self._ip(end, "link", "set", "lo", "up")
            self._ip(end, "link", "set", self._plugs[end], "up")

    def remove(self) -> None:
        """Take the hosts away, and the cable with them."""
        there = {each.get("name") for each in json.loads(_run("ip", "-j", "netns", "list") or "[]")}
        for host in self._hosts.values():
            if host in there:
                _run("ip", "netns", "delete", host)

    def _ip(self, end: End, *words: str) -> None:
        _run("ip", "-n", self._hosts[end], *words)


@contextmanager
def cable() -> Generator[Cable]:
    """A cable that is gone afterwards; NoNetworks where this computer has none."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        raise NoNetworks("network namespaces need Linux and root")
    if not shutil.which("ip") or not shutil.which("tc"):
        raise NoNetworks("network namespaces need the commands ip and tc")
    joined = Cable(f"{os.getpid()}{uuid4().hex[:4]}")
    try:
        joined.make()
        yield joined
    finally:
        joined.remove()


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise NoNetworks(f"“{' '.join(words)}” says: {done.stderr.strip()}")
    return done.stdout
