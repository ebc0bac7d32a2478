"""The sentences of the first run."""

from collections.abc import Sequence

from tact_desktop.state.shown import shown_name

# Who one is.
WRITE_NAME = "Write your name, so that your colleagues know who you are."
NAME_WITHOUT_HANDLE = (
    "A short name of the letters a to z and digits is needed besides your name. Write one of at least two."
)
BAD_HANDLE = "A short name has 2 to 32 of: small letters a to z, digits, dot, dash and underscore."
SHORT_NAME = "Short name"
CHANGE_SHORT_NAME = "Change"
DEPARTMENT = " (Sales)"
"""What is added to a name as an example of how two of them are told apart."""
A_NAME = "Anna Berg"
SOMEBODY_ELSE = "I am somebody else: add something to my name"
ME_BY_LINK = "It is me: I have a link from my other computer"
ME_BY_PASSWORD = "It is me: use my password"
PASSWORD = "Password"
PASSWORD_HINT = "the one you set in Tact on your other computer"
WRITE_PASSWORD = "Write your password, or choose another short name."
PASTE_THE_LINK = "On your other computer, make a link for this one. Then paste it here."


def add_to_name(name: str) -> str:
    """Two people of one name: what the later one does."""
    return f"Add something to your name, such as your department. {for_example(name)}"


def for_example(name: str) -> str:
    """After the refusal of a name: one to try instead."""
    return f"For example: “{name}”."


def take_handle(handle: str) -> str:
    """The button beside a short name that is taken."""
    return f"Join as {handle}"


def password_of(handle: str) -> str:
    """Whose password is asked for."""
    return f"Password of {handle}"


# How one joins.
HOW_TO_JOIN = "How do you join?"
INVITATION = "Invitation"
INVITATION_HINT = "Paste your invitation, or drop it on this page"
PASTE = "Paste"
OPEN_FILE = "Open file…"
INVITATIONS = "Invitations to Tact"
NOT_THIS_ONE = "Join another way"
NO_INVITATION = (
    "This is not an invitation. Paste the whole link, from tact:// to its end, or clear the field."
)
NOTHING_TO_PASTE = (
    "There is no text to paste. Copy the invitation first: the link, or all of the message it is in."
)
WITHOUT_INVITATION = "Without an invitation"
CHOOSE_ENGINE = "Paste an invitation, choose your office's engine, or start one on this computer."
HOST_IS_ASKED = "Its host is asked to let you in, unless this engine is open to everybody."
BE_HOST = "You become its host: you invite your colleagues, and let in who asks."
BAD_ADDRESS = "This is not an address. Write a host, or host:port."
SEARCHING = "Looking for engines in this network…"
NO_NETWORK = "This computer is not connected to a network. Connect it, or start an engine on this computer."
NO_ANSWER = (
    "No engine answered. Often a guest Wi-Fi or a firewall keeps computers apart. "
    "Ask a colleague for an invitation, or for the address shown in their Help ▸ Connection."
)


def invited_to(name: str) -> str:
    """A valid invitation for somebody new."""
    return f"You are invited to “{shown_name(name)}”"


def adds_computer(handle: str, name: str) -> str:
    """A valid invitation for a further computer."""
    return f"Adds this computer to {handle} in “{shown_name(name)}”"


def key_form(engine: str) -> str:
    """The first digits of an engine's key as people compare them: 7F-3A-91."""
    return "-".join(engine[place : place + 2] for place in (0, 2, 4)).upper()


def engine_note(engine: str) -> str:
    """What is said of a found engine besides its name."""
    return f"key {key_form(engine)}"


def another_key(name: str) -> str:
    """What is said of a found engine that bears the name of one that is known here."""
    return f"another key than the “{shown_name(name)}” you know"


def not_that_one(name: str, engine: str) -> str:
    """Why one does not go on with such an engine."""
    return (
        f"This is another engine than the “{shown_name(name)}” you know: its key is {key_form(engine)}."
        " Ask its host before you trust it; with an invitation from them you can join."
    )


def answered(name: str, engine: str, host: str, port: int) -> str:
    """An address was checked and an engine answered."""
    return f"“{shown_name(name)}” answers at {host}:{port}, key {key_form(engine)}."


# While a host is asked.
CANCEL = "Cancel"
COMPARE = "Compare these with your host"
WHY_COMPARE = (
    "Read them to each other, on the telephone or in person. The same six words there and here:"
    " this is your office's engine, and nobody stands between you."
)
ASKS_ON = "You can close Tact meanwhile: it goes on asking when you start it again."
SOON = "As soon as its host agrees, Tact opens."
STEPS_TO_COME = ("Its host agrees", "Tact opens")


def step_done(step: str) -> str:
    """A step of the way in that is behind one."""
    return f"✓  {step}"


def step_to_come(step: str) -> str:
    """A step that is still to come."""
    return f"○  {step}"


def asked_at(time: str) -> str:
    """The first step."""
    return f"Asked at {time}"


def was_asked(name: str) -> str:
    """The head of the page while one waits to be let in."""
    return f"“{shown_name(name)}” was asked to let you in" if name else "The engine was asked to let you in"


def asked_as(name: str, handle: str) -> str:
    """Under which name the host sees the request."""
    return (
        f"Its host sees you as {shown_name(name)} ({handle})." if name else f"Its host sees you as {handle}."
    )


# When an invitation is opened while a window is there.
JOIN_THERE = "Join there with a new name…"
USE_IT = "Use this invitation"


def belongs_already(name: str) -> str:
    """The invitation is for the engine of this window."""
    return f"You already belong to “{shown_name(name)}”. Give the invitation to a colleague: it lets one person in."


def is_this_computer(handle: str, name: str) -> str:
    """The link adds a computer that speaks for this person already."""
    return (
        f"This computer already belongs to {handle} in “{shown_name(name)}”. Open the link on the other one."
    )


def is_for_another(mine: str, name: str, handle: str) -> str:
    """The invitation is for another engine, or for somebody else, than this window."""
    wanted = f"adds a computer to {handle} in" if handle else "is for"
    return f"This window belongs to “{shown_name(mine)}”. The invitation {wanted} “{shown_name(name)}”."


def opens_again(profile: str) -> str:
    """How one comes back to this window later."""
    return f"This window closes. Its messages stay; the command “tact --profile {profile}” opens it again."


def brings_back(name: str, engine: str) -> str:
    """The engine of this window does not let it in, or has changed; the invitation is the way back."""
    return (
        f"This window goes on with “{shown_name(name)}”, key {key_form(engine)}."
        " Do that only if the invitation came from the host of your engine."
    )


DETAILS = "How engines are found"


def details(ours: Sequence[str], found: Sequence[str]) -> str:
    """What somebody who looks after the network wants to know."""
    here = ", ".join(ours) or "none"
    there = "\n".join(found) or "none so far"
    return (
        "Engines are found by multicast DNS: UDP port 5353, service _tact._tcp. "
        "They are reached by TCP, usually on port 8228.\n\n"
        f"Addresses of this computer: {here}\n\nEngines that answered: {there}"
    )
