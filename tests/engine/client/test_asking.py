"""What a client asks: which frame each question becomes, and what its answer is."""

import asyncio
from uuid import UUID

import pytest

from tact_engine.client.asking import Asking, new_id
from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, one_group
from tact_engine.core.envelope import Delivery, Otherwise, Submission
from tact_engine.core.errors import LocalError, Refused
from tact_engine.core.facts import Amendment
from tact_engine.wire import frames as wire
from tact_engine.wire.codec import encode
from tests.support.frames import DELIVERY, PRIVACY, RECEIPT, STANDING

NOW_MS = 1_000_000
AVAILABLE = PRESETS["available"]


class Desk(Asking):
    """Somebody who asks over a link that the test holds in its hand."""

    def engine_ms(self) -> int:
        return NOW_MS

    def sent(self) -> list[wire.Frame]:
        return self._dialogue.to_send()

    def hears(self, frame: wire.Frame):
        self._dialogue.received(frame)


@pytest.fixture
def desk() -> Desk:
    desk = Desk({}, {})
    desk._dialogue.welcomed()
    return desk


async def asked(desk: Desk, question) -> tuple[wire.Frame, asyncio.Task]:
    """The frame that `question` becomes, and who waits for its answer."""
    task = asyncio.ensure_future(question)
    await asyncio.sleep(0)
    assert desk._to_write.is_set()
    (frame,) = desk.sent()
    return frame, task


QUESTIONS = {
    "submit": (
        lambda desk: desk.submit("mary", "hello", id="m1"),
        wire.Submit(1, Submission("m1", ("mary",), b"hello")),
    ),
    "submit, all of it": (
        lambda desk: desk.submit(
            ["mary", "john"],
            b"\xff",
            when="available",
            valid_for=60,
            otherwise="deliver",
            keep_order=True,
            id="m1",
            content_type="image/png",
        ),
        wire.Submit(
            1,
            Submission(
                "m1",
                ("mary", "john"),
                b"\xff",
                "image/png",
                when=AVAILABLE,
                valid_for=60,
                otherwise=Otherwise.DELIVER,
                keep_order=True,
            ),
        ),
    ),
    "alert": (
        lambda desk: desk.alert("mary", when=AVAILABLE, valid_for=60, id="m1"),
        wire.Submit(1, Submission("m1", ("mary",), b"", when=AVAILABLE, valid_for=60, alert=True)),
    ),
    "edit": (
        lambda desk: desk.edit(
            "m1", 2, text="new", when="online", valid_for=60, otherwise=Otherwise.DRAFTS, alert=False
        ),
        wire.Edit(1, "m1", 2, Amendment(b"new", WHEN_ONLINE, 60, Otherwise.DRAFTS, False)),
    ),
    "edit of nothing": (lambda desk: desk.edit("m1", 2), wire.Edit(1, "m1", 2, Amendment())),
    "edit of bytes": (
        lambda desk: desk.edit("m1", 2, text=b"\xff"),
        wire.Edit(1, "m1", 2, Amendment(b"\xff")),
    ),
    "send now": (lambda desk: desk.send_now("m1"), wire.SendNow(1, "m1")),
    "withdraw": (lambda desk: desk.withdraw("m1"), wire.Withdraw(1, "m1")),
    "pause": (lambda desk: desk.pause("m1"), wire.Pause(1, "m1")),
    "resume": (lambda desk: desk.resume("m1"), wire.Resume(1, "m1")),
}


@pytest.mark.parametrize(("ask", "frame"), QUESTIONS.values(), ids=QUESTIONS)
async def test_a_question_about_a_message_is_answered_with_how_it_stands(desk, ask, frame):
    said, answer = await asked(desk, ask(desk))
    assert said == frame
    desk.hears(wire.Done(1, (RECEIPT,), (STANDING,)))
    assert await answer == (RECEIPT,)


@pytest.mark.rule("U8")
async def test_why_a_message_waits_is_answered_with_the_standings(desk):
    said, answer = await asked(desk, desk.explain("m1"))
    assert said == wire.Explain(1, "m1")
    desk.hears(wire.Done(1, (RECEIPT,), (STANDING,)))
    assert await answer == (STANDING,)


async def test_rules_are_set_as_a_whole(desk):
    said, answer = await asked(desk, desk.set_privacy(PRIVACY))
    assert said == wire.SetPrivacy(1, PRIVACY)
    desk.hears(wire.Done(1))
    assert await answer is None


async def test_a_refusal_is_raised(desk):
    _, answer = await asked(desk, desk.pause("m1"))
    desk.hears(wire.RefusedFrame(1, "already_released", "Too late.", ""))
    with pytest.raises(Refused, match="Too late") as refused:
        await answer
    assert refused.value.code == "already_released"


async def test_every_submission_gets_an_id_of_its_own(desk):
    ids = set()
    for _ in range(3):
        said, answer = await asked(desk, desk.submit("mary", "hello"))
        assert isinstance(said, wire.Submit)
        ids.add(said.submission.id)
        answer.cancel()
    assert len(ids) == 3


def test_ids_sort_by_time_and_are_uuids():
    ids = [new_id() for _ in range(5)]
    assert ids == sorted(ids)
    assert {UUID(id).version for id in ids} == {7}


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda desk: desk.submit("mary", "x", when=one_group(("Shoes", "eq", "RED"))), "condition_unknown"),
        (lambda desk: desk.alert("mary", when=one_group(("Idle", "eq", 5))), "condition_unknown"),
        (
            lambda desk: desk.edit("m1", 1, when=one_group(("OnlineStatus", "eq", False))),
            "condition_impossible",
        ),
        (lambda desk: desk.set_presence({"UserMood": "GRUMPY"}), "bad_value"),
        (lambda desk: desk.set_presence({"UserMood": "SAD"}, until=NOW_MS), "bad_until"),
        (lambda desk: desk.set_presence({"UserMood": "SAD"}, until={"Alias": NOW_MS + 1}), "bad_until"),
        (lambda desk: desk.set_presence({"UserMood": None}, until={"UserMood": NOW_MS + 1}), "bad_until"),
        (lambda desk: desk.set_presence({"Idle": 5}, until={"Idle": NOW_MS + 1}), "bad_until"),
    ],
)
async def test_what_can_never_be_accepted_is_refused_before_it_is_asked(desk, ask, code):
    with pytest.raises(Refused) as refused:
        await ask(desk)
    assert refused.value.code == code
    assert desk.sent() == []
    assert desk._own.to_sign_in() == ({}, {}), "it would travel with every sign-in"


async def test_a_name_that_is_none_is_refused_before_it_is_asked(desk):
    with pytest.raises(LocalError, match="no condition called “soon”"):
        await desk.submit("mary", "x", when="soon")
    with pytest.raises(ValueError, match="burn"):
        await desk.submit("mary", "x", otherwise="burn")


# --- one's own presence


@pytest.mark.rule("P19")
async def test_presence_is_kept_for_later_sign_ins_and_asked_with_its_ends(desk):
    end = NOW_MS + 5
    said, answer = await asked(
        desk, desk.set_presence({"UserMood": "SAD", "Alias": None}, until={"UserMood": end})
    )
    assert said == wire.SetPresence(1, {"UserMood": "SAD", "Alias": None}, {"UserMood": end})
    assert desk._own.to_sign_in() == ({"UserMood": "SAD", "Alias": None}, {"UserMood": end})
    desk.hears(wire.Done(1))
    assert await answer is None


async def test_one_end_is_that_of_all_that_a_person_sets(desk):
    changes = {"UserMood": "SAD", "Activity": "LUNCH", "Idle": 5, "Alias": None}
    said, answer = await asked(desk, desk.set_presence(changes, until=NOW_MS + 5))
    assert said == wire.SetPresence(1, changes, {"UserMood": NOW_MS + 5, "Activity": NOW_MS + 5})
    answer.cancel()


# --- what needs no answer


@pytest.mark.rule("M25")
def test_an_acknowledgement_names_the_revision_that_came(desk):
    other = Delivery("m2", "tom", "direct-1", ("tom", "mary"), b"x", "text/plain", 4, 10, 20)
    desk.acknowledge([DELIVERY, other])
    assert desk.sent() == [wire.Acknowledge({"m1": 3, "m2": 1})]
    assert desk._to_write.is_set()


def test_many_ids_are_cut_into_frames_that_each_fit(desk):
    ids = [f"{number:03}" + "\x01" * 61 for number in range(400)]
    desk.acknowledge_copies(dict.fromkeys(ids, 2**53 - 1))
    desk.mark_read(ids)
    sent = desk.sent()
    copies = [id for frame in sent if isinstance(frame, wire.Acknowledge) for id in frame.copies]
    read = [id for frame in sent if isinstance(frame, wire.MarkRead) for id in frame.ids]
    assert (copies, read) == (ids, ids)
    assert max(len(encode(frame)) for frame in sent) <= wire.FRAME_BYTES_MAX


def test_nothing_to_say_is_no_frame(desk):
    desk.acknowledge([])
    desk.mark_read([])
    desk.note([])
    assert desk.sent() == []


def test_news_are_noted_up_to_the_last(desk):
    desk.note([RECEIPT, type(RECEIPT)("m2", "mary", RECEIPT.state, 1, 1, 1, 1, serial=3)])
    assert desk.sent() == [wire.Note(RECEIPT.serial)]


# --- ends


async def test_who_stops_waiting_is_not_answered_later(desk):
    _, answer = await asked(desk, desk.pause("m1"))
    answer.cancel()
    await asyncio.gather(answer, return_exceptions=True)
    desk.hears(wire.Done(1))
    desk._dialogue.welcomed()
    assert desk.sent() == []


async def test_an_answer_to_somebody_who_just_left_is_passed_over(desk):
    _, answer = await asked(desk, desk.pause("m1"))
    (waiting,) = desk._answers
    waiting.cancel()
    desk.hears(wire.Done(1))
    with pytest.raises(asyncio.CancelledError):
        await answer


async def test_after_the_end_every_question_gets_its_reason(desk):
    desk._ended = LocalError("It is over.")
    with pytest.raises(LocalError, match="It is over"):
        await desk.pause("m1")
