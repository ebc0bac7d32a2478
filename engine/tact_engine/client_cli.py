"""The command line of a client, for scripts: `tact-engine send`, `people` and `watch`."""

import asyncio
import json
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from types import MappingProxyType

import click
import msgspec

from tact_engine.client import (
    Client,
    Delivered,
    Disconnected,
    Event,
    LocalError,
    Otherwise,
    Presence,
    Receipt,
    Receipts,
    RemoteError,
    State,
)
from tact_engine.core.conditions import PRESETS
from tact_engine.core.envelope import ENDED, TEXT_PLAIN
from tact_engine.core.errors import refusal
from tact_engine.core.members import HANDLE
from tact_engine.core.presence import ONLINE_STATUS, seen

SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 24 * 3600}
LENGTH = re.compile(r"([0-9]{1,9})([smhd]?)")
ARRIVED = frozenset({State.DELIVERED, State.READ})
MISSED = 1
"""The exit code of `send --wait` where somebody did not get the message."""


def _handle(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not HANDLE.fullmatch(value):  # it also names a folder of this computer
        raise refusal("bad_handle", handle=value[:40])
    return value


def _seconds(ctx: click.Context, param: click.Parameter, value: str) -> int:
    found = LENGTH.fullmatch(value)
    if not found:
        raise LocalError(f"“{value}” is no length of time. Write a number and s, m, h or d, such as 2h.")
    return int(found[1]) * SECONDS[found[2]]


as_somebody = click.option(
    "--as",
    "handle",
    required=True,
    callback=_handle,
    metavar="HANDLE",
    help="Whom to speak for. It belongs to this computer once it has joined, by `tact-engine join`.",
)
at_host = click.option(
    "--host",
    default=None,
    metavar="HOST[:PORT]",
    help="The engine; the last one used, else one found, if left out.",
)


@click.command("send")
@as_somebody
@click.option("--to", multiple=True, required=True, metavar="HANDLE", help="A recipient; may be said again.")
@click.option("--when", default="online", show_default=True, help=f"When it may go: {', '.join(PRESETS)}.")
@click.option(
    "--valid-for",
    default="7d",
    show_default=True,
    callback=_seconds,
    metavar="TIME",
    help="How long it may wait, such as 90s, 30m, 2h or 7d.",
)
@click.option(
    "--otherwise",
    type=click.Choice([each.value for each in Otherwise]),
    default=Otherwise.EXPIRE.value,
    show_default=True,
    help="What becomes of it when that time is over.",
)
@click.option(
    "--wait", is_flag=True, help=f"Wait until it has ended; exit code {MISSED} unless everybody got it."
)
@at_host
@click.argument("text")
def send_command(
    handle: str,
    to: tuple[str, ...],
    when: str,
    valid_for: int,
    otherwise: str,
    wait: bool,
    host: str | None,
    text: str,
) -> None:
    """Send TEXT, or standard input where it is “-”. Says how it stands: recipient, state, message id."""
    body = _said(text)

    async def send() -> bool:
        async with Client(handle, host, acknowledge=False) as tact:
            receipts = await tact.submit(to, body, when=when, valid_for=valid_for, otherwise=otherwise)
            _say_receipts(receipts)
            return not wait or await _all_got(
                tact, {each.recipient: each.state for each in receipts}, receipts[0].id
            )

    if not asyncio.run(send()):
        raise SystemExit(MISSED)


@click.command("people")
@as_somebody
@at_host
def people_command(handle: str, host: str | None) -> None:
    """List everybody, as far as HANDLE may see: handle, whether online, what else they let others know."""

    async def people() -> None:
        async with Client(handle, host, acknowledge=False) as tact:
            await tact.set_presence({})  # the answer comes after everybody's presence
            for name in sorted(set(tact.people) - {handle}):
                click.echo(_described(tact.people[name], tact.engine_ms()))

    asyncio.run(people())


@click.command("watch")
@as_somebody
@click.option("--seconds", type=float, default=None, help="Stop after this time; never if left out.")
@at_host
def watch_command(handle: str, seconds: float | None, host: str | None) -> None:
    """Print what happens to HANDLE as lines of JSON. What is printed is acknowledged: it does not come again."""

    async def watch() -> None:
        async with Client(handle, host) as tact:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    async for event in tact.events():
                        click.echo(as_json(event))
                        check_lasting(event)

    asyncio.run(watch())


COMMANDS: Mapping[str, click.Command] = MappingProxyType(
    {
        "people": people_command,
        "send": send_command,
        "watch": watch_command,
    }
)
"""Every command here by its name."""


async def _all_got(tact: Client, states: dict[str, State], id: str) -> bool:
    """Follow message `id` until it has ended for everybody; whether all of them got it."""
    if not set(states.values()) <= ENDED:
        async for event in tact.events():
            check_lasting(event)
            news = [each for each in event.receipts if each.id == id] if isinstance(event, Receipts) else []
            _say_receipts(news)
            states |= {each.recipient: each.state for each in news}
            if set(states.values()) <= ENDED:
                break
    return set(states.values()) <= ARRIVED


def check_lasting(event: Event) -> None:
    """RemoteError where the client will not come back by itself."""
    if isinstance(event, Disconnected) and event.retry_in is None:
        raise RemoteError(event.reason)


def _say_receipts(receipts: tuple[Receipt, ...] | list[Receipt]) -> None:
    for each in receipts:
        click.echo(f"{each.recipient}\t{each.state}\t{each.id}")


def _described(presence: Presence, at_ms: int) -> str:
    """One line about somebody: what they set, as it is shown to whoever asks."""
    values = seen(presence, at_ms)
    status = values.pop(ONLINE_STATUS, None)
    here = "hidden" if status is None else "online" if status else "offline"
    told = [f"{name}={values[name]}" for name in presence.readings if name in values]
    return f"{presence.handle}\t{here}\t{', '.join(told)}"


def as_json(event: Event) -> str:
    """An event as one line: its name and its fields; the body of a plain text as text."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(event).__name__).lower()
    fields = msgspec.to_builtins(event)
    if isinstance(event, Delivered):
        for delivery, shown in zip(event.deliveries, fields["deliveries"], strict=True):
            if delivery.content_type == TEXT_PLAIN and not delivery.enc:
                del shown["body"]
                shown["text"] = delivery.body.decode(errors="replace")
    return json.dumps({"event": name, **fields}, ensure_ascii=False)


def _said(argument: str) -> str:
    """The text of an argument, or of standard input for “-”, there without the end of its last line."""
    said = sys.stdin.buffer.read().rstrip(b"\r\n") if argument == "-" else os.fsencode(argument)
    try:
        return said.decode()
    except UnicodeDecodeError as error:
        raise LocalError("This is no text in UTF-8. Send a text.") from error
