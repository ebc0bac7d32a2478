"""The words of who belongs to the office: invitations, devices, people, requests, and how the engine fares."""

from collections.abc import Mapping
from datetime import timedelta, tzinfo
from enum import StrEnum

from tact_desktop.state.wording_time import TODAY, YESTERDAY, day_name, moment, when
from tact_engine.core.members import Purpose

INVITE_MENU = "&Invite a colleague…"
INVITE = "Invite a colleague"
MEMBERS_MENU = "&Members and devices…"
MEMBERS = "Members and devices"

# The link.
LINK = "Link"
COPY = "Copy"
COPIED = "Copied."
SAVE_FILE = "Save as file…"
FILES = "Invitations to Tact (*.tact)"
SAVED = "Saved. Give the file to nobody else."
NOT_SAVED = "The file could not be saved there. Choose another place."
MAKE_ANOTHER = "Make another link"
MAKE_AGAIN = "Make a new link"
MAKING = "Making a link…"
AWAY_LINK = "The engine is away: a link can be made once it is back."
USED = "This link works no more: it was used, revoked, or its time is over."
KEEP_SECRET = "Whoever has the link can use it, so give it to nobody else."
OPEN_LINKS = "Your open invitations"
NO_OPEN_LINKS = "None of your invitations is open."

# The page.
YOU, PEOPLE, INVITATIONS, ENGINE = "You", "People", "Invitations", "Engine"
AWAY = "The engine is away: this is what was last known, and it can be changed once the engine is back."
LOADING = "Asking the engine…"
WORKING = "One moment…"
DONE = "Done"
DEVICES = "My devices"
DEVICES_HINT = "On these computers you can read and write as yourself."
NO_DEVICES = "The engine has not said yet which devices are yours."
ADD_DEVICE = "Add a device…"
ADD_DEVICE_TITLE = "Add a device"
PASSWORD = "Password"
PASSWORD_HINT = (
    "Tact works without one. A password is only for adding a device when none of your others is at hand."
)
HAS_PASSWORD = "A password is set."
NO_PASSWORD = "No password is set."
SET_PASSWORD = "Set a password…"
CHANGE_PASSWORD = "Change…"
CHANGE_PASSWORD_SAID = "Change the password…"
REMOVE_PASSWORD = "Remove password"
NEW_PASSWORD = "New password"
REPEAT_PASSWORD = "The same again"
SAVE_PASSWORD = "Save password"
CANCEL = "Cancel"
NOT_THE_SAME = "The two are not the same. Type both again."
LINK_DEVICE = "Link for a new device…"
NO_DEVICE_LEFT = "No device is left. With a link for a new one they are back."
LEAVE = "Leave this office…"
LEAVE_TITLE = "Leaving"
LEAVE_HINT = "Ends your place in this office on all your devices. What is on this computer stays readable."
PEOPLE_HINT = (
    "You never see messages here, nor what they wait for. They lie in the database on the engine's computer."
)
FIND_PEOPLE = "Find people in this list"
REQUESTS_HINT = (
    "These are their own words, and anybody on the network can write them. Ask the person first: by phone, or at"
    " their desk."
)
NO_REQUESTS = "Nobody asks to join."
WORDS_HINT = "If they ask you for the six words of this engine, in person or on the phone:"
INVITATIONS_HINT = "Open invitations of everybody. A revoked one lets nobody in any more."
NO_INVITATIONS = "No invitation is open."
NO_HEALTH = "The engine has not said yet how it fares."
DISK_IS_LOW = (
    "The disk of the engine's computer is almost full. What waits still goes out, but nothing new is accepted."
    " Free some space there."
)
LOOK = "Look"
THIS_COMPUTER = "this computer"
IT_IS_YOU = "you"
HOST = "host"
REMOVED = "removed"
UNNAMED_DEVICE = "A computer without a name"


class Deed(StrEnum):
    """What can be done with one row."""

    REMOVE_DEVICE = "remove device"
    REMOVE_PERSON = "remove person"
    DEVICES = "devices"
    BRING_BACK = "bring back"
    REVOKE = "revoke"
    LET_IN = "let in"
    DECLINE = "decline"


DEED_WORDS: Mapping[Deed, str] = {
    Deed.REMOVE_DEVICE: "Remove…",
    Deed.REMOVE_PERSON: "Remove…",
    Deed.DEVICES: "Devices…",
    Deed.BRING_BACK: "Let back in…",
    Deed.REVOKE: "Revoke",
    Deed.LET_IN: "Let in",
    Deed.DECLINE: "Decline",
}


INVITES: Mapping[Purpose, str] = {
    Purpose.MEMBER: "A new colleague",
    Purpose.DEVICE: "A new device",
    Purpose.HOST: "Whoever is to be host",
}
"""What an open invitation lets in."""


# --- moments --------------------------------------------------------------------------------------------------------


def at(ms: int, now_ms: int, zone: tzinfo) -> str:
    """A moment that is over: "10:02", "yesterday 10:02", "Monday 16 November 10:02"."""
    today = moment(now_ms, zone).date()
    return when(moment(ms, zone), today, today).replace(YESTERDAY, YESTERDAY.lower())


def on_day(ms: int, now_ms: int, zone: tzinfo) -> str:
    """The day of a moment that is over: "today", "yesterday", "Monday 16 November"."""
    day = day_name(moment(ms, zone).date(), moment(now_ms, zone).date())
    return day.lower() if day in (TODAY, YESTERDAY) else day


def until(ms: int, now_ms: int, zone: tzinfo) -> str:
    """When something is over: the day, or the time where that is near; "15:42", "Sunday 29 November"."""
    end, today = moment(ms, zone), moment(now_ms, zone).date()
    if end.date() - today > timedelta(days=1):
        return day_name(end.date(), today)
    return when(end, today, today)


# --- invitations ----------------------------------------------------------------------------------------------------


def give_link(until: str) -> str:
    """What to do with an invitation for somebody new."""
    return f"Give this link to one colleague. It works once, until {until}."


def give_device_link(name: str, until: str) -> str:
    """What to do with a link for a further device; `name` is whose it is, "" for oneself."""
    if name:
        return f"Give this link to {name}, for one new device of theirs. It works once, until {until}."
    return f"Open this link on your other computer. It works once, until {until}."


def give_way_back(name: str, until: str) -> str:
    """What to do with a link for somebody who was removed."""
    return f"Give this link to {name}. On the computer where they open it they are back. It works once, until {until}."


def device_link_for(name: str, back: bool = False) -> str:
    """The title of a page with a link for somebody else's device; `back`: they were removed."""
    return f"Let {name} back in" if back else f"A new device for {name}"


def invitation_whose(name: str) -> str:
    """Whose device an open invitation adds."""
    return f"For {name}"


def invitation_line(made_by: str, made: str, until: str) -> str:
    """When an invitation was made, by whom ("" for oneself), and how long it can be used ("" for ever)."""
    by = f"Made by {made_by} {made}" if made_by else f"Made {made}"
    return f"{by} · can be used until {until}" if until else f"{by} · can be used until it is used"


# --- devices and people ---------------------------------------------------------------------------------------------


def device_line(added: str, seen: str) -> str:
    """When a device was added and when it was last there."""
    return f"Added {added} · last signed in {seen}"


def devices_of(name: str) -> str:
    """The title of the page with somebody else's devices."""
    return f"Devices of {name}"


def device_count(count: int) -> str:
    """How many devices somebody has."""
    return "1 device" if count == 1 else f"{count or 'no'} devices"


def member_since(since: str, invited_by: str) -> str:
    """Since when somebody belongs to the office; `invited_by` is "" where nobody is known to have invited them."""
    return f"here since {since}, invited by {invited_by}" if invited_by else f"here since {since}"


def last_seen(seen: str) -> str:
    """When somebody who is away was there."""
    return f"last seen {seen}"


ONLINE = "online"


def removed_at(when: str) -> str:
    """When somebody was removed."""
    return f"Removed {when}. The handle stays theirs."


def deed_on(deed: Deed, what: str) -> str:
    """A button of a row, for a screen reader."""
    return f"{DEED_WORDS[deed]} {what}"


# --- removing -------------------------------------------------------------------------------------------------------

GO_ON_WAITING = "Let it go on waiting: it arrives when its moment comes"
TAKE_BACK = "Take it back: nobody receives it"
WHAT_YOU_SENT = "What you sent and still waits:"
LEAVE_NOW = "Leave this office"
LEAVE_QUESTION = "Leave this office?"
LEAVE_MEANING = (
    "You are signed out everywhere at once. What waits for you fails, and its senders are told."
    " Your handle stays yours, but only a host can let you back in."
)
REMOVE_DEVICE_NOW = "Remove device"
REMOVE_NOW = "Remove"


def requests_title(count: int) -> str:
    """The tab with those who ask to join."""
    return f"Requests to join ({count})" if count else "Requests to join"


def remove_question(name: str) -> str:
    """Asked before somebody is removed."""
    return f"Remove {name}?"


def remove_meaning(name: str, own_waiting: int) -> str:
    """What it means to be removed; `own_waiting` is how many messages of one's own wait for them."""
    among = {0: "", 1: ", 1 of yours among it"}.get(own_waiting, f", {own_waiting} of yours among it")
    return (
        f"{name} is signed out everywhere at once. What waits for {name} will fail{among}, and its senders are told."
        f" A host can let {name} back in later."
    )


def what_they_sent(name: str) -> str:
    """Over the choice of what becomes of it."""
    return f"What {name} sent and still waits:"


def remove_device_question(name: str, whose: str = "") -> str:
    """Asked before a device is removed; `whose` it is, "" for oneself."""
    return f"Remove “{name}” from the devices of {whose}?" if whose else f"Remove “{name}” from your devices?"


def remove_device_meaning(here: bool, only: bool, whose: str = "") -> str:
    """What it means; `here`: it is the device one sits at, `only`: there is no other."""
    who = "This computer" if here else "It"
    owner = "their" if whose else "your"
    said = (
        f"{who} is signed out at once and can read nothing new. The history that is on it stays there."
        f" In case it is in other hands, {owner} open invitations and password end as well."
    )
    if whose and only:
        return (
            f"{said} {whose} has no other device. What waits for {whose} goes on waiting, and a link for a new device"
            " brings them back."
        )
    if whose:
        return f"{said} Messages for {whose} come to their other devices."
    if only:
        return f"{said} It is your only device: only a host can let you in again."
    return f"{said} Nothing is lost: your messages come to your other devices."


# --- requests -------------------------------------------------------------------------------------------------------


def asks_to_join(names: tuple[str, ...]) -> str:
    """Said to a host, while somebody asks; the first is named."""
    if len(names) == 1:
        return f"{names[0]} asks to join."
    return f"{names[0]} and {len(names) - 1} other{'s' if len(names) > 2 else ''} ask to join."


ASKED_NOTICE = "Open Members and devices to let them in or not."


def request_lines(computer: str, address: str, asked: str) -> tuple[str, ...]:
    """From where somebody asks, and since when."""
    place = " · ".join(part for part in (f"Computer “{computer}”" if computer else "", address) if part)
    return tuple(part for part in (place, f"Asked {asked}") if part)


# --- password -------------------------------------------------------------------------------------------------------


def password_too_short(least: int) -> str:
    """It is not long enough."""
    return f"Use at least {least} characters; a sentence is easy to remember."


def password_too_long(most: int) -> str:
    """It is longer than any engine takes."""
    return f"Use at most {most} characters."


# --- health ---------------------------------------------------------------------------------------------------------

RUNNING, VERSION, IN_ALL, MESSAGES = "Running", "Version", "People", "Messages"
DATABASE, DISK = "Database", "Free disk"


def running(since: str, for_how_long: str) -> str:
    """Since when the engine runs."""
    return f"since {since} ({for_how_long})"


def people_online(people: int, online: int) -> str:
    """How many belong to the office, and are there."""
    return f"{people}, {online} of them online"


def messages(held: int, released: int) -> str:
    """How many messages there are, as numbers."""
    wait = "1 waits" if held == 1 else f"{held} wait"
    return f"{wait}, {released} on {'its' if released == 1 else 'their'} way"


def size(kib: int) -> str:
    """An amount of data, as people read it."""
    if kib < 1000:
        return f"{kib} KB"
    return f"{kib / 1024:.1f} MB" if kib < 1000 * 1024 else f"{kib / 1024 / 1024:.1f} GB"
