"""How delivery works and whether it is safe, for whoever uses the window: short, in the words the window itself has."""

from collections.abc import Sequence
from textwrap import fill

_COLUMNS = 118

TITLE = "How delivery works"
SECTIONS = (
    (
        "A message can wait for its moment",
        "Choose above the message when it may arrive: now, when somebody is online, when they are available, when they"
        " are not angry, or whatever you put together under “Custom…”. The line below says whether that is so at this"
        " moment, and the button says what it will do.",
    ),
    (
        "Who keeps it meanwhile",
        "Your office's engine does. You can close the window or go home: the message goes as soon as everything you"
        " asked for is true and the other person is online. “Now” is the same, with nothing asked for but that they"
        " are online.",
    ),
    (
        "While it waits",
        "It stands under the conversation and in the list of waiting messages. You can send it now, edit it or"
        " withdraw it. While you edit it, it does not leave. Once it has left, it is too late for that.",
    ),
    (
        "When its time is over",
        "“Valid for” says how long it waits, at most 30 days. What has not arrived by then is deleted and you are told;"
        " or it comes back to your drafts, or goes as soon as the other is online, if you chose that.",
    ),
    (
        "What the other person sees",
        "An ordinary message. If it had to wait, it says when it was written and when it was delivered. It never says"
        " what it waited for; that is known to you alone.",
    ),
    (
        "Tell me when",
        "Instead of sending a message you can ask to be told once: when somebody is available, for instance. Only you"
        " learn of it: nobody else knows that you asked, or that you were told.",
    ),
    (
        "What others see of you",
        "Under “Privacy” you say for each thing who may see it, and whether others may wait for it. Who may not see"
        " your mood cannot wait for it, and is told that you do not share it, not why. Who is blocked sees you as"
        " offline.",
    ),
    (
        "When you are busy",
        "While you are Discreet or Not available, messages arrive without a sound, except from people you always want"
        " to be notified of. With “Until” you say when that ends: then you are as you were before, and what waited"
        " for that arrives.",
    ),
    (
        "After some minutes without a key or a move of the mouse",
        "You are shown as idle to those who may see it. Nothing that you chose is changed by that.",
    ),
)

SAFETY_TITLE = "Is it safe?"
SAFETY = (
    (
        "In short",
        "Once you know that your engine is the right one, nobody between you and it can read or change what you write."
        " Whoever administers the computer it runs on could read what waits there: let it run where you trust them.",
    ),
    (
        "A guest on the network",
        "Sees that Tact is used: the engine announces its name, its computer's name and address, and its key's"
        " fingerprint. They see which computers talk to it, when and how much, and by asking to join, whether a"
        " short name is taken. They see no list of people, no presence, no message: every link is TLS 1.3, and your"
        " window knows the engine by its key.",
    ),
    (
        "A colleague",
        "Sees of you what “Privacy” shows them, and never what your message waited for. They cannot write in your name:"
        " the engine takes the sender from the key of your computer alone, and refuses names that look alike.",
    ),
    (
        "Whoever administers the engine's computer",
        "Could read what waits, which is kept as plain text, everybody's presence and conditions, and who writes to"
        " whom and when; or run a changed engine. A text is erased from the engine's files within a minute after it has"
        " reached everybody it is for, or its time is over; who wrote to whom, when and on which condition, about 30"
        " days after the end of its time. Backups are out of its reach. Encryption from end to end is not there yet;"
        " the protocol keeps a place for it.",
    ),
    (
        "A thief of your computer",
        "Finds your conversations in plain text, in a folder that only your account may read: encrypt the disk. Remove"
        " that computer on another one of yours, or ask the host to; until then it may sign in as you.",
    ),
    (
        "What Tact cannot defend",
        "Harmful programs on your own computer; the host switching the engine off, and what waits with it; what the"
        " times and sizes of messages give away. Tact makes no backups.",
    ),
    (
        "How joining is protected",
        "An invitation names the engine's key, so that nobody can pose as it, and lets one person in, once, within 7"
        " days. Without one the host lets you in, and your window says “not compared yet” until you have compared six"
        " words with them. If another key ever answers, Tact stops before it has sent your name or a message; only a"
        " new invitation leads on. An engine can also be set to let in everybody.",
    ),
    (
        "How signing in is protected",
        "By a key of this computer, in its key store or in a file that only you can read. A password only ever adds a"
        " further computer; the engine keeps what argon2id makes of it, and after 5 wrong guesses lets them wait, 15"
        " minutes at first. How much anybody may ask is limited; who does not sign in within 10 seconds is cut off.",
    ),
    (
        "What leaves your network",
        "Nothing, unless your engine is elsewhere: no other account, no reports about you, no search for updates. Texts"
        " are never read as HTML, and load nothing. A link opens when you choose it, outside of Tact, and only http,"
        " https and mailto.",
    ),
    (
        "If you find a weakness",
        "Tell those who gave you Tact, and nobody else until it is repaired: what you did, what you saw, what"
        " “tact-engine --version” says; no real messages, keys or invitations.",
    ),
)
"""Who can read what. SECURITY.md is `as_markdown` of it, so that both say the same."""


def as_markdown(title: str, sections: Sequence[tuple[str, str]]) -> str:
    """A page of this help as a document."""
    parts = [f"# {title}"]
    for heading, text in sections:
        parts += [f"## {heading}", fill(text, _COLUMNS, break_on_hyphens=False)]
    return "\n\n".join(parts) + "\n"
