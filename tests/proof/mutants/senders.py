"""Bugs in what a sender can do with a message, and in what a sender is told."""

from tests.proof.mutants.bug import CORE, STORE, Mutant

SENDING = (
    Mutant(
        "the same id again is a second message",
        f"{CORE}/sending.py",
        "if view.envelopes(fact.submission.id):",
        "if not fact.submission.id:",
    ),
    Mutant(
        "a retry may carry another text",
        f"{CORE}/sending.py",
        "same = same and (content.body, content.content_type, content.enc) == given",
        "same = same and (content.content_type, content.enc) == given[1:]",
        "tests/engine/core/test_sending.py",
    ),
    Mutant(
        "one more waits for a person than may",
        f"{CORE}/sending.py",
        "if count + 1 > view.limits.held_per_pair_max:",
        "if count > view.limits.held_per_pair_max:",
        "model",
    ),
    Mutant(
        "an order is not kept",
        f"{CORE}/sending.py",
        "if not submission.keep_order:",
        "if not submission.keep_order or submission.to:",
    ),
    Mutant(
        "the end of the first frees nobody behind it",
        f"{CORE}/settling.py",
        "replace(decision, then=freed((each for each in moved if each.state not in ENDED), view))",
        "decision",
    ),
    Mutant(
        "a second life never begins",
        f"{CORE}/settling.py",
        "return envelope.otherwise is Otherwise.DELIVER and not envelope.second",
        "return envelope.otherwise is Otherwise.DRAFTS and not envelope.second",
    ),
    Mutant(
        "a second life never ends",
        f"{CORE}/settling.py",
        "return envelope.otherwise is Otherwise.DELIVER and not envelope.second",
        "return envelope.otherwise is Otherwise.DELIVER",
    ),
)

AMENDING = (
    Mutant(
        "to take a message back does not look where it stands",
        f"{CORE}/amending.py",
        "if next_state(envelope.state, Move.WITHDRAW) and not _is_over(envelope, now)",
        "if not _is_over(envelope, now)",
        also=(("for envelope in able if envelope.state is State.HELD\n", "for envelope in able\n"),),
    ),
    Mutant(
        "somebody else's message can be taken back",
        f"{CORE}/amending.py",
        "    if not envelopes or envelopes[0].sender != view.handle_of(session):\n",
        "    if not envelopes:\n",
        "tests/engine/core/test_amending.py",
    ),
    Mutant(
        "an edit does not look again",
        f"{CORE}/amending.py",
        "then = (*again, Reply(fact.session, fact.request, fact.id))",
        "then = (*again[:0], Reply(fact.session, fact.request, fact.id))",
    ),
    Mutant(
        "an edit keeps the old text",
        f"{STORE}/performer.py",
        "        if write.body is not None:\n            self._put_body",
        "        if write.body is not None and write.alert:\n            self._put_body",
    ),
    Mutant(
        "an edit does not look at the revision",
        f"{CORE}/amending.py",
        "if first.revision != fact.revision:",
        "if first.revision < fact.revision:",
        "tests/engine/core/test_amending.py",
    ),
    Mutant(
        "a message that is open in an editor goes with others",
        f"{STORE}/view.py",
        "rows = (row for row in merge(*runs) if row[0] not in self._live.leases)",
        "rows = merge(*runs)",
    ),
    Mutant(
        "an editor that is not heard of holds a message back for ever",
        f"{CORE}/amending.py",
        "until = now.ticks_ms + view.limits.lease_ms",
        "until = now.ticks_ms + 10**6 * view.limits.lease_ms",
    ),
)

TELLING = (
    Mutant(
        "news are not told again at a sign-in",
        f"{CORE}/attending.py",
        "news, away = more_news(fact.handle, 0, view), held_again",
        "news, away = Decision(), held_again",
    ),
    Mutant(
        "a note forgets news that came later",
        f"{STORE}/performer.py",
        "WHERE sender = ? AND serial <= ?",
        "WHERE sender = ? AND serial + 0 * ? > 0",
        "tests/engine/core/test_telling.py",
    ),
    Mutant(
        "that a message left is told to whom it must not be",
        f"{CORE}/telling.py",
        "        elif envelope.state not in (State.RELEASED, State.HELD) or may_know(envelope, view):\n",
        "        else:\n",
    ),
    Mutant(
        "that a message arrived is told to whom it must not be",
        f"{CORE}/telling.py",
        "if envelope.state is State.DELIVERED and not envelope.alert and not may_know(envelope, view):",
        "if envelope.state is State.DELIVERED and envelope.alert and not may_know(envelope, view):",
    ),
    Mutant(
        "what arrived quietly is never told",
        f"{CORE}/telling.py",
        "return news_of(ended, view, tuple(BreakSilence(envelope) for envelope in ended))",
        "return Decision(tuple(BreakSilence(envelope) for envelope in ended))",
    ),
    Mutant(
        "an alert that came true seems to wait, and is told again at its end",
        f"{CORE}/telling.py",
        "        if envelope.state is State.READ and view.is_quiet(envelope):\n",
        "        if envelope.alert and envelope.state is State.DELIVERED:\n"
        "            quiet.append(KeepQuiet(envelope))\n"
        "        if envelope.state is State.READ and view.is_quiet(envelope):\n",
    ),
    Mutant(
        "an alert tells who is online to whom that is hidden",
        f"{CORE}/releasing.py",
        "return None if alert and not sight.shows_online else verdict.truth",
        "return verdict.truth",
        "tests/engine/core/test_releasing.py",
    ),
    Mutant(
        "an explanation tells who is really online",
        f"{CORE}/telling.py",
        "verdict = evaluate(envelope.condition, sight.values, sight.at_ms)",
        "verdict = evaluate(envelope.condition, sight.values, sight.at_ms, presence.online)",
        "pairs",
    ),
    Mutant(
        "everybody is told that something changed which they may not see",
        f"{CORE}/attending.py",
        "if before is not None and same_sight(",
        "if before is None and same_sight(",
        "pairs",
        also=(("shown(before, old, viewer)", "shown(before or after, old, viewer)"),),
    ),
    Mutant(
        "the number of a presence document tells that something hidden has changed",
        f"{CORE}/privacy.py",
        "Presence(presence.handle, VERSION_OF_OTHERS, readings",
        "Presence(presence.handle, presence.version, readings",
        "pairs",
    ),
    Mutant(
        "whoever changed last, hidden or not, stands last among all people",
        f"{STORE}/view.py",
        "            live.common[handle] = shown(",
        "            live.common.pop(handle, None)\n            live.common[handle] = shown(",
        "pairs",
    ),
    Mutant(
        "since when a message waits again tells that it had left",
        f"{CORE}/telling.py",
        "        since=envelope.accepted_at,\n",
        "",
        "pairs",
    ),
)

SENDERS = (*SENDING, *AMENDING, *TELLING)
