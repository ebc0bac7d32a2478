"""What registrations have in common."""

from pathlib import Path

from tact_desktop.links.registration import MODULE, SUFFIX, opens, program
from tact_engine.accounts.invitation import FILE_SUFFIX


def test_the_suffix_is_that_of_an_invitation():
    assert SUFFIX == FILE_SUFFIX


def test_the_folder_it_is_started_in_is_no_place_for_modules():
    command = program("/opt/tact/bin/python")
    assert command == ("/opt/tact/bin/python", "-P", "-m", MODULE)


def test_on_windows_without_a_console(tmp_path):
    (tmp_path / "pythonw.exe").touch()
    assert program(str(tmp_path / "python.exe"))[0] == str(tmp_path / "pythonw.exe")


def test_this_very_python_starts_it():
    assert Path(program()[0]).is_file()


def test_the_sentence_names_the_program():
    assert "/opt/tact" in opens(("/opt/tact", "-m"))
