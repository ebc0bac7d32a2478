"""One thing that somebody asked to be told: for what, how that stands, how long still, and what can be made of it."""

from tact_desktop.state import wording_waiting as words
from tact_desktop.widgets.waiting_card import WaitingCard


class AlertCard(WaitingCard):
    """An alert that waits, with the note that is kept for its moment."""

    deeds = (("message", words.MAKE_MESSAGE), ("bell-off", words.STOP))
    sign = "bell"
