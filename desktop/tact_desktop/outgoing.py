"""One's own messages and alerts: what a person wants of them is stored first, then asked of the engine.

What the engine has not confirmed yet is kept as well: a message to take back, a change to make. The window may close
before the engine is back, and the next one asks again.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from tact_desktop.bridge import Bridge, new_id
from tact_desktop.local.changes import Change, Changes
from tact_desktop.local.history import History
from tact_desktop.state.draft import Draft, condition_of
from tact_desktop.state.entry import Entry, Stage
from tact_desktop.state.wording import refusal_text
from tact_engine.core.conditions import WHEN_ONLINE
from tact_engine.core.effects import Standing
from tact_engine.core.envelope import Otherwise, Receipt, State, conversation_of

TAKING_BACK_SETTING = "taking back"
"""Ids that the engine has not confirmed yet to be taken back."""
GONE = (Stage.EXPIRED, Stage.WITHDRAWN, Stage.FAILED)
"""Where a message ended without arriving, so that nothing can have changed it any more."""


class Outgoing(QObject):
    """What a window asks of the engine about its own messages, and what it hears of them.

    Signals: changed(conversation), complained(sentence), taken_back(entry as it was) when a message that was withdrawn
    is really gone, refused_change(entry, Change) when an edit was not accepted, explained(id) when it is known why a
    message waits, alerted(entry) when an alert has come true, drafted(entry) when one is to be a draft again.
    """

    changed = Signal(str)
    complained = Signal(str)
    taken_back = Signal(object)
    refused_change = Signal(object, object)
    explained = Signal(str)
    alerted = Signal(object)
    drafted = Signal(object)

    def __init__(self, me: str, history: History, bridge: Bridge, now_ms: Callable[[], int]) -> None:
        super().__init__()
        self.me, self.history, self.bridge, self.now_ms = me, history, bridge, now_ms
        self.standings: dict[str, tuple[Standing, ...]] = {}
        """Why messages wait, as the engine last explained it."""
        self.paused: set[str] = set()
        """The messages that are in an editor of this window."""
        self._taking_back: set[str] = set(history.setting(TAKING_BACK_SETTING, []))
        self._taken: dict[str, Entry] = {}
        self._changes = Changes(history)
        bridge.receipts.connect(self._on_receipts)
        bridge.settled.connect(self._on_settled)
        bridge.refused.connect(self._on_refused)
        bridge.explained.connect(self._on_explained)

    @property
    def is_up(self) -> bool:
        """Whether the engine is there."""
        return self.bridge.is_connected

    def ask_again(self) -> None:
        """Ask for everything that was not confirmed when this computer's window last closed, in the order of then."""
        for entry in self.history.unsent():
            if entry.id not in self._taking_back:
                self._hand_over(entry)
        for id in self._changes.ids:
            entry = self.history.entry(id)
            if entry is None or entry.stage in GONE:
                self._changes.keep(id, ())
            else:  # also where it has left: only the engine knows whether it left changed
                self._ask_change(entry, self._changes.of(id)[0])
        for id in self._taking_back:
            self.bridge.withdraw(id)

    # --- intents -----------------------------------------------------------------------------------------------

    def send(self, handle: str, draft: Draft) -> Entry:
        """Keep what was written, then hand it over now or once the engine is back; or ask to be told, for an alert."""
        entry = Entry(
            id=new_id(),
            conversation=conversation_of((self.me, handle)),
            author=self.me,
            own=True,
            text=draft.text.strip(),
            stage=Stage.UNSENT,
            recipients=(handle,),
            written_at=self.now_ms(),
            condition=condition_of(draft),
            valid_for=draft.valid_for,
            otherwise=_otherwise(draft),
            keep_order=draft.keep_order and not draft.alert,
            alert=draft.alert,
        )
        self._remember(entry)
        return entry

    def send_again(self, id: str) -> None:
        """A message that ended without arriving goes on its way once more, with its condition and its whole time."""
        entry = self.history.entry(id)
        if entry is not None:
            self.restore(entry)
            self.dismiss(id)

    def restore(self, entry: Entry) -> None:
        """Send what `entry` was once more, as a new message."""
        fresh = replace(
            entry,
            id=new_id(),
            stage=Stage.UNSENT,
            position=None,
            written_at=self.now_ms(),
            revision=1,
            text_revision=1,
            expires_at=0,
            second=False,
            corrected=False,
            outdated=False,
        )
        self._remember(replace(fresh, since=0, released_at=0, delayed=False, problem=""))

    def withdraw(self, id: str) -> Entry | None:
        """Take a waiting message back; what it was. `taken_back` says when it is gone."""
        entry = self.history.entry(id)
        if entry is None or not entry.waiting:
            return None
        if self._is_only_here(entry):
            self._take_back(entry)
            self.taken_back.emit(entry)
        else:
            self._taken[id] = entry
            self._ask_back(id)
        return entry

    def edit(self, id: str, draft: Draft) -> None:
        """Change a waiting message, shown changed once the engine has it; an alert can become one, and back."""
        self._change(
            id,
            Change(draft.text.strip(), condition_of(draft), draft.valid_for, _otherwise(draft), draft.alert),
        )

    def send_now(self, id: str) -> None:
        """Let a waiting message go as soon as its recipient is online; an alert has nothing to send."""
        entry = self.history.entry(id)
        if entry is None:
            return
        wanted = self._wanted(entry)
        if not wanted.alert:
            self._change(id, replace(wanted, condition=WHEN_ONLINE, now=True))

    def pause(self, id: str) -> None:
        """A waiting message is in the editor and shall not go; say it again every few minutes."""
        entry = self.history.entry(id)
        if entry is not None and entry.waiting:
            self.paused.add(id)
            self.bridge.pause(id)
            self.changed.emit(entry.conversation)

    def resume(self, id: str) -> None:
        """The editor was closed without a change."""
        if id in self.paused:
            self.paused.discard(id)
            self.bridge.resume(id)
            entry = self.history.entry(id)
            if entry is not None:
                self.changed.emit(entry.conversation)

    def explain(self, id: str) -> None:
        """Ask why a message waits; `explained` says when `standings` has it."""
        if self.is_up:
            self.bridge.explain(id)

    def dismiss(self, id: str) -> None:
        """Delete a message that ended without arriving."""
        entry = self.history.entry(id)
        self.history.dismiss(id)
        if entry is not None:
            self._say_changed([entry])

    # --- events ------------------------------------------------------------------------------------------------

    def _on_receipts(self, receipts: tuple[Receipt, ...]) -> None:
        changed = self._learn(receipts)
        self.bridge.note(receipts)
        self._say_changed(changed)

    def _learn(self, receipts: tuple[Receipt, ...]) -> list[Entry]:
        """Store what the engine told, and say what a person should hear of it at once."""
        before = {receipt.id: self.history.entry(receipt.id) for receipt in receipts}
        changed = self.history.learned(receipts)
        for entry in changed:
            self.standings.pop(entry.id, None)
            if not entry.waiting:
                self.paused.discard(entry.id)
            was = before[entry.id]
            moved = was is not None and was.stage is not entry.stage
            if moved and entry.alert and entry.stage is Stage.DELIVERED:
                self.alerted.emit(entry)
            if moved and entry.stage is Stage.EXPIRED and entry.otherwise is Otherwise.DRAFTS:
                self.drafted.emit(entry)
        return changed

    def _on_settled(self, id: str, receipts: tuple[Receipt, ...]) -> None:
        """An intent succeeded: only now is it shown."""
        gone = any(receipt.state is State.WITHDRAWN for receipt in receipts)
        asked, revision = self._changes.of(id), receipts[0].revision if receipts else 0
        if asked and revision > asked[0].revision:  # else it answers what was asked before the change
            self._amend(id, asked[0], receipts[0])
            self._keep_rest(id, revision)
        if gone:
            self._changes.keep(id, ())
        changed = self._learn(receipts)
        if gone:
            self.history.withdrawn(id)
        entry = self.history.entry(id)
        self._say_changed([*changed, *([entry] if entry else [])])
        if gone:
            self._answered_back(id, gone)

    def _amend(self, id: str, change: Change, receipt: Receipt) -> None:
        self.paused.discard(id)
        entry = self.history.amended(
            id,
            receipt.revision,
            text=change.text,
            condition=change.condition,
            valid_for=change.valid_for,
            expires_at=receipt.expires_at,
            otherwise=change.otherwise,
            alert=change.alert,
        )
        if entry is not None and id in self._taken:
            self._taken[id] = entry

    def _on_refused(self, id: str, code: str, text: str) -> None:
        """An intent was not accepted: nothing changed but what was never handed over."""
        entry = self.history.entry(id) if id else None
        sentence = refusal_text(code, text)
        if entry is not None and entry.stage is Stage.UNSENT and id not in self._taking_back:
            self._say_changed([self.history.refused(id, sentence, self.now_ms()) or entry])
        elif entry is not None and self._changes.of(id):
            self._refuse_change(entry)
            if id in self._taking_back:
                return  # the answer to that tells
        elif id in self._taking_back and code == "unknown_message":
            self._say_changed([each for each in [self.history.withdrawn(id)] if each])
            self._answered_back(id, gone=True)
            return
        else:
            self._answered_back(id, gone=False)
        self.complained.emit(sentence)

    def _refuse_change(self, entry: Entry) -> None:
        """What was to be made of `entry` cannot be; what a person wrote last is handed back to them."""
        written = [change for change in self._changes.of(entry.id) if not change.now]
        self._changes.keep(entry.id, ())
        if written and entry.id not in self._taking_back:
            self.paused.discard(entry.id)
            self.refused_change.emit(entry, written[-1])

    def _on_explained(self, id: str, standings: tuple[Standing, ...]) -> None:
        self.standings[id] = standings
        self.explained.emit(id)

    # --- changing ----------------------------------------------------------------------------------------------

    def _change(self, id: str, change: Change) -> None:
        entry = self.history.entry(id)
        if entry is None or not entry.waiting:
            return
        if self._is_only_here(entry):
            self._instead(entry, change)
            return
        before, asked = self._changes.of(id), replace(change, revision=entry.revision)
        self._changes.keep(id, (*before, asked))
        if not before:  # one after another: the engine takes a change of the present revision only
            self._ask_change(entry, asked)

    def _wanted(self, entry: Entry) -> Change:
        """What `entry` becomes once everything that was asked is made."""
        asked = self._changes.of(entry.id)
        now = Change(entry.text, entry.condition, entry.valid_for, entry.otherwise, entry.alert)
        return asked[-1] if asked else now

    def _keep_rest(self, id: str, revision: int) -> None:
        """A change was made, which is `revision` now; the next one is asked, if there is one."""
        rest = [replace(change, revision=revision) for change in self._changes.of(id)[1:]]
        self._changes.keep(id, rest)
        entry = self.history.entry(id)
        if rest and entry is not None:
            self._ask_change(entry, rest[0])

    def _ask_change(self, entry: Entry, change: Change) -> None:
        if change.now:
            self.bridge.send_now(entry.id)
            return
        turned = change.alert is not entry.alert
        self.bridge.edit(
            entry.id,
            change.revision,
            None if change.alert else change.text,
            change.condition,
            change.valid_for if change.valid_for != entry.valid_for else None,
            change.otherwise if turned or change.otherwise is not entry.otherwise else None,
            change.alert if turned else None,
        )

    # --- taking back -------------------------------------------------------------------------------------------

    def _is_only_here(self, entry: Entry) -> bool:
        """Whether the engine, which is away, does not have `entry` as far as anybody here knows."""
        return entry.stage is Stage.UNSENT and not self.is_up

    def _take_back(self, entry: Entry) -> None:
        """Erase what is only here. Should it have arrived although nobody said so, the engine is asked for it."""
        self._say_changed([self.history.withdrawn(entry.id) or entry])
        self._ask_back(entry.id)

    def _instead(self, entry: Entry, change: Change) -> None:
        """What was never handed over goes changed, as a message of its own: the old text must not go any more."""
        self._take_back(entry)
        self.restore(
            replace(
                entry,
                text=change.text,
                condition=change.condition,
                valid_for=change.valid_for,
                otherwise=change.otherwise,
                alert=change.alert,
            )
        )

    def _ask_back(self, id: str) -> None:
        self._taking_back.add(id)
        self.history.set_setting(TAKING_BACK_SETTING, sorted(self._taking_back))
        self.bridge.withdraw(id)

    def _answered_back(self, id: str, gone: bool) -> None:
        """The engine has answered whether a message could be taken back."""
        if id in self._taking_back:
            self._taking_back.discard(id)
            self.history.set_setting(TAKING_BACK_SETTING, sorted(self._taking_back))
        entry = self._taken.pop(id, None)
        if entry is not None and gone:
            self.taken_back.emit(entry)

    # --- the steps they share ----------------------------------------------------------------------------------

    def _remember(self, entry: Entry) -> None:
        self.history.remember([entry])
        self._hand_over(entry)
        self._say_changed([entry])

    def _hand_over(self, entry: Entry) -> None:
        if entry.alert:
            self.bridge.alert(entry.id, entry.recipients[0], entry.condition, entry.valid_for)
            return
        self.bridge.submit(
            entry.id,
            entry.recipients,
            entry.text,
            entry.condition,
            entry.valid_for,
            entry.otherwise,
            entry.keep_order,
        )

    def _say_changed(self, entries: Iterable[Entry]) -> None:
        """Announce each conversation that has something new, once."""
        found = tuple(entries)
        conversations = dict.fromkeys(entry.conversation for entry in found)
        if conversations:
            others = (
                each for entry in found for each in (entry.author, *entry.recipients) if each != self.me
            )
            self._recount(dict.fromkeys(others))
        for conversation in conversations:
            self.changed.emit(conversation)

    def _recount(self, handles: Iterable[str] | None = None) -> None:
        """Counts may have changed: of `handles`, or else of everybody."""


def _otherwise(draft: Draft) -> Otherwise:
    """What becomes of it at its end; an alert has nothing that could be delivered then."""
    return Otherwise.EXPIRE if draft.alert and draft.otherwise is Otherwise.DELIVER else draft.otherwise
