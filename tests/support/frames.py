"""One or more examples of every frame, with every field used in one and left out in another."""

import msgspec

from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Clause, Condition, Group, Verdict
from tact_engine.core.effects import Standing
from tact_engine.core.envelope import Delivery, Otherwise, Receipt, State, Submission
from tact_engine.core.facts import Amendment
from tact_engine.core.presence import Presence, Reading
from tact_engine.core.privacy import Audience, Privacy, Rule
from tact_engine.core.window import Window
from tact_engine.wire import frames
from tact_engine.wire.frames import NUMBER_MAX, Frame

RECEIPT = Receipt("m1", "mary", State.HELD, 2, 10, 20, 30, 4, second=True)
DELIVERY = Delivery(
    "m1",
    "tom",
    "direct-1",
    ("tom", "mary"),
    bytes(range(256)),
    "text/plain",
    3,
    10,
    20,
    enc="e",
    delayed=True,
    revision=3,
)
PERSON = Presence(
    "mary",
    7,
    {
        "OnlineStatus": Reading(True, 10, source="engine"),
        "UserMood": Reading("SAD", 10, 20, previous=Reading("HAPPY", 5, previous=Reading("NONE", 1))),
    },
    hidden=("Idle",),
    unusable=("FreeTextLocation",),
)
PATIENT = Condition(
    any=(Group((Clause("Idle", "ge", 60), Clause("UserMood", "in", ("SAD", "HAPPY")))),),
    edge=True,
    dwell=600,
    not_before=1_800_000_000_000,
    window=Window("22:00", "06:00", (1, 7)),
)
SUBMISSION = Submission(
    "m1",
    ("mary", "john"),
    b"\x00\xff",
    "text/x",
    "e",
    PATIENT,
    60,
    Otherwise.DELIVER,
    keep_order=True,
    alert=True,
)
PRIVACY = Privacy(
    {
        "Idle": Rule(Audience.CHOSEN, ("tom",), usable=False),
        "Alias": Rule(),
        "UserMood": Rule(Audience.NOBODY),
    },
    blocked=("john",),
    vips=("tom", "anna"),
)
STANDING = Standing(
    "mary",
    Verdict(None, False, ((True, None), (False,)), not_before=False, window=None),
    armed=False,
    dwell_left_ms=1_500,
    behind="m0",
    paused=True,
)
EXAMPLES: list[Frame] = [
    frames.Hello(1, "engine-1", "Büro", b"\x00\xff" * 16, True),
    frames.SignIn(
        1,
        "tom",
        b"k" * 32,
        b"s" * 64,
        {"UserMood": "SAD", "OnlineStatus": True, "Idle": 5, "Alias": None},
        {"UserMood": 20},
    ),
    frames.SignIn(1, "tom", b"", b""),
    frames.Welcome("tom", 1_800_000_000_000),
    frames.SetPresence(1, {"StatusText": "“<b>\u2028\x00👩\u200d💻"}),
    frames.SetPresence(1, {"UserMood": "SAD", "Alias": None}, {"UserMood": NUMBER_MAX}),
    frames.SetPrivacy(1, PRIVACY),
    frames.SetPrivacy(1, Privacy()),
    frames.PrivacyFrame(PRIVACY),
    frames.PrivacyFrame(Privacy()),
    frames.People((PERSON, Presence("tom", 0, {}))),
    frames.People(()),
    frames.Submit(NUMBER_MAX, SUBMISSION),
    frames.Submit(0, Submission("", (), b"")),
    frames.Edit(3, "m1", 2, Amendment(b"new", PRESETS["available"], 60, Otherwise.DRAFTS, alert=False)),
    frames.Edit(3, "m1", 2, Amendment()),
    frames.Edit(3, "m1", 2, Amendment(when=WHEN_ONLINE)),
    frames.SendNow(4, "m1"),
    frames.Withdraw(5, "m1"),
    frames.Pause(5, "m1"),
    frames.Resume(5, "m1"),
    frames.Explain(5, "m1"),
    frames.Done(6, (), (STANDING, Standing("mary", Verdict(True, True, ())))),
    frames.Done(6, (RECEIPT, msgspec.structs.replace(RECEIPT, serial=0))),
    frames.Done(6),
    frames.RefusedFrame(7, "bad_value", "No.", "1.2"),
    frames.RefusedFrame(0, "bad_value", "No."),
    frames.Deliver(8, (DELIVERY, msgspec.structs.replace(DELIVERY, enc="", delayed=False, revision=1))),
    frames.Deliver(8, (DELIVERY,), more=True),
    frames.Acknowledge({"m1": 1, "m2": NUMBER_MAX}),
    frames.Acknowledge({}),
    frames.MarkRead(("m1",)),
    frames.News((RECEIPT,)),
    frames.Note(9),
    frames.SignOut(),
    frames.SignOut(optional=True),
]
