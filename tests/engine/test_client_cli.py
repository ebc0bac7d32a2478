"""The commands for scripts, against a real engine: what they print, and how they end."""

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count

import pytest
from click.testing import CliRunner

from tact_engine import cli
from tact_engine.client import (
    Audience,
    Client,
    Delivered,
    Delivery,
    Disconnected,
    Privacy,
    Rule,
    State,
)
from tact_engine.client_cli import as_json, check_lasting
from tact_engine.core.errors import RemoteError
from tests.support.engine_process import EngineProcess, engine_running
from tests.support.house import ROOT, clean_environment
from tests.support.watcher import watched

SECONDS_MAX = 30
BUSY = {"UserAvailability": "NOT_AVAILABLE"}
NUMBERS = count(1)


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """An engine for all tests of this module, whose clock can be driven."""
    with engine_running(tmp_path_factory.mktemp("engine"), "--driven-clock") as running:
        yield running


@pytest.fixture
def name():
    """Makes a handle of a word that no test used before."""
    return lambda word: f"{word}-{next(NUMBERS)}"


async def run(engine: EngineProcess, command: str, *arguments: str, said: bytes | None = None):
    """What the command line does, while this test's own clients go on."""
    words = [command, *arguments, "--host", f"{engine.host}:{engine.port}"]
    async with asyncio.timeout(SECONDS_MAX):
        return await asyncio.to_thread(CliRunner().invoke, cli.main, words, said)


@asynccontextmanager
async def started(engine: EngineProcess, *arguments: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    """The command line in a process of its own, which says each line when it knows it."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", "tact_engine", *arguments),
        *("--host", f"{engine.host}:{engine.port}"),
        cwd=ROOT,
        env=clean_environment(),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def rows(output: str) -> list[list[str]]:
    return [line.split("\t") for line in output.splitlines()]


# --- send


@pytest.mark.rule("U1", "U3")
async def test_sending_says_how_it_stands_and_the_message_waits(engine, name):
    bot, mary = name("bot"), name("mary")
    async with watched(Client(mary, engine.address, presence=BUSY)) as here:
        done = await run(engine, "send", "--as", bot, "--to", mary, "--when", "available", "Hällo")
        ((to, state, id),) = rows(done.stdout)
        assert (done.exit_code, to, state) == (0, mary, "held")
        await here.client.set_presence({"UserAvailability": "AVAILABLE"})
        delivery = await here.until_delivered(id)
        assert (delivery.body.decode(), delivery.sender) == ("Hällo", bot)


async def test_a_text_can_come_from_standard_input(engine, name):
    bot, mary = name("bot"), name("mary")
    async with watched(Client(mary, engine.address)) as here:
        said = b"two\nlines\r\n"
        done = await run(engine, "send", "--as", bot, "--to", mary, "-", said=said)
        assert (await here.until_delivered(rows(done.stdout)[0][2])).body == b"two\nlines"


@pytest.mark.rule("N1")
async def test_waiting_ends_when_everybody_got_it(engine, name):
    bot, mary, john = name("bot"), name("mary"), name("john")
    async with Client(john, engine.address):
        pass
    async with watched(Client(mary, engine.address)) as here:
        command = ("send", "--as", bot, "--to", mary, "--to", john, "--wait", "hello")
        sending = asyncio.create_task(run(engine, *command))
        await here.until(Delivered)
        async with watched(Client(john, engine.address)) as there:
            await there.until(Delivered)
            done = await sending
    assert done.exit_code == 0
    states = {to: [state for each, state, _ in rows(done.stdout) if each == to] for to in (mary, john)}
    assert {to: told[-1] for to, told in states.items()} == {mary: "delivered", john: "delivered"}
    assert states[john][0] == "held"


@pytest.mark.rule("M10", "V4")
async def test_waiting_ends_when_its_time_is_over(engine, name):
    bot, mary = name("bot"), name("mary")
    async with Client(mary, engine.address, presence={"UserMood": "ANGRY"}):
        command = (
            "send",
            "--as",
            bot,
            "--to",
            mary,
            "--when",
            "not angry",
            "--valid-for",
            "2h",
            "--wait",
            "hello",
        )
        async with started(engine, *command) as process, asyncio.timeout(SECONDS_MAX):
            assert process.stdout is not None
            assert (await process.stdout.readline()).decode().split("\t")[:2] == [mary, "held"]
            engine.advance(7_200)
            assert (await process.stdout.readline()).decode().split("\t")[:2] == [mary, "expired"]
            assert await process.wait() == 1


async def test_waiting_needs_no_wait_where_it_has_ended(engine, name):
    bot, mary = name("bot"), name("mary")
    async with watched(Client(mary, engine.address)) as here:
        done = await run(engine, "send", "--as", bot, "--to", mary, "--wait", "hello")
        assert done.exit_code == 0
        assert rows(done.stdout)[-1][1] in ("delivered", "read")
        assert here.bodies() == ["hello"]


@pytest.mark.rule("M12")
async def test_what_becomes_of_it_afterwards_is_passed_on(engine, name):
    bot, mary = name("bot"), name("mary")
    async with Client(mary, engine.address):
        pass
    done = await run(
        engine, "send", "--as", bot, "--to", mary, "--valid-for", "60", "--otherwise", "deliver", "hello"
    )
    async with watched(Client(bot, engine.address)) as there:
        engine.advance(60)
        receipt = await there.until_told(rows(done.stdout)[0][2], State.HELD)
        assert (receipt.second, receipt.revision) == (True, 2)


@pytest.mark.rule("M14")
async def test_what_comes_meanwhile_is_left_for_who_reads_it(engine, name):
    bot, mary = name("bot"), name("mary")
    async with watched(Client(mary, engine.address)) as here:
        await run(engine, "send", "--as", bot, "--to", mary, "first")
        await here.until(Delivered)
        (receipt,) = await here.client.submit(bot, "an answer")
        done = await run(engine, "send", "--as", bot, "--to", mary, "--wait", "second")
        assert done.exit_code == 0
        await run(engine, "people", "--as", bot)
        async with watched(Client(bot, engine.address)) as there:
            await there.until_delivered(receipt.id)
            told = {id: state for event in there.events for id, state in news_in(event)}
        first, second = (each.id for each in here.deliveries())
        assert told == {first: State.DELIVERED, second: State.DELIVERED}


def news_in(event) -> list[tuple[str, State]]:
    return [(each.id, each.state) for each in getattr(event, "receipts", ())]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--to", "nobody-at-all", "hello"), "Nobody here is called “nobody-at-all”."),
        (("--to", "mary", ""), "There is nothing to send."),
        (("--to", "mary", "--when", "soon", "hello"), "There is no condition called “soon”."),
        (("--to", "mary", "--valid-for", "59", "hello"), "A message can wait between 1 minute and 30 days"),
        (
            ("--to", "mary", "--valid-for", "2 weeks", "hello"),
            "“2 weeks” is no length of time. Write a number",
        ),
        (("--to", "mary", "\udcff"), "This is no text in UTF-8."),
    ],
)
async def test_what_is_refused_is_a_sentence_and_exit_code_2(engine, name, arguments, sentence):
    done = await run(engine, "send", "--as", name("bot"), *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"tact-engine: {sentence}")


async def test_standard_input_that_is_no_text_is_a_sentence(engine, name):
    done = await run(engine, "send", "--as", name("bot"), "--to", "mary", "-", said=b"\xff")
    assert (done.exit_code, done.stderr[:37]) == (2, "tact-engine: This is no text in UTF-8")


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("30m", 1_800), ("2h", 7_200), ("7d", 604_800)]
)
async def test_a_length_of_time_can_be_written_in_several_ways(engine, name, text, seconds):
    bot, mary = name("bot"), name("mary")
    async with Client(mary, engine.address):
        pass
    done = await run(engine, "send", "--as", bot, "--to", mary, "--valid-for", text, "hello")
    async with Client(bot, engine.address) as tact:
        (receipt,) = await tact.withdraw(rows(done.stdout)[0][2])
    assert receipt.expires_at - receipt.accepted_at == seconds * 1_000


@pytest.mark.parametrize("handle", ["../tom", "Tom", "t", "", "x" * 33])
async def test_a_name_that_is_none_is_refused_before_anything_is_kept_for_it(engine, profile, handle):
    done = await run(engine, "people", "--as", handle)
    assert done.exit_code == 2
    assert f"“{handle}” cannot be a handle" in done.stderr
    assert not profile.exists()


async def test_no_engine_is_a_sentence(name, tmp_path):
    done = await asyncio.to_thread(
        CliRunner().invoke, cli.main, ["people", "--as", name("bot"), "--host", "127.0.0.1:1"]
    )
    assert (done.exit_code, done.stderr) == (2, "tact-engine: No engine is running at 127.0.0.1:1.\n")


# --- people


@pytest.mark.rule("S4", "P18")
async def test_people_are_listed_as_far_as_one_may_see(engine, name):
    bot, mary, john, anna = (name(word) for word in ("bot", "mary", "john", "anna"))
    shy = {"UserMood": Rule(Audience.NOBODY), "OnlineStatus": Rule(Audience.NOBODY)}
    async with (
        Client(mary, engine.address, presence=BUSY | {"StatusText": "writing", "UserMood": "SAD"}) as tact,
        Client(anna, engine.address),
    ):
        async with Client(john, engine.address):
            pass
        await tact.set_privacy(Privacy(shy))
        done = await run(engine, "people", "--as", bot)
    told = {row[0]: row[1:] for row in rows(done.stdout)}
    assert done.exit_code == 0
    assert list(told) == sorted(told)
    assert told[mary] == ["hidden", "UserAvailability=NOT_AVAILABLE, StatusText=writing"]
    assert (told[anna], told[john]) == (["online", ""], ["offline", ""])
    assert bot not in told


# --- watch


async def until_event(lines: asyncio.StreamReader, event: str) -> dict:
    async with asyncio.timeout(SECONDS_MAX):
        while (told := json.loads(await lines.readline()))["event"] != event:
            pass
        return told


@pytest.mark.rule("M13")
async def test_what_happens_is_printed_at_once_and_acknowledged(engine, name):
    bot, mary = name("bot"), name("mary")
    async with (
        watched(Client(mary, engine.address)) as there,
        started(engine, "watch", "--as", bot) as process,
    ):
        lines = process.stdout
        assert lines is not None
        assert (await until_event(lines, "connected"))["handle"] == bot
        await there.until_seen(bot, lambda presence: presence.online)
        (receipt,) = await there.client.submit(bot, "Grüße")
        told = await until_event(lines, "delivered")
        (delivery,) = told["deliveries"]
        assert (delivery["id"], delivery["text"], delivery["sender"]) == (receipt.id, "Grüße", mary)
        assert "body" not in delivery
        await there.until_told(receipt.id, State.DELIVERED)


async def test_watching_stops_by_itself(engine, name):
    bot = name("bot")
    done = await run(engine, "watch", "--as", bot, "--seconds", "0.3")
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert (done.exit_code, events[:3]) == (0, ["connected", "privacy_changed", "people_changed"])


def delivery(content_type: str, enc: str = "") -> Delivery:
    return Delivery("m", "tom", "c", ("tom", "mary"), b"\xc3\xa4\xff", content_type, 1, 2, 3, enc=enc)


@pytest.mark.parametrize(
    ("content_type", "enc", "shown"),
    [
        ("text/plain; charset=utf-8", "", {"text": "ä\ufffd"}),
        ("text/plain; charset=utf-8", "x", {"body": "w6T/"}),
        ("image/png", "", {"body": "w6T/"}),
    ],
)
def test_only_a_plain_text_is_shown_as_one(content_type, enc, shown):
    told = json.loads(as_json(Delivered(7, (delivery(content_type, enc),), more=True)))
    assert (told["event"], told["batch"], told["more"]) == ("delivered", 7, True)
    assert {key: value for key, value in told["deliveries"][0].items() if key in ("text", "body")} == shown


def test_who_can_never_come_back_is_told_so():
    check_lasting(Disconnected("The link was lost.", 1.0))
    with pytest.raises(RemoteError, match="Another engine"):
        check_lasting(Disconnected("Another engine answered.", None))
