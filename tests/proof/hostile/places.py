"""A window that is shown hostile texts: `python -m tests.proof.hostile.places` reads them and tells what it shows.

Samples come as one line of JSON, after which all places are shown harmless words once, so that what is loaded lazily is
there. Then the file BEGIN is asked for, which does not exist: whoever traces this process knows that it begins.
"""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import UTC
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QTextDocumentFragment
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QListView,
    QMenu,
    QToolTip,
    QWidget,
)

from tact_desktop import theme
from tact_desktop.panels.conversation import ConversationPanel
from tact_desktop.panels.people import PeoplePanel
from tact_desktop.panels.privacy import PrivacyPanel
from tact_desktop.panels.waiting import WaitingPanel
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.outbox import waiting
from tact_desktop.state.people import Person
from tact_desktop.state.timeline import rows
from tact_desktop.state.wording import notice
from tact_desktop.state.wording_panels import undelivered
from tact_desktop.state.wording_window import window_title
from tact_desktop.widgets.banner import Banner
from tact_desktop.widgets.people_delegate import PersonRole
from tact_desktop.widgets.people_picker import PeoplePicker
from tact_desktop.widgets.person_header import PersonHeader
from tact_desktop.widgets.person_menu import person_menu
from tact_desktop.widgets.row_menu import row_menu
from tact_desktop.widgets.text import Elided, message_box, plain_tooltip
from tact_desktop.widgets.toast import Toast
from tact_desktop.widgets.waiting_card import UndeliveredCard, WaitingCard
from tact_engine.core.presence import Presence, Reading
from tests.proof.hostile.samples import Sample
from tests.support.programs import programs

BEGIN = "/tact-begins-to-show"
AT_ONCE = 30
WATCHED = ("open", "socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "webbrowser.")
HOUR = 3_600_000
Shown = dict[str, str]
W = TypeVar("W", bound=QWidget)


def main() -> None:
    """Show every sample everywhere, and print what is seen of each."""
    given = json.loads(sys.stdin.readline())
    samples = [Sample(**each) for each in given]
    application = QApplication([])
    theme.apply(application, theme.Scheme.LIGHT)
    plain = [
        Sample(-1, "", "Hello שלום مرحبا 你好 🙂 https://ü.example", "Bob", "here"),
        Sample(-2, "", "x", "Bob", "here"),
    ]
    done: list[str] = []
    with programs() as handed:
        show(plain)
        sys.addaudithook(lambda event, arguments: _note(done, event, arguments))
        os.path.exists(BEGIN)
        shown = [
            each
            for start in range(0, len(samples), AT_ONCE)
            for each in show(samples[start : start + AT_ONCE])
        ]
        os.path.exists(BEGIN)
    print(json.dumps({"shown": shown, "did": done, "handed": handed}))


def _note(done: list[str], event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(WATCHED) and not str(arguments[0]).endswith((".py", ".pyc", ".svg")):
        done.append(f"{event} {arguments[:1]}"[:200])


def show(samples: Sequence[Sample]) -> list[Shown]:
    """What is seen of each sample in every place, by the name of the place."""
    people = {handle(each): person(each) for each in samples}
    entries = [entry(each, place) for place, each in enumerate(samples)]
    shown: list[Shown] = [{"number": str(each.number)} for each in samples]
    for maker in (conversation, people_list, cards, small_places):
        for one, more in zip(shown, maker(samples, people, entries), strict=True):
            one.update(more)
    return shown


def handle(sample: Sample) -> str:
    """Handles are harmless: no engine lets in others."""
    return f"p{abs(sample.number)}"


def person(sample: Sample) -> Person:
    """The colleague of a sample."""
    values = {"Alias": sample.name, "OnlineStatus": True, "StatusText": sample.status}
    readings = {name: Reading(value, 0) for name, value in values.items()}
    return Person(handle(sample), Presence(handle(sample), 1, readings))


def entry(sample: Sample, place: int) -> Entry:
    """What they wrote."""
    author = handle(sample)
    return Entry(
        str(place), "c", author, False, sample.text, Stage.DELIVERED, ("me",), HOUR, place + 1, HOUR, HOUR
    )


def conversation(
    samples: Sequence[Sample], people: dict[str, Person], entries: Sequence[Entry]
) -> Iterator[Shown]:
    """Header, bubbles and the author above each."""
    panel = ConversationPanel()
    panel.resize(500, 4_000)
    panel.show()
    made = [
        each
        for each in rows(entries, people | {"x": person(Sample(-3, "", "", "x", ""))}, "x", HOUR, UTC)
        if each.author
    ]
    panel.show_person(people[handle(samples[0])], HOUR, UTC)
    panel.show_rows(made)
    draw(panel)
    listed, header = only(panel, QListView), only(panel, PersonHeader)
    model = listed.model()
    seen = [(str(model.index(place, 0).data()), said(listed, place)) for place in range(model.rowCount())]
    for place, each in enumerate(samples):
        panel.show_person(people[handle(each)], HOUR, UTC)
        header.grab()
        labels = [label.text() for label in header.findChildren(Elided)]
        yield {
            "row": seen[place][0],
            "row said": seen[place][1],
            "author": made[place].author,
            "header": labels[0],
            "header handle": labels[1],
            "header line": labels[2],
        }
    panel.close()


def people_list(
    samples: Sequence[Sample], people: dict[str, Person], entries: Sequence[Entry]
) -> Iterator[Shown]:
    """The list of people with its tool tips, and their boxes and choices elsewhere."""
    panel, privacy = PeoplePanel(), PrivacyPanel()
    panel.resize(264, 60 * len(samples) + 100)
    panel.show_people(tuple(people.values()), HOUR, UTC)
    draw(panel)
    listed = only(panel, QListView)
    model = listed.model()
    names = {each: one.name for each, one in people.items()}
    privacy.show_me(next(iter(people.values())).presence, names, HOUR, UTC)
    draw(privacy)
    picker = PeoplePicker(privacy)
    picker.open_at(QPoint(), "", names, ())
    draw(picker)
    boxes = picker.findChildren(QCheckBox)
    for place, each in enumerate(samples):
        index = model.index(place, 0)
        assert index.data(PersonRole.HANDLE) == handle(each)
        yield {
            "person": index.data(PersonRole.NAME),
            "person said": said(listed, place),
            "person line": index.data(PersonRole.LINE),
            "person tip": tip(index.data(Qt.ItemDataRole.ToolTipRole)),
            "picker": boxes[place].text(),
            "viewer": only(privacy, QComboBox).itemText(place),
        }
    panel.close()
    privacy.close()


def cards(samples: Sequence[Sample], people: dict[str, Person], entries: Sequence[Entry]) -> Iterator[Shown]:
    """What waits for them and what did not arrive."""
    panel = WaitingPanel()
    panel.resize(320, 8_000)
    held = [replace(each, own=True, stage=Stage.HELD, recipients=(each.author,)) for each in entries]
    items = waiting(held, people, HOUR)
    by_id = {item.entry.id: item for item in items}
    failed = [undelivered(each, by_id[each.id].name, HOUR, UTC) for each in held]
    panel.show_items(items, failed, 0)
    draw(panel)
    waits = {card.key: card for card in panel.findChildren(WaitingCard)}
    lost = {card.key: card for card in panel.findChildren(UndeliveredCard)}
    for each in held:
        name, text = (label.text() for label in waits[each.id].findChildren(Elided)[:2])
        lost_name, lost_text = (label.text() for label in lost[each.id].findChildren(Elided)[:2])
        yield {
            "card name": name,
            "card": text,
            "card said": waits[each.id].accessibleName(),
            "lost name": lost_name,
            "lost": lost_text,
            "lost said": lost[each.id].accessibleName(),
        }
    panel.close()


def small_places(
    samples: Sequence[Sample], people: dict[str, Person], entries: Sequence[Entry]
) -> Iterator[Shown]:
    """Boxes, tool tips, menus, titles, banners, toasts, notifications: one after the other."""
    around = QWidget()
    around.resize(500, 300)
    banner, toast = Banner(around), Toast(around)
    around.show()
    made = rows(entries, people, "me", HOUR, UTC)
    bubbles = {each.key: each for each in made}
    for place, each in enumerate(samples):
        who = people[handle(each)]
        box, more = message_box(around, each.name, each.text), message_box(around, "", "x", each.text)
        labels = [label for made in (box, more) for label in made.findChildren(QLabel) if label.text()]
        for each_box in (box, more):
            draw(each_box)
        menu = row_menu(around, bubbles[str(place)], lambda *_: None, lambda: None, lambda _: None)
        about = person_menu(around, who, lambda *_: None)
        for each_menu in (menu, about):
            draw(each_menu)
        banner.tell(f"Sorry, {who.name} is away", actions=[("go", who.name)])
        toast.offer("key", f"Told {who.name}")
        draw(around)
        around.setWindowTitle(window_title(who.name, 0))
        QToolTip.showText(around.pos(), plain_tooltip(each.text), around)
        said_by = notice([who.name], [each.text], False)
        yield {
            "box": box.text(),
            "box detail": more.informativeText(),
            "box formats": " ".join(sorted({label.textFormat().name for label in labels})),
            "box title": box.windowTitle(),
            "tip": tip(plain_tooltip(each.text)),
            "menu": "\n".join(spoken(menu)),
            "person menu": spoken(about)[0],
            "banner": banner.sentence(),
            "banner button": [each.text() for each in banner.findChildren(QAbstractButton) if each.text()][
                -1
            ],
            "toast": next(label.text() for label in toast.findChildren(QLabel)),
            "title": around.windowTitle(),
            "notice title": said_by.title,
            "notice": said_by.body,
        }
        for each_widget in (box, more, menu, about):
            each_widget.close()
            each_widget.deleteLater()
        QToolTip.hideText()
    around.close()


def draw(widget: QWidget) -> None:
    """Puts all of it on a picture."""
    widget.show()
    QApplication.processEvents()
    widget.grab()


def only(panel: QWidget, kind: type[W]) -> W:
    """The one part of a panel that is such a thing."""
    (found,) = panel.findChildren(kind)
    return found


def said(listed: QListView, place: int) -> str:
    """What a screen reader says of a row."""
    return QAccessible.queryAccessibleInterface(listed).child(place).text(QAccessible.Text.Name)


def tip(text: str) -> str:
    """What is to be read in a tool tip."""
    return QTextDocumentFragment.fromHtml(text).toPlainText()


def spoken(menu: QMenu) -> list[str]:
    """The entries as they are read: one "&" for two."""
    return [
        action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
        for action in menu.actions()
        if action.text()
    ]


def as_line(samples: Sequence[Sample]) -> str:
    """What `main` reads."""
    return json.dumps([asdict(each) for each in samples]) + "\n"


if __name__ == "__main__":
    main()
