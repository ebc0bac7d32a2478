"""Whoever records everything on the wire reads that there is an engine, and what it is called; nothing else."""

import asyncio
import socket
import subprocess
import sys
from base64 import b64encode, urlsafe_b64encode
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from typing import NamedTuple

import pytest
from zeroconf._dns import DNSAddress, DNSPointer, DNSRecord, DNSService, DNSText
from zeroconf._protocol.incoming import DNSIncoming

from tact_engine.client import Address, Client, Invitation
from tests.end_to_end.engine.test_zeroconf import two_hosts
from tests.support.engine_process import HERE, EngineProcess
from tests.support.house import ROOT, clean_environment
from tests.support.watcher import watched

SECONDS_MAX = 30
CHANGE_CIPHER, HANDSHAKE, APPLICATION = 20, 22, 23
CLIENT_HELLO, SERVER_HELLO = 1, 2
TLS_1_3 = 0x0304
SERVER_NAME, ALPN, VERSIONS, EARLY_DATA = 0, 16, 43, 42
HANDLE, ALIAS, TEXT, STATUS = (
    "kanarienvogel",
    "Alias Kanarienvogel",
    "Text Kanarienvogel",
    "Status Kanarienvogel",
)
PASSWORD, COMPUTER, NAME = "Passwort Kanarienvogel", "Rechner Kanarienvogel", "Voliere"


class Wire:
    """A wire to `target` on which somebody writes down every byte: `up` is what the client says, `down` the engine."""

    def __init__(self, target: Address) -> None:
        self.target = target
        self.address = target
        self.up: list[bytes] = []
        self.down: list[bytes] = []

    @asynccontextmanager
    async def tapped(self) -> AsyncGenerator["Wire"]:
        """Listen at `address` meanwhile."""
        talks: set[asyncio.Task[None]] = set()

        async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, far = await asyncio.open_connection(self.target.host, self.target.port)
            number = len(self.up)
            self.up.append(b"")
            self.down.append(b"")
            talks.add(asyncio.create_task(_hand_on(reader, far, self.up, number)))
            talks.add(asyncio.create_task(_hand_on(there, writer, self.down, number)))

        server = await asyncio.start_server(met, HERE, 0)
        async with server:
            self.address = Address(HERE, server.sockets[0].getsockname()[1], self.target.engine)
            yield self
            await asyncio.wait(talks, timeout=SECONDS_MAX)


async def _hand_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, written: list[bytes], number: int
) -> None:
    while piece := await reader.read(65_536):
        written[number] += piece
        writer.write(piece)
    writer.close()


class Record(NamedTuple):
    """One TLS record."""

    kind: int
    version: int
    content: bytes


def records(stream: bytes) -> list[Record]:
    found: list[Record] = []
    while stream:
        size = int.from_bytes(stream[3:5])
        found.append(Record(stream[0], int.from_bytes(stream[1:3]), stream[5 : 5 + size]))
        assert len(found[-1].content) == size, "the stream ends within a record"
        stream = stream[5 + size :]
    return found


def extensions(hello: bytes) -> Iterator[tuple[int, bytes]]:
    """The extensions of a ClientHello or ServerHello, each with its content."""
    is_client = hello[0] == CLIENT_HELLO
    rest = hello[4 + 2 + 32 :]
    rest = rest[1 + rest[0] :]  # the session
    if is_client:
        rest = rest[2 + int.from_bytes(rest[:2]) :]
        rest = rest[1 + rest[0] :]
    else:
        rest = rest[3:]
    rest = rest[2:]
    while rest:
        size = int.from_bytes(rest[2:4])
        yield int.from_bytes(rest[:2]), rest[4 : 4 + size]
        rest = rest[4 + size :]


def secrets(token: bytes) -> list[bytes]:
    words = [HANDLE, ALIAS, TEXT, STATUS, PASSWORD, COMPUTER, NAME, "sign_in", "Upgrade"]
    encoded = [b64encode(token), urlsafe_b64encode(token).rstrip(b"="), token.hex().encode()]
    return [
        token,
        *encoded,
        *(word.encode() for word in words),
        *(b64encode(word.encode()) for word in words),
    ]


async def talk(engine: EngineProcess, wire: Wire) -> bytes:
    """Somebody joins by an invitation and says all there is to say; the token they came with."""
    claim = Invitation.parsed((engine.data / "host-invitation.tact").read_text())
    async with Client("anna", invitation=claim) as anna:
        made = (await anna.invite()).invitation
        led = Invitation(made.engine, made.name, HERE, wire.address.port, made.token)
        presence = {"Alias": ALIAS, "StatusText": STATUS}
        async with watched(Client(HANDLE, invitation=led, presence=presence, computer=COMPUTER)) as there:
            await there.client.set_password(PASSWORD)
            await there.client.submit("anna", TEXT)
            (receipt,) = await anna.submit(HANDLE, TEXT)
            await there.until_delivered(receipt.id)
            there.client.lose_link()
            there.client.find_link()
            await there.client.set_presence({})
    return made.token


async def test_of_a_link_only_the_first_words_can_be_read(tmp_path):
    engine = EngineProcess(tmp_path / "engine", "--name", NAME, as_in_an_office=True).start()
    try:
        async with Wire(engine.address).tapped() as wire:
            token = await talk(engine, wire)
        assert len(wire.up) == 2, "it came back once"
        for up, down in zip(wire.up, wire.down, strict=True):
            for stream, hello in ((up, CLIENT_HELLO), (down, SERVER_HELLO)):
                told = records(stream)
                kinds = [each.kind for each in told]
                first = kinds.index(APPLICATION)
                assert set(kinds[first:]) == {APPLICATION}, "whatever comes later is closed"
                assert set(kinds[:first]) <= {HANDSHAKE, CHANGE_CIPHER}
                assert [each.content[0] for each in told if each.kind == HANDSHAKE] == [hello]
                assert [each.content for each in told if each.kind == CHANGE_CIPHER] in ([], [b"\x01"])
                assert [each for each in secrets(token) if each in stream] == []
            assert sum(map(len, (up, down))) > 2_000, "much was said"
        assert (engine.stop(), engine.said) == (0, "")
    finally:
        engine.clean_up()


@pytest.mark.rule("J12")
async def test_the_first_words_say_nothing_about_anybody(tmp_path):
    engine = EngineProcess(tmp_path / "engine", "--name", NAME, as_in_an_office=True).start()
    try:
        async with Wire(engine.address).tapped() as wire:
            await talk(engine, wire)
        for up, down in zip(wire.up, wire.down, strict=True):
            asked, answered = (dict(extensions(records(stream)[0].content)) for stream in (up, down))
            assert asked[SERVER_NAME] == b"\x00\x07\x00\x00\x04tact"
            assert asked[VERSIONS] == b"\x02\x03\x04", "TLS 1.3 and nothing else is offered"
            assert int.from_bytes(answered[VERSIONS]) == TLS_1_3
            assert not {ALPN, EARLY_DATA} & {*asked, *answered}
        hellos = [records(up)[0].content for up in wire.up]
        lasting = [bytes([*hello[39 : 39 + hello[38]]]) for hello in hellos]
        assert len(set(lasting)) == len(lasting), "nothing in them is the same at the next time"
    finally:
        engine.clean_up()


# --- a whole network -------------------------------------------------------------------------------------------------

LISTENER = """
import asyncio, socket, struct, sys
from tact_engine.client import Client, Invitation

place, link, HANDLE, ALIAS, STATUS, TEXT, COMPUTER = sys.argv[1:]
tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
tap.setblocking(False)

async def main():
    loop, packets, advertised = asyncio.get_running_loop(), [], asyncio.Event()
    async def listen():
        while True:
            packets.append(await loop.sock_recv(tap, 65_536))
            port, flags = packets[-1][36:38], packets[-1][44:46]
            if port == (5353).to_bytes(2) and flags == b"\\x84\\x00":  # an answer, to which nobody asked
                advertised.set()
    listening = asyncio.create_task(listen())
    print("listening", flush=True)
    await advertised.wait()
    invitation = Invitation.parsed(link)
    async with Client(HANDLE, invitation=invitation, presence={"Alias": ALIAS, "StatusText": STATUS},
                      computer=COMPUTER) as tact:
        await tact.submit("anna", TEXT)
    print("written", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    tap.close()
    for each in packets:
        print(each.hex())

asyncio.run(main())
"""


def test_a_network_is_told_of_an_engine_and_nothing_else(tmp_path):
    with two_hosts() as (here, there):
        inside = ("ip", "netns", "exec", here)
        engine = EngineProcess(
            tmp_path / "e", "--name", NAME, host="10.77.0.1", beacon=True, prefix=inside, as_in_an_office=True
        )
        listener: subprocess.Popen[str] | None = None
        try:
            listener, token = overheard(engine, here, there, tmp_path)
            packets = [bytes.fromhex(line) for line in listener.communicate(timeout=SECONDS_MAX)[0].split()]
            assert listener.returncode == 0
        finally:
            if listener is not None and listener.poll() is None:
                listener.kill()
                listener.communicate()
            engine.clean_up()
    beacons = [payload for payload in map(multicast, packets) if payload]
    said = [
        each for packet in packets for each in secrets(token) if each in packet and multicast(packet) is None
    ]
    assert said == []
    assert [
        each for each in secrets(token) if each != NAME.encode() and any(each in b for b in beacons)
    ] == []
    told = [record for payload in beacons for record in DNSIncoming(payload).answers()]
    assert {type(each) for each in told} >= {DNSPointer, DNSService, DNSText, DNSAddress}
    for record in told:
        check_record(record, engine)


def overheard(engine: EngineProcess, here: str, there: str, folder) -> "tuple[subprocess.Popen[str], bytes]":
    """The listener on the other host, which has heard how the engine came, was joined, and left; and the token."""
    engine.start()
    claim = Invitation.parsed((engine.data / "host-invitation.tact").read_text())
    command = (sys.executable, "-m", "tact_engine")
    home = clean_environment(TACT_DATA=str(folder / "anna"))
    for words in (("join", "--as", "anna", claim.link()), ("invite", "--as", "anna")):
        done = subprocess.run(
            ["ip", "netns", "exec", here, *command, *words],
            env=home,
            capture_output=True,
            text=True,
            check=True,
        )
    link = done.stdout.strip()
    engine.stop()
    words = ("10.77.0.1", link, HANDLE, ALIAS, STATUS, TEXT, COMPUTER)
    listener = subprocess.Popen(
        ["ip", "netns", "exec", there, sys.executable, "-c", LISTENER, *words],
        cwd=ROOT,
        env=clean_environment(TACT_DATA=str(folder / "there")),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert listener.stdout is not None
    assert listener.stdout.readline() == "listening\n"
    engine.start()
    assert listener.stdout.readline() == "written\n", "it has heard the engine, and signed in"
    engine.stop()
    return listener, Invitation.parsed(link).token


def multicast(packet: bytes) -> bytes | None:
    """The payload of a packet of multicast DNS; None where it is another one."""
    kind, start = int.from_bytes(packet[12:14]), 14
    if kind != 0x0800 or packet[23] != socket.IPPROTO_UDP:
        return None
    start += (packet[14] & 15) * 4
    ports = int.from_bytes(packet[start : start + 2]), int.from_bytes(packet[start + 2 : start + 4])
    return packet[start + 8 :] if 5353 in ports else None


def check_record(record: DNSRecord, engine: EngineProcess) -> None:
    """A record says what PROTOCOL.md says it does, and no word more."""
    service, host = (
        f"{NAME}._tact._tcp.local.",
        f"{socket.gethostname().split('.')[0]}-{engine.engine[:6]}.local.",
    )
    if isinstance(record, DNSPointer):
        assert (record.name, record.alias) == ("_tact._tcp.local.", service)
    elif isinstance(record, DNSText):
        keys = dict(each.split(b"=", 1) for each in texts(record.text))
        assert (record.name, keys) == (service, {b"v": b"3", b"id": engine.engine.encode()})
    elif isinstance(record, DNSService):
        assert (record.name, record.server, record.port) == (service, host, engine.port)
    elif isinstance(record, DNSAddress):
        assert (record.name, record.address) == (host, socket.inet_aton("10.77.0.1"))
    else:
        assert record.name in (service, host), f"{record} is of no use"


def texts(data: bytes) -> Iterator[bytes]:
    while data:
        yield data[1 : 1 + data[0]]
        data = data[1 + data[0] :]


def test_what_is_recorded_would_be_found():
    """The search finds what it looks for, where it is there."""
    token = b"t" * 16
    assert {each for each in secrets(token) if each in b"x" + token + NAME.encode()} == {token, NAME.encode()}
    with pytest.raises(AssertionError, match="within a record"):
        records(b"\x16\x03\x03\x00\x05abc")
