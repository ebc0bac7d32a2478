"""What can go wrong, as types and as one table of refusals.

TactError
├── LocalError     our own side asked for something illegal
├── RemoteError    the other side did
│   └── Refused    … and is told so: a code, a sentence that says what to do
└── StoreError     the disk or the database did not do its part
"""

from collections.abc import Mapping
from types import MappingProxyType

FACT_LENGTH_MAX = 300
CHANGED_KEY = "changed_key"
"""The code of a link on which another engine answered than the one that is known: a hard stop."""


class TactError(Exception):
    """The root of every error that Tact raises on purpose."""


class LocalError(TactError):
    """Our own side asked for something illegal."""


class RemoteError(TactError):
    """The other side did something illegal, or is not what it should be."""


class StoreError(TactError):
    """The disk or the database did not do its part; the sentence says what to do."""


class Refused(RemoteError):
    """A request that was understood and not accepted.

    `code` is a key of REFUSALS, `text` an English sentence that says what to do, `clause` the place in
    the condition it is about, as "group.clause" counted from 0, or "" where it is about no clause. `retry_after`
    is in milliseconds: trying again sooner is of no use; 0 where time alone changes nothing.
    """

    def __init__(self, code: str, text: str, clause: str = "", retry_after: int = 0) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.clause = clause
        self.retry_after = retry_after


REFUSALS: Mapping[str, str] = MappingProxyType(
    {
        "malformed_frame": "This frame cannot be read: {detail}. Send it as engine/PROTOCOL.md describes it.",
        "unknown_frame": "This engine does not know the frame “{frame}”. Use a client of protocol version {version}.",
        "misplaced_frame": "The frame “{frame}” is not allowed {phase}. Sign in first, and only once.",
        "version_unsupported": "The engine speaks protocol {version}, the client {offered}. Update the older one.",
        "sign_in_failed": "The signature does not fit the device key. Sign in again with this device's own key.",
        "bad_handle": "“{handle}” cannot be a handle: use 2 to 32 of a–z, 0–9, dot, dash and underscore.",
        "handle_taken": "The name “{handle}” belongs to another device. Choose another name; or, if it is yours, make"
        " a link for this device in Tact on the other one.",
        "asked_to_join": "The host of this engine was asked to let you in. As soon as they do, you are signed in.",
        "declined": "The host of this engine has not let you in. Talk to them, then ask again or bring an invitation.",
        "too_many_requests": "Too many people ask to join at the moment. Try again later, or ask for an invitation.",
        "invitation_over": "This invitation is used, revoked or out of date. Ask whoever sent it for a new one.",
        "wrong_password": "Name or password is wrong. Check both; a password is only for adding a device.",
        "guessed_too_often": "Too many wrong tries. Try again in {minutes} min, or ask for an invitation.",
        "busy_signing_in": "The engine is busy with other sign-ins. Try again in a moment.",
        "bad_password": "A password has {least} to {most} characters. Choose another.",
        "removed": "This device may not sign in as “{handle}” any more. Talk to the host of the engine.",
        "not_host": "Only the host of this engine can do that. Ask them.",
        "last_host": "The only host cannot go. Let somebody else become host first: tact-engine serve --claim.",
        "unknown_device": "There is no such device. Look at the list again.",
        "unknown_invitation": "There is no such invitation. It may have been used or have ended already.",
        "unknown_request": "Nobody of this name asks to join any more. Look at the list again.",
        "too_many_invitations": "{count} of your invitations are open or were used lately. Revoke one, or ask a host.",
        "too_many_devices": "“{handle}” has {count} devices already. Remove one first.",
        "bad_name": "This cannot be a name: {detail}. Choose another.",
        "name_taken": "“{name}” looks like the name of {like}. Add something, such as your department.",
        "too_many_sessions": "“{handle}” is here {count} times already. Leave one of these places, then come again.",
        "too_fast": "That was too much at once: {most} {what}, then {rate} a second. Try again in {seconds} s.",
        "unknown_person": "Nobody here is called “{handle}”. Check the spelling, or ask them to sign in once.",
        "to_oneself": "A message to yourself has nobody to wait for. Choose somebody else.",
        "no_recipient": "Name between 1 and {most} different people to send to.",
        "bad_id": "The message id must be 1 to 64 characters long.",
        "id_taken": "This message id was used for another message. Make a new id for a new message.",
        "body_too_large": "The text has {size} bytes; at most {most} are possible. Shorten it, or send it in parts.",
        "body_empty": "There is nothing to send. Write something first.",
        "content_type_too_long": "Content type and encoding have at most {most} characters each. Use a registered one.",
        "validity_out_of_range": "A message can wait between 1 minute and 30 days, not {seconds} seconds.",
        "condition_impossible": "This can never be true: {detail}. Change or remove one of these clauses.",
        "condition_unknown": "The condition is not understood: {detail}. Choose from what is offered.",
        "condition_too_large": "A condition has at most {groups} groups and {clauses} clauses. Remove some.",
        "condition_unsupported": "This engine does not know {detail}. Use what is offered.",
        "dwell_out_of_range": "A condition can be asked to hold for up to {most} seconds, not {seconds}.",
        "dwell_too_long": "It cannot hold for {seconds} seconds: the message ends sooner. Let it wait longer.",
        "begins_too_late": "The message ends before it may go. Let it begin sooner, or wait longer.",
        "not_offered": "“{name}” of {handle} is not offered to you as a condition. Choose from what is offered.",
        "chain_too_long": "{count} messages already wait behind each other. Send this one without keeping the order.",
        "alert_without_text": "A message to be told has no text and cannot be delivered. Leave both out.",
        "too_many_held": "{count} messages are already waiting for {handle}. Withdraw one, or let some arrive first.",
        "too_many_held_in_all": "{count} of your messages are already waiting. Withdraw one, or let some arrive first.",
        "disk_low": "The engine's disk is almost full. Nothing accepted is lost, and what waits still goes out, but it"
        " takes nothing new. Ask whoever runs the engine to free some space, then send this again.",
        "unknown_message": "There is no such message of yours. It may have ended more than 30 days ago.",
        "already_released": "It is too late: the message was already handed over ({state}).",
        "already_ended": "It is too late: the message has already ended ({state}).",
        "revision_mismatch": "The message was changed elsewhere (revision {revision}). Look again, then change it.",
        "unknown_attribute": "There is no presence attribute “{name}”. Choose one of: {names}.",
        "not_yours_to_set": "“{name}” is set by the engine. Leave it out.",
        "bad_value": "“{name}” cannot be {value}. {expected}",
        "bad_until": "“{name}” cannot end by itself then. Name one that you set, and a time within a year.",
        "too_many_named": "A rule can name at most {most} people. Name fewer, or choose everyone or nobody.",
        "names_oneself": "You always see yourself. Leave your own name out.",
    }
)
"""Every code a request can be refused with, and the sentence for it (format fields in braces)."""


def refusal(code: str, clause: str = "", retry_after: int = 0, **facts: object) -> Refused:
    """The refusal `code` with its sentence filled in from `facts`; KeyError for an unknown code."""
    text = REFUSALS[code].format_map({name: _short(fact) for name, fact in facts.items()})
    return Refused(code, text, clause, retry_after)


def _short(fact: object) -> str:
    """A fact as it stands in a sentence, cut to a readable length: a refusal does not carry back what was sent."""
    text = str(fact)
    return text if len(text) <= FACT_LENGTH_MAX else text[:FACT_LENGTH_MAX] + "…"
