"""What waits for its moment, what one asked to be told, what did not arrive, and how much arrived today."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from tact_desktop import theme
from tact_desktop.state import wording_panels as words
from tact_desktop.state import wording_waiting
from tact_desktop.state.outbox import Waiting
from tact_desktop.state.wording_panels import Undelivered
from tact_desktop.widgets.alert_card import AlertCard
from tact_desktop.widgets.banner import Banner, BannerKind
from tact_desktop.widgets.icon_button import icon_button, show_icon
from tact_desktop.widgets.text import label
from tact_desktop.widgets.waiting_card import Card, UndeliveredCard, WaitingCard

Made = TypeVar("Made", WaitingCard, AlertCard, UndeliveredCard)


class WaitingPanel(QWidget):
    """Cards that change in place: the focus and the place in the list stay. Signals carry the id of a message."""

    send_now = Signal(str)
    edit = Signal(str)
    tell_only = Signal(str)
    withdraw = Signal(str)
    send_again = Signal(str)
    dismiss = Signal(str)
    open_conversation = Signal(str)
    close_requested = Signal()
    card_noticed = Signal(str)
    """The keyboard has come to the card of this message."""
    looked = Signal()
    """Other cards may have come into sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(words.WAITING)
        self._cards: dict[str, WaitingCard] = {}
        self._alerts: dict[str, AlertCard] = {}
        self._failed: dict[str, UndeliveredCard] = {}
        self._known: list[Card] = []
        self._title = label(words.waiting_title(0), "title")
        self._banner = Banner()
        self._empty = _Empty()
        self._waiting_rows, self._alert_rows, self._failed_rows = QVBoxLayout(), QVBoxLayout(), QVBoxLayout()
        self._alerts_title, self._failed_title = label(role="heading"), label(role="heading")
        self._stale = label(wording_waiting.LAST_KNOWN, "foot", wrap=True)
        self._foot = label(role="foot")
        self._close = icon_button("x", words.CLOSE_WAITING)
        self._close.clicked.connect(self.close_requested)
        self._lay_out()
        self.show_items((), (), 0)

    def show_items(
        self,
        waiting: Sequence[Waiting],
        undelivered: Sequence[Undelivered],
        delivered_today: int,
        alerts: Sequence[Waiting] = (),
    ) -> None:
        """Everything there is, in order."""
        place = self._focused()
        held = {item.entry.id: item for item in waiting}
        self._put(self._cards, self._waiting_rows, list(held), lambda key: WaitingCard(held[key]))
        asked = {item.entry.id: item for item in alerts}
        self._put(self._alerts, self._alert_rows, list(asked), lambda key: AlertCard(asked[key]))
        for key, item in (held | asked).items():
            (self._alerts if item.entry.alert else self._cards)[key].show_item(item)
        failed = {item.id: item for item in undelivered}
        self._put(self._failed, self._failed_rows, list(failed), lambda key: UndeliveredCard(failed[key]))
        for key, item in failed.items():
            self._failed[key].show_item(item)
        self._keep_order()
        self._title.setText(words.waiting_title(len(waiting)))
        self._head(self._alerts_title, wording_waiting.alerts_title(len(alerts)), bool(alerts))
        self._head(self._failed_title, words.undelivered_title(len(undelivered)), bool(undelivered))
        self._stale.setVisible(any(item.stale for item in (*waiting, *alerts)))
        anything = bool(waiting or alerts or undelivered)
        self._empty.setVisible(not anything)
        self._scroll.setVisible(anything)
        self._foot.setText(words.delivered_today(delivered_today))
        self._keep_focus(place)

    def in_sight(self) -> tuple[str, ...]:
        """The ids of what waits whose cards can be seen, at least in part."""
        cards: Iterable[Card] = (*self._cards.values(), *self._alerts.values())
        return tuple(card.key for card in cards if card.isVisible() and not card.visibleRegion().isEmpty())

    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self.looked.emit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.looked.emit()

    def show_unreachable(self, sentence: str) -> None:
        """Says that the engine does not answer; "" once it does."""
        if sentence:
            self._banner.tell(sentence, BannerKind.WARNING, dismissable=False)
        else:
            self._banner.clear()

    def set_closable(self, closable: bool) -> None:
        """Whether the panel offers to be closed; its own window has a frame for that."""
        self._close.setVisible(closable)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_4, 0, theme.SPACE_2, 0)
        self._foot.setContentsMargins(theme.SPACE_4, 0, theme.SPACE_4, 0)
        said = QHBoxLayout()
        said.setContentsMargins(theme.SPACE_3, 0, theme.SPACE_3, 0)
        said.addWidget(self._banner)
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        held = QWidget()
        cards = QVBoxLayout(held)
        cards.setContentsMargins(theme.SPACE_3, 0, theme.SPACE_3, theme.SPACE_3)
        cards.setSpacing(theme.SPACE_2)
        for rows in (self._waiting_rows, self._alert_rows, self._failed_rows):
            rows.setSpacing(theme.SPACE_2)
        cards.addWidget(self._stale)
        cards.addLayout(self._waiting_rows)
        cards.addWidget(self._alerts_title)
        cards.addLayout(self._alert_rows)
        cards.addWidget(self._failed_title)
        cards.addLayout(self._failed_rows)
        cards.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(held)
        self._scroll.verticalScrollBar().valueChanged.connect(self._scrolled)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, theme.SPACE_2, 0, theme.SPACE_2)
        rows.setSpacing(theme.SPACE_2)
        rows.addLayout(head)
        rows.addLayout(said)
        for part in (self._scroll, self._empty, self._foot):
            rows.addWidget(part, 1 if part in (self._scroll, self._empty) else 0)

    def _put(
        self, held: dict[str, Made], rows: QVBoxLayout, keys: Sequence[str], make: Callable[[str], Made]
    ) -> None:
        """Makes, drops and orders the cards of one section so that they are those of `keys`."""
        for gone in [key for key in held if key not in keys]:
            card = held.pop(gone)
            rows.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, key in enumerate(keys):
            if key not in held:
                held[key] = make(key)
                held[key].acted.connect(self._act)
                held[key].noticed.connect(self.card_noticed)
            if rows.indexOf(held[key]) != place:
                rows.removeWidget(held[key])
                rows.insertWidget(place, held[key])
                held[key].show()

    def _scrolled(self, _value: int) -> None:
        self.looked.emit()

    def _act(self, action: str, key: str) -> None:
        signals = {
            words.SEND_NOW: self.send_now,
            words.EDIT: self.edit,
            wording_waiting.TELL_ONLY: self.tell_only,
            words.WITHDRAW: self.withdraw,
            wording_waiting.MAKE_MESSAGE: self.edit,
            wording_waiting.STOP: self.withdraw,
            words.SEND_AGAIN: self.send_again,
            words.DELETE: self.dismiss,
            words.OPEN: self.open_conversation,
        }
        signals[action].emit(key)

    def _head(self, title: QLabel, text: str, shown: bool) -> None:
        title.setText(text)
        title.setVisible(shown)

    def _in_order(self) -> list[Card]:
        layouts = (self._waiting_rows, self._alert_rows, self._failed_rows)
        items = [rows.itemAt(place) for rows in layouts for place in range(rows.count())]
        return [card for item in items if item is not None and isinstance(card := item.widget(), Card)]

    def _keep_order(self) -> None:
        """The keyboard and a screen reader go through the cards as they stand."""
        cards = self._in_order()
        if cards == self._known:
            return
        self._known = cards
        for card in cards:
            card.raise_()
        for before, after in pairwise(part for card in cards for part in card.focus_order()):
            self.setTabOrder(before, after)

    def _focused(self) -> int | None:
        """The place of the card that has the focus or holds who has it."""
        focus = self.focusWidget()
        places = (
            i
            for i, card in enumerate(self._in_order())
            if focus and (card is focus or card.isAncestorOf(focus))
        )
        return next(places, None)

    def _keep_focus(self, place: int | None) -> None:
        """Where the card that had the focus is gone, the one in its place gets it."""
        if place is None or self._focused() is not None:
            return
        cards = self._in_order()
        if cards:
            cards[min(place, len(cards) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)


class _Empty(QWidget):
    """What stands where nothing waits."""

    def __init__(self) -> None:
        super().__init__()
        self._sign = label()
        self._sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.SPACE_4, theme.SPACE_4, theme.SPACE_4, theme.SPACE_4)
        rows.setSpacing(theme.SPACE_1)
        rows.addStretch(1)
        rows.addWidget(self._sign)
        for text, role in ((words.NOTHING_WAITS, "strong"), (words.NOTHING_WAITS_HINT, "quiet")):
            line = label(text, role, wrap=True)
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            rows.addWidget(line)
        rows.addStretch(1)
        theme.theme().changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        show_icon(self._sign, "hourglass", "text_disabled", 32)
