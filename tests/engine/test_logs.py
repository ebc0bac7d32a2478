"""The log: JSON lines in a file of one's own, which turns over."""

import json
import logging
import stat
import sys

import pytest

from tact_engine import logs


@pytest.fixture
def log(tmp_path):
    """Log to a file in this folder; afterwards everything is as it was."""
    root, zeroconf = logging.getLogger(), logging.getLogger("zeroconf")
    before = (root.handlers[:], root.level, zeroconf.level)
    root.handlers.clear()  # pytest's own are not to be closed
    yield tmp_path / "deep" / "logs"
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    root.handlers, root.level = before[0], before[1]
    zeroconf.setLevel(before[2])


def lines(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "engine.log").read_text().splitlines()]


def test_a_line_is_one_object(log):
    logs.begin(log)
    logging.getLogger("tact_engine.net").info("a\nb %s", "\u2028\x1b[31m", extra={"port": 7, "path": log})
    (line,) = lines(log)
    assert line["event"] == "a\nb \u2028\x1b[31m"
    assert (line["level"], line["in"], line["port"], line["path"]) == ("info", "net", 7, str(log))
    assert line["at"].endswith("Z")
    raw = (log / "engine.log").read_bytes()
    assert [byte for byte in raw.rstrip(b"\n") if byte < 32 or byte > 126] == []


def test_an_exception_is_in_its_line(log):
    logs.begin(log)
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("elsewhere").exception("failed")
    (line,) = lines(log)
    assert "ValueError: why" in line["trace"]
    assert line["in"] == "elsewhere"


def test_an_exception_that_is_only_a_class_does_no_harm(log):
    logs.begin(log)
    wrong = (type, ConnectionResetError, None)
    logging.getLogger("asyncio").error("broken", exc_info=wrong)  # pyright: ignore[reportArgumentType]
    assert lines(log)[0]["event"] == "broken"


def test_the_level_counts_and_zeroconf_is_quiet(log):
    logs.begin(log, "WARNING")
    logging.getLogger("tact_engine").info("no")
    logging.getLogger("zeroconf").warning("no")
    logging.getLogger("tact_engine").warning("yes")
    assert [line["event"] for line in lines(log)] == ["yes"]


def test_the_files_are_for_this_user_alone_also_after_turning_over(log, monkeypatch):
    monkeypatch.setattr(logs, "LOG_BYTES_MAX", 300)
    logs.begin(log)
    for number in range(20):
        logging.getLogger("tact_engine").info("line %s", number)
    files = sorted(log.iterdir())
    assert len(files) == logs.LOG_FILES + 1
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (log, log.parent)} == {0o700}


def test_without_a_folder_it_goes_to_standard_error(log, capsys):
    logs.begin(None)
    logging.getLogger("tact_engine").info("here")
    assert json.loads(capsys.readouterr().err)["event"] == "here"


def test_on_a_terminal_it_goes_to_both(log, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    logs.begin(log)
    logging.getLogger("tact_engine").info("here")
    assert json.loads(capsys.readouterr().err)["event"] == "here"
    assert lines(log)[0]["event"] == "here"
