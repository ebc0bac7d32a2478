"""Where the engine's things are, and what it is called."""

from pathlib import Path

from tact_engine.core.view import Limits
from tact_engine.settings import Settings, data_folder, default_name, engine_folder


def test_a_chosen_folder_counts(monkeypatch, tmp_path):
    monkeypatch.setenv("TACT_DATA", str(tmp_path))
    assert data_folder() == tmp_path
    assert engine_folder() == tmp_path / "engine"


def test_else_the_platforms_place_counts(monkeypatch):
    for value in ("", None):
        monkeypatch.setenv("TACT_DATA", value) if value is not None else monkeypatch.delenv("TACT_DATA")
        assert data_folder().name == "tact"
        assert data_folder().is_absolute()


def test_an_engine_is_called_as_its_computer(monkeypatch):
    for full, name in (("pc-anna.office.example", "pc-anna"), ("pc", "pc"), ("", "Tact")):
        monkeypatch.setattr("tact_engine.settings.socket.gethostname", lambda full=full: full)
        assert default_name() == name


def test_what_holds_where_nothing_is_said():
    settings = Settings(Path("data"), "Anna")
    assert (settings.host, settings.port, settings.beacon, settings.tls) == ("", 8228, True, True)
    assert settings.limits == Limits()
