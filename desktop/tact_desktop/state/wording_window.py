"""Words of the window's frame: titles, menus, shortcuts, the sentence at its end."""

from collections.abc import Sequence

from tact_desktop.state.shown import title_text

WITHDRAWN = "Withdrawn."
UNDO = "Undo"
SIGN_IN_WORD = "Sign in"
SIGNED_OUT = "You are signed out."
START_ANEW = "Start anew…"
WELCOME_TITLE = "Welcome to Tact"

MENU_FILE = "&File"
MENU_CONVERSATION = "&Conversation"
MENU_PRESENCE = "&Presence"
MENU_VIEW = "&View"
MENU_HELP = "&Help"
QUIT = "&Quit"
FIND = "&Find a person"
NEXT = "&Next conversation"
PREVIOUS = "&Previous conversation"
WRITE = "&Write a message"
EDIT_LAST = "&Edit the last waiting message"
MOOD = "&Mood"
SIGN_OUT = "&Sign out"
PRIVACY = "&Privacy…"
WAITING = "&Waiting messages"
NEXT_PANE = "Next pane"
PREVIOUS_PANE = "Previous pane"
APPEARANCE = "&Appearance"
SCHEMES = (("system", "Like the &system"), ("light", "&Light"), ("dark", "&Dark"))
SHORTCUTS = "&Keyboard shortcuts"
HOW = "&How delivery works"
CONNECTION = "&Connection"
ABOUT = "&About Tact"

SHORTCUT_TABLE = (
    ("Ctrl+K", "Find a person"),
    ("Alt+↑ / Alt+↓", "Previous or next conversation"),
    ("Enter", "Send"),
    ("Shift+Enter", "New line"),
    ("Ctrl+Enter", "Send when online, whatever is chosen"),
    ("Alt+1 … Alt+5", "Now, when online, when available, when not angry, custom"),
    ("↑ in an empty message", "Edit the last waiting message"),
    ("Ctrl+Shift+W", "Waiting messages"),
    ("Ctrl+Shift+A / Ctrl+Shift+M", "Availability, mood"),
    ("F6 / Shift+F6", "Next or previous pane"),
    ("Esc", "Close what is open, back to the message"),
    ("Ctrl+J", "Write a message"),
    ("Ctrl+,", "Privacy"),
    ("F1", "How delivery works"),
    ("Ctrl+/", "This list"),
    ("Ctrl+Q", "Quit"),
)
ABOUT_TEXT = (
    "Tact brings a message when its moment has come: when somebody is online, available, or no longer angry."
    " The engine in your office keeps it until then, and deletes it when its time is over."
)


def window_title(name: str, unread: int, waiting: bool = False) -> str:
    """The title of a window of `name`; the number in front is what is unread."""
    if waiting:
        return title_text(f"Waiting messages — {name}")
    return title_text(f"({unread}) Tact — {name}" if unread else f"Tact — {name}")


def connection_text(engine: str, places: Sequence[str]) -> str:
    """How a colleague joins; `places` are the host:port under which the engine is reached, the best first."""
    if not engine:
        return "No engine has answered yet."
    if not places:
        return f"The engine “{engine}” is reached from this computer only: it is not connected to a network."
    others = f"\n\nOr one of: {', '.join(places[1:])}" if len(places) > 1 else ""
    return (
        f"A colleague starts Tact, types a name and chooses “{engine}” from the list."
        f"\n\nWhere it is not listed, this address helps: {places[0]}{others}"
    )


def shortcut_lines() -> str:
    """The keyboard shortcuts as lines of text."""
    return "\n".join(f"{keys}   {what}" for keys, what in SHORTCUT_TABLE)


def stays_on(people: int) -> str:
    """Said when the window closes and the engine it started does not."""
    if people == 1:
        return "The engine stays on: 1 colleague depends on it. Messages go on arriving."
    return f"The engine stays on: {people} colleagues depend on it. Messages go on arriving."


STOP_ENGINE_TOO = "Stop the engine too"
LEAVE_ENGINE_ON = "Leave it on"
