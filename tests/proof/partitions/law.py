"""What people were told around a partition, against the promises: plain lists, and nothing of the engine."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

ENDED = {"delivered", "withdrawn", "expired", "read", "failed"}
IN_FLIGHT_SECONDS = 0.5
"""What was said so shortly before the cut may have crossed it."""


@dataclass(frozen=True)
class Record:
    """Somebody did or learned something."""

    at: float
    who: str
    what: str
    of: dict[str, Any] = field(default_factory=dict[str, Any])


def broken_promises(
    records: list[Record], far: list[str], cut_and_healed: tuple[float, float], offline: bool
) -> list[str]:
    """A sentence for each promise that was broken. `offline`: the far ones are seen going, else nobody may see that."""
    last = max((each.at for each in records if each.what == "settled"), default=0)
    known = [each for each in records if each.at <= last]
    return [
        *_lost_or_doubled(known),
        *_told_twice(known),
        *_back_in_time(known),
        *_released_into_nothing(known, far, *cut_and_healed, offline),
        *_seen_going(known, far, cut_and_healed[0], offline),
        *(f"I6: {each.who} was refused with {each.of['code']}" for each in records if _is_odd(each)),
    ]


def _lost_or_doubled(records: list[Record]) -> list[str]:
    problems: list[str] = []
    gets = [each for each in records if each.what == "gets"]
    for sent in (each for each in records if each.what == "submits"):
        id, to, body = sent.of["id"], sent.of["to"], sent.of["body"]
        copies = [each for each in gets if each.of["id"] == id]
        ends = [s for each in records if each.of.get("id") == id and (s := each.of.get("state")) in ENDED]
        if len(set(ends)) != 1:
            problems.append(f"I6: message {id} of {sent.who} came to the ends {ends}")
        elif (ends[0] == "delivered") != bool(copies):
            problems.append(f"I6: {sent.who} was told {ends[0]} of {id}, and {to} has {len(copies)} copies")
        if any((each.who, each.of["sender"], each.of["body"]) != (to, sent.who, body) for each in copies):
            problems.append(f"I5: {id} came to somebody else or with another text")
        arrived = [
            each.of["since"]
            for each in records
            if _says(each, "is told", id) and each.of["state"] == "delivered"
        ]
        if any(each.of["released_at"] > min(arrived) for each in copies if arrived):
            problems.append(f"I5: {id} was released again after it had been delivered")
    if unknown := {each.of["id"] for each in gets} - {r.of["id"] for r in records if r.what == "submits"}:
        problems.append(f"I5: nobody sent {unknown}")
    return problems


def _told_twice(records: list[Record]) -> list[str]:
    """The same end under two serials: it was told again although nothing had changed."""
    serials: dict[tuple[str, str], set[int]] = {}
    for each in records:
        if each.what == "is told" and each.of["state"] in ENDED:
            serials.setdefault((each.of["id"], each.of["state"]), set()).add(each.of["serial"])
    return [f"N3: {id} was told as {state} twice" for (id, state), found in serials.items() if len(found) > 1]


def _back_in_time(records: list[Record]) -> list[str]:
    """Whoever gets messages gets them in the order of release, over all their links."""
    problems: list[str] = []
    for who in sorted({each.who for each in records}):
        got = [each.of for each in records if each.what == "gets" and each.who == who]
        for one, other in pairwise(got):
            if one["sequence"] >= other["sequence"] or one["released_at"] > other["released_at"]:
                problems.append(f"O4: {who} got {one['id']} before {other['id']}, which was released earlier")
    return problems


def _released_into_nothing(
    records: list[Record], far: list[str], cut: float, healed: float, offline: bool
) -> list[str]:
    """While the cable is out nothing arrives over it, and what is sent to whoever was seen going is held."""
    if not offline:
        return []
    problems: list[str] = []
    for sent in (each for each in records if each.what == "submits" and each.of["to"] in far):
        if sent.who in far or not cut + IN_FLIGHT_SECONDS < sent.at < healed:
            continue
        id, to = sent.of["id"], sent.of["to"]
        told = [each for each in records if each.of.get("id") == id and sent.at < each.at < healed]
        if any(each.of.get("state") == "delivered" for each in told):
            problems.append(f"I6: {id} was told as delivered through a cable that was out")
        gone = [r.at for r in records if r.what == "sees" and r.who == sent.who and r.of["whom"] == to]
        is_gone = any(cut < each < sent.at for each in gone)
        if is_gone and any(each.of.get("state") == "released" for each in told):
            problems.append(f"P16: {id} was released to {to}, who had been seen going")
    return problems


def _seen_going(records: list[Record], far: list[str], cut: float, offline: bool) -> list[str]:
    going = [
        each
        for each in records
        if each.what == "sees" and each.of["whom"] in far and not each.of["online"] and each.at > cut
    ]
    if offline:
        return []  # that they are seen going is waited for
    return [f"P15: {each.who} saw {each.of['whom']} go, who came back within the grace" for each in going]


def _is_odd(record: Record) -> bool:
    """A refusal other than that it is too late to take something back."""
    return record.what == "refused" and record.of["code"] not in ("already_released", "already_ended")


def _says(record: Record, what: str, id: str) -> bool:
    return record.what == what and record.of.get("id") == id
