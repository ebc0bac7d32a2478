"""One or more examples of every frame, with every field used in one and left out in another."""

import msgspec

from tact_engine.core.conditions import PRESETS, WHEN_ONLINE
from tact_engine.core.envelope import Delivery, Receipt, State, Submission
from tact_engine.core.facts import Amendment
from tact_engine.core.presence import Presence, Reading
from tact_engine.wire import frames
from tact_engine.wire.frames import NUMBER_MAX, Frame

RECEIPT = Receipt("m1", "mary", State.HELD, 2, 10, 20, 30, 4)
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
)
PERSON = Presence(
    "mary",
    7,
    {"OnlineStatus": Reading(True, 10, source="engine"), "Idle": Reading(5, 10, until=20, source="client")},
)
SUBMISSION = Submission("m1", ("mary", "john"), b"\x00\xff", "text/x", "e", PRESETS["not angry"], 60)
EXAMPLES: list[Frame] = [
    frames.Hello(1, "engine-1", "Büro", b"\x00\xff" * 16, True),
    frames.SignIn(1, "tom", b"k" * 32, b"s" * 64, {"UserMood": "SAD", "OnlineStatus": True, "Idle": 5}),
    frames.SignIn(1, "tom", b"", b""),
    frames.Welcome("tom", 1_800_000_000_000),
    frames.SetPresence(1, {"StatusText": "“<b>\u2028\x00👩\u200d💻"}),
    frames.People((PERSON, Presence("tom", 0, {}))),
    frames.People(()),
    frames.Submit(NUMBER_MAX, SUBMISSION),
    frames.Submit(0, Submission("", (), b"")),
    frames.Edit(3, "m1", 2, Amendment(b"new", PRESETS["available"], 60)),
    frames.Edit(3, "m1", 2, Amendment()),
    frames.Edit(3, "m1", 2, Amendment(when=WHEN_ONLINE)),
    frames.SendNow(4, "m1"),
    frames.Withdraw(5, "m1"),
    frames.Done(6, (RECEIPT, msgspec.structs.replace(RECEIPT, serial=0))),
    frames.Done(6),
    frames.RefusedFrame(7, "bad_value", "No.", "1.2"),
    frames.RefusedFrame(0, "bad_value", "No."),
    frames.Deliver(8, (DELIVERY, msgspec.structs.replace(DELIVERY, enc="", delayed=False))),
    frames.Acknowledge(("m1", "m2")),
    frames.Acknowledge(()),
    frames.MarkRead(("m1",)),
    frames.News((RECEIPT,)),
    frames.Note(9),
    frames.SignOut(),
    frames.SignOut(optional=True),
]
