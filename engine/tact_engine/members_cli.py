"""The command line about who belongs to an engine: `tact-engine join`, `invite`, `members`, `admit`, `remove`."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import click
import msgspec

from tact_engine.accounts.words import six_words
from tact_engine.client import Client, Invitation, LocalError
from tact_engine.client_cli import as_somebody, at_host

INVITATION_FILE_MAX = 16_384


@click.command("join")
@as_somebody
@click.option(
    "--password", is_flag=True, help="Ask for the password of HANDLE instead of using an invitation."
)
@at_host
@click.argument("invitation", required=False)
def join_command(handle: str, password: bool, host: str | None, invitation: str | None) -> None:
    """Join as HANDLE, by an INVITATION: its link, or the file it is in. Without one, a host is asked to let you in."""
    ticket = Invitation.parsed(_read(invitation)) if invitation else None
    if ticket and ticket.handle and ticket.handle != handle:
        raise LocalError(f"This invitation adds a device of “{ticket.handle}”. Join --as {ticket.handle}.")
    secret = click.prompt("Password", hide_input=True, err=True) if password else ""

    async def join() -> None:
        async with Client(handle, host, invitation=ticket, password=secret) as tact:
            click.echo(f"{handle} belongs to “{tact.engine_name}” from now on.")
            if not tact.verified:
                click.echo(f"Compare with its host: {' '.join(six_words(tact.engine))}")

    asyncio.run(join())


@click.command("invite")
@as_somebody
@click.option("--device", is_flag=True, help="For a further device instead of somebody new.")
@click.option("--of", default="", metavar="HANDLE", help="Whose device; a host may say somebody else's.")
@click.option(
    "--revoke", default="", metavar="ID", help="Revoke the open invitation ID of `members` instead."
)
@at_host
def invite_command(handle: str, device: bool, of: str, revoke: str, host: str | None) -> None:
    """Print an invitation for somebody new. It works once, within seven days; for a device within the hour."""

    async def invite() -> None:
        async with Client(handle, host, acknowledge=False) as tact:
            if revoke:
                await tact.revoke(revoke)
                return
            made = await (tact.link_device(of) if device or of else tact.invite())
            click.echo(made.invitation.link())

    asyncio.run(invite())


@click.command("members")
@as_somebody
@at_host
def members_command(handle: str, host: str | None) -> None:
    """Print who belongs to the engine, as JSON: a host is told of all, anybody else of themselves."""

    async def members() -> None:
        async with Client(handle, host, acknowledge=False) as tact:
            click.echo(msgspec.json.format(msgspec.json.encode(await tact.look_over())).decode())

    asyncio.run(members())


@click.command("admit")
@as_somebody
@click.option("--decline", is_flag=True, help="Do not let them in.")
@at_host
@click.argument("who", metavar="WHO")
def admit_command(handle: str, decline: bool, host: str | None, who: str) -> None:
    """Let WHO in, who asks to join: a handle, as `members` shows it. HANDLE must be a host."""

    async def admit() -> None:
        async with Client(handle, host, acknowledge=False) as tact:
            asked = [each for each in (await tact.look_over()).requests if each.handle == who]
            if len(asked) != 1:
                raise LocalError(
                    f"Nobody asks to join as “{who}”. Look at: tact-engine members --as {handle}"
                    if not asked
                    else f"{len(asked)} computers ask to join as “{who}”. Find out who is who, and use the window."
                )
            await (tact.decline(asked[0]) if decline else tact.approve(asked[0]))

    asyncio.run(admit())


@click.command("remove")
@as_somebody
@click.option("--device", default="", metavar="ID", help="Only this device of theirs, as `members` shows it.")
@click.option("--withdraw", is_flag=True, help="Take back what they sent and still waits.")
@at_host
@click.argument("who", metavar="WHO")
def remove_command(handle: str, device: str, withdraw: bool, host: str | None, who: str) -> None:
    """Remove WHO, or one of their devices, at once. A host may remove anybody, everybody else themselves."""

    async def remove() -> None:
        async with Client(handle, host, acknowledge=False) as tact:
            if device:
                await tact.remove_device(who, device)
            else:
                await tact.remove_person(who, withdraw=withdraw)

    asyncio.run(remove())


COMMANDS: Mapping[str, click.Command] = MappingProxyType(
    {
        "admit": admit_command,
        "invite": invite_command,
        "join": join_command,
        "members": members_command,
        "remove": remove_command,
    }
)
"""Every command here by its name."""


def _read(link_or_file: str) -> str:
    """An invitation's text: what was given, or what stands in the file of that name."""
    path = Path(link_or_file)
    if ":" in link_or_file and not path.exists():
        return link_or_file
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(INVITATION_FILE_MAX)
    except OSError as error:
        raise LocalError(f"{path} cannot be read: {error.strerror}. Give the link, or its file.") from error
