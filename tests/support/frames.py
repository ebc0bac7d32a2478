"""One or more examples of every frame, with every field used in one and left out in another."""

import msgspec

from tact_engine.core.conditions import PRESETS, WHEN_ONLINE, Clause, Condition, Group, Verdict
from tact_engine.core.effects import Standing
from tact_engine.core.envelope import Delivery, Otherwise, Receipt, State, Submission
from tact_engine.core.facts import Amendment
from tact_engine.core.members import (
    Device,
    Health,
    JoinRequest,
    Member,
    OpenInvitation,
    Purpose,
    Role,
)
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
DEVICE = Device("0" * 16, 1, 2, "pc-tom")
MEMBER = Member("tom", Role.HOST, 1, (DEVICE, Device("1" * 16, 1, 1)), "anna", 7, has_password=True)
INVITATION = OpenInvitation("2" * 16, Purpose.DEVICE, "tom", 1, 2, "mary")
REQUEST = JoinRequest("eve", "3" * 16, 5, "Eve", "pc-eve", "10.0.0.9")
HEALTH = Health("0.1.0", 1, 2, 1, 3, 4, 120, 5_000, disk_is_low=False)
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
    frames.SignIn(1, "tom", b"", b"", token=b"t" * 16, password="“secret”", computer="pc-tom"),
    frames.Welcome("tom", 1_800_000_000_000),
    frames.Welcome("tom", 1_800_000_000_000, host=True),
    frames.Invite(1),
    frames.Invite(1, Purpose.DEVICE, "mary"),
    frames.Revoke(1, "0" * 16),
    frames.Approve(1, "eve", "0" * 16),
    frames.Decline(1, "eve", "0" * 16),
    frames.SetPassword(1, "“secret”"),
    frames.LookOver(1),
    frames.RemoveDevice(1, "mary", "0" * 16),
    frames.RemovePerson(1, "mary", withdraw=True),
    frames.Done(6, invitation=frames.Issued(b"t" * 16, 20, "pc:8228", "mary")),
    frames.OverviewFrame(1, (MEMBER,), (INVITATION,), (REQUEST,), HEALTH),
    frames.OverviewFrame(1),
    frames.Requests((REQUEST, JoinRequest("eve", "0" * 16, 5))),
    frames.Requests(()),
    frames.SetPresence(1, {"StatusText": "“<b>\u2028\x00👩\u200d💻"}),
    frames.SetPresence(1, {"UserMood": "SAD", "Alias": None}, {"UserMood": NUMBER_MAX}),
    frames.SetPrivacy(1, PRIVACY),
    frames.SetPrivacy(1, Privacy()),
    frames.PrivacyFrame(PRIVACY),
    frames.PrivacyFrame(Privacy()),
    frames.People((PERSON, Presence("tom", 0, {}))),
    frames.People(()),
    frames.People((), ("eve",)),
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
    frames.RefusedFrame(7, "too_fast", "No.", retry_after=200),
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
