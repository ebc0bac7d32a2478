"""What a window asks about members, written down: nobody answers but the test."""

from typing import Any

from tact_desktop.bridge_members import MembersBridge

INTENTS = (
    "look_over",
    "invite",
    "link_device",
    "revoke",
    "approve",
    "decline",
    "set_password",
    "remove_device",
    "remove_person",
)


def noted(members: MembersBridge) -> list[tuple[Any, ...]]:
    """Every intent from now on as (its name, what it was given), none of which leaves this computer."""
    asked: list[tuple[Any, ...]] = []
    for name in INTENTS:
        setattr(members, name, _noting(asked, name))
    return asked


def _noting(asked: list[tuple[Any, ...]], name: str):
    return lambda *values: asked.append((name, *values))
