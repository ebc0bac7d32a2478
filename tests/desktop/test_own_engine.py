"""The engine of this computer as a window keeps it."""

from pathlib import Path
from typing import Any

import pytest

from tact_desktop import own_engine
from tact_desktop.bridge import Address, Invitation
from tact_desktop.own_engine import OwnEngine
from tact_engine.core.errors import LocalError
from tact_engine.service import Running

INVITATION = Invitation("e" * 64, "Office", "10.0.0.7", 8228, b"t" * 16)


class PaperProcess:
    """Runs nothing; `told` is what it was asked."""

    told: list[str]

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.ours = folder, False
        PaperProcess.told = []

    async def start(self) -> Running:
        self.told.append("start")
        self.ours = True
        return Running("e" * 64, "Office", "", 8228, 1)

    async def watch(self, restarted: object) -> None:
        self.told.append("watch")
        raise LocalError("It died too often.")

    async def stop(self) -> None:
        self.told.append("stop")
        self.ours = False

    def host_invitation(self) -> Invitation:
        return INVITATION


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, request: Any) -> OwnEngine:
    """On this computer an engine runs already where the test says so."""
    found = getattr(request, "param", False)

    async def running_in(folder: Path) -> object:
        return folder if found else None

    monkeypatch.setattr(own_engine, "EngineProcess", PaperProcess)
    monkeypatch.setattr(own_engine, "running_in", running_in)
    return OwnEngine()


async def test_nothing_is_there_until_somebody_wants_one(own):
    assert (own.runs, own.host_invitation()) == (False, None)
    await own.watch()
    await own.stop()
    assert await own.start() == Address("127.0.0.1", 8228, "e" * 64)
    assert (own.runs, own.name, own.host_invitation()) == (True, "Office", INVITATION)


@pytest.mark.parametrize(("own", "ended"), [(False, True), (True, False)], indirect=["own"])
async def test_only_what_was_started_here_is_undone(own, ended):
    await own.start()
    await own.start()
    await own.undo()
    assert ("stop" in PaperProcess.told) is ended
    assert not own.runs


async def test_one_that_is_let_go_runs_on(own):
    await own.start()
    own.let_go()
    assert PaperProcess.told == ["start"]
    assert not own.runs


async def test_one_that_cannot_be_kept_running_stops_nobody(own, caplog):
    await own.start()
    await own.watch()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "It died too often." in caplog.text
    await own.stop()
    assert PaperProcess.told == ["start", "watch", "stop"]
