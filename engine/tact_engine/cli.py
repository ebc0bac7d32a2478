"""The command line of the engine: `tact-engine serve` and its tools."""

import asyncio
import faulthandler
import gc
import json
import os
import re
import sys
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click
from msgspec import structs

from tact_engine import faults, logs
from tact_engine.accounts.invitation import Invitation
from tact_engine.clock import DrivenClock
from tact_engine.core.addresses import DEFAULT_PORT
from tact_engine.core.errors import TactError
from tact_engine.core.view import Limits
from tact_engine.service import HOST_INVITATION, Running, Steering, serve
from tact_engine.settings import Settings, default_name, engine_folder
from tact_engine.wire.frames import PROTOCOL_VERSION

LIMIT = re.compile("[0-9]{1,15}")
ADVANCE = re.compile(rb"advance ([0-9]{1,9}(?:\.[0-9]{1,3})?)")
JUMP = re.compile(rb"jump (-?[0-9]{1,9}(?:\.[0-9]{1,3})?)")
PRIVATE = 0o077
"""Whatever is made is for this user alone, also the folders on the way to it."""
COLLECT_EVERY = 20_000
"""So many new objects are looked through at once for what nothing refers to; nearly nothing here ever needs that."""
STDIN_THREAD = "standard input"
OF_A_CLIENT = ("admit", "invite", "join", "members", "people", "remove", "send", "watch")
"""The commands that stand in `client_cli` and `members_cli`."""


class _Commands(click.Group):
    """All commands. Those of a client are read only where they are asked for: `serve` starts faster without them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return sorted((*super().list_commands(ctx), *OF_A_CLIENT))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command that is called so."""
        if cmd_name not in OF_A_CLIENT:
            return super().get_command(ctx, cmd_name)
        from tact_engine import client_cli, members_cli  # noqa: PLC0415 - see above

        return {**client_cli.COMMANDS, **members_cli.COMMANDS}[cmd_name]

    def invoke(self, ctx: click.Context) -> Any:
        """Run what was asked for; what is refused is one sentence and exit code 2."""
        try:
            return super().invoke(ctx)
        except TactError as error:
            _fail(str(error))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tact", message=f"%(prog)s %(version)s, protocol {PROTOCOL_VERSION}")
def main() -> None:
    """The engine of Tact: keeps messages until their condition is true, then hands them over.

    All but claim, find and serve are for scripts: they talk to an engine as somebody.
    """
    os.umask(PRIVATE)


@main.command("serve")
@click.option(
    "--data", type=click.Path(path_type=Path), default=None, help="Where the engine keeps its data."
)
@click.option(
    "--name", default=None, help="What the engine is called on the LAN; the computer's name if left out."
)
@click.option("--host", default="", help="The address to listen on; all of this computer's if left out.")
@click.option(
    "--port",
    default=DEFAULT_PORT,
    type=click.IntRange(0, 65535),
    show_default=True,
    help="The port to listen on; 0 takes any free one.",
)
@click.option(
    "--beacon/--no-beacon", default=True, show_default=True, help="Whether to be found by zeroconf."
)
@click.option(
    "--open",
    "is_open",
    is_flag=True,
    help="Let anybody in under a free name, without an invitation. For demonstrations and trusted networks only.",
)
@click.option(
    "--claim",
    is_flag=True,
    help="Make another host possible: whoever can read the data folder, by the invitation left there.",
)
@click.option(
    "--log-level", default="INFO", type=click.Choice(["DEBUG", "INFO", "WARNING"]), show_default=True
)
@click.option(
    "--limit", "limits", multiple=True, metavar="NAME=NUMBER", help="Change a limit, such as grace_ms=1000."
)
@click.option(
    "--with-stdin", is_flag=True, help="Stop when standard input ends: never outlive who started it."
)
@click.option(
    "--driven-clock",
    is_flag=True,
    help="For demonstrations and tests: a line “advance SECONDS” on standard input lets that time pass at once, and"
    " “jump SECONDS” sets the wall clock alone, back where it is negative. The engine stops when standard input ends.",
)
@click.option(
    "--fault", default=None, hidden=True, help="For tests: end at once at NAME:TIME (see faults.py)."
)
def serve_command(
    data: Path | None,
    name: str | None,
    host: str,
    port: int,
    beacon: bool,
    is_open: bool,
    claim: bool,
    log_level: str,
    limits: tuple[str, ...],
    with_stdin: bool,
    driven_clock: bool,
    fault: str | None,
) -> None:
    """Run the engine until it is stopped. The first line on standard output says where it listens, as JSON."""
    settings = Settings(
        data or engine_folder(),
        name or default_name(),
        host,
        port,
        beacon,
        limits=_limits_of(limits),
        is_open=is_open,
        claim=claim,
    )
    try:
        logs.begin(settings.data / "logs", log_level)
        faulthandler.enable()
        if fault is not None:
            faults.arm(faults.killer(fault))
        clock = DrivenClock() if driven_clock else None
        follow = partial(_follow_stdin, clock) if with_stdin or clock else None
        asyncio.run(serve(settings, _say_ready, clock, follow))
    except OSError as error:
        _fail(
            f"The data folder {settings.data} cannot be used: {error.strerror or error}. Choose another with --data."
        )


@main.command("claim")
@click.option(
    "--data", type=click.Path(path_type=Path), default=None, help="Where the engine keeps its data."
)
def claim_command(data: Path | None) -> None:
    """Print the invitation that makes the first who uses it the host of this computer's engine. Keep it secret."""
    path = (data or engine_folder()) / HOST_INVITATION
    try:
        click.echo(Invitation.parsed(path.read_text("utf-8")).link())
    except FileNotFoundError:
        _fail(
            f"No host is sought: there is no {path}. Start the engine first; if it has a host already, restart it"
            " with --claim to make another possible."
        )
    except OSError as error:
        _fail(f"{path} cannot be read: {error.strerror}. Ask as the user whom the engine runs as.")


@main.command("find")
@click.option("--seconds", default=2.0, show_default=True, help="How long to look.")
@click.option("--host", default="", help="The interface's address to look on; all if left out.")
def find_command(seconds: float, host: str) -> None:
    """List the engines found on the LAN, one a line."""
    from tact_engine.client.discovery import find  # noqa: PLC0415 - `serve` starts faster without it

    engines = asyncio.run(find(seconds, host))
    for each in engines:
        click.echo(f"{each.name}\t{each.addresses[0]}:{each.port}\t{each.engine}")
    if not engines:
        _fail("No engine answered. Ask for its address, and check that the network lets multicast through.")


def _follow_stdin(clock: DrivenClock | None, engine: Steering) -> None:
    """Stop the engine once whoever started it lets go of its standard input; until then move `clock` as told."""

    def follow() -> None:
        heard = b""
        while piece := os.read(sys.stdin.fileno(), 4096):  # a buffered read would be in the way of an exit
            *lines, heard = (heard + piece).split(b"\n")
            for line in lines:
                _move(clock, line, engine)
        with suppress(RuntimeError):  # it has stopped already
            engine.stop()

    threading.Thread(target=follow, name=STDIN_THREAD, daemon=True).start()


def _move(clock: DrivenClock | None, line: bytes, engine: Steering) -> None:
    """Do what one line of standard input asks for; anything that is not understood is passed over."""
    passes, jumps = ADVANCE.fullmatch(line.strip()), JUMP.fullmatch(line.strip())
    if clock is None or not (passes or jumps):
        return
    if passes:
        clock.advance(float(passes[1]))
    if jumps:
        clock.jump(float(jumps[1]))
    with suppress(RuntimeError):  # it has stopped already
        engine.wake()


def _limits_of(texts: tuple[str, ...]) -> Limits:
    """The limits with the changes asked for; a sentence and exit where one is not understood."""
    limits = Limits()
    for text in texts:
        name, _, number = text.partition("=")
        if name not in Limits.__struct_fields__ or not LIMIT.fullmatch(number):
            _fail(
                f"“{text}” is no limit. Write NAME=NUMBER with one of: {', '.join(Limits.__struct_fields__)}."
            )
        limits = structs.replace(limits, **{name: int(number)})
    return limits


def _say_ready(running: Running) -> None:
    gc.set_threshold(COLLECT_EVERY, 20, 50)
    gc.freeze()  # what is there now stays: to look through it again and again would stop everybody for some 8 ms
    click.echo(json.dumps(structs.asdict(running)))
    sys.stdout.flush()


def _fail(sentence: str) -> NoReturn:
    click.echo(f"tact-engine: {sentence}", err=True)
    raise SystemExit(2)
