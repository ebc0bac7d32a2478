"""How a window, a script or a bot talks to an engine.

    import asyncio
    from tact_engine.client import Client

    async def main():
        async with Client("build-bot") as tact:
            await tact.submit("tom", "The build is green.", when="available", valid_for=3600)
            async for event in tact.events():
                print(event)

    asyncio.run(main())

A client connects by itself, signs in with this device's key, and comes back after every lost link; what was asked
meanwhile is asked again, which is harmless, since a message keeps its id.
"""

from tact_engine.accounts.invitation import FILE_SUFFIX, Invitation
from tact_engine.client.asking import new_id
from tact_engine.client.client import Client
from tact_engine.client.connection import Greeting, greet
from tact_engine.client.discovery import FoundEngine, find, watch
from tact_engine.client.events import (
    Connected,
    Delivered,
    Disconnected,
    Event,
    PeopleChanged,
    PrivacyChanged,
    Receipts,
    RequestsChanged,
)
from tact_engine.client.membership import Made
from tact_engine.client.places import Address, ChangedKey, Engines, NoEngine, UnknownEngine
from tact_engine.client.unlocking import KEY_FILE
from tact_engine.core.conditions import Clause, Condition, Group, Verdict, one_group
from tact_engine.core.effects import Standing
from tact_engine.core.envelope import Delivery, Otherwise, Receipt, State
from tact_engine.core.errors import LocalError, Refused, RemoteError, TactError
from tact_engine.core.members import Device, Health, JoinRequest, Member, OpenInvitation, Overview
from tact_engine.core.presence import Presence, Reading
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.core.window import Window

__all__ = [
    "FILE_SUFFIX",
    "KEY_FILE",
    "Address",
    "Audience",
    "ChangedKey",
    "Clause",
    "Client",
    "Condition",
    "Connected",
    "Delivered",
    "Delivery",
    "Device",
    "Disconnected",
    "Engines",
    "Event",
    "FoundEngine",
    "Greeting",
    "Group",
    "Health",
    "Invitation",
    "JoinRequest",
    "LocalError",
    "Made",
    "Member",
    "NoEngine",
    "OpenInvitation",
    "Otherwise",
    "Overview",
    "PeopleChanged",
    "Presence",
    "Privacy",
    "PrivacyChanged",
    "Reading",
    "Receipt",
    "Receipts",
    "Refused",
    "RemoteError",
    "RequestsChanged",
    "Rule",
    "Standing",
    "State",
    "TactError",
    "UnknownEngine",
    "Verdict",
    "Window",
    "find",
    "greet",
    "new_id",
    "one_group",
    "watch",
]
