"""An engine that cannot start says why in one sentence, ends with 2, and touches nothing."""

import json
import os
import sqlite3
import stat
import subprocess

import pytest

from tests.support.bare_link import bare_link, new_key, submission
from tests.support.engine_process import EngineProcess, engine_running, is_running


def fails(data, *options, **how) -> str:
    """What an engine says that must not start; it is one line."""
    engine = EngineProcess(data, *options, **how)
    code, said = engine.fails()
    assert code == 2, said
    assert said.startswith("tact-engine: ")
    assert said.count("\n") == 1
    return said


def test_a_port_in_use(tmp_path):
    with engine_running(tmp_path / "first") as first:
        said = fails(tmp_path / "second", port=first.port)
        assert f"Port {first.port} is in use. Stop the program that has it" in said
        assert first.alive


@pytest.mark.parametrize("port", ["-1", "65536", "many"])
def test_a_port_that_is_none(tmp_path, port):
    engine = EngineProcess(tmp_path / "data")
    engine.port = port  # pyright: ignore[reportAttributeAccessIssue]
    code, said = engine.fails()
    assert code == 2
    assert "Invalid value for '--port'" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("host", ["192.0.2.77", "no host at all", "256.1.1.1"])
def test_an_address_that_is_not_this_computers(tmp_path, host):
    said = fails(tmp_path / "data", host=host)
    assert f"Cannot listen on {host}, port 0" in said
    assert "Choose another address with --host." in said


@pytest.mark.parametrize("limit", ["grace_ms", "grace_ms=", "grace_ms=-1", "shoes=1"])
def test_a_limit_that_is_none(tmp_path, limit):
    assert "is no limit. Write NAME=NUMBER with one of: " in fails(tmp_path / "data", "--limit", limit)


def test_two_engines_on_one_folder(tmp_path):
    with engine_running(tmp_path) as first:
        said = fails(tmp_path)
        assert "Another engine is already using this data. Stop it first, or choose another folder." in said
        assert json.loads((tmp_path / "running.json").read_text())["pid"] == first.pid


def test_a_file_that_is_no_database_is_kept(tmp_path):
    (tmp_path / "engine.db").write_text("My diary. " * 1000)
    (tmp_path / "engine.db").chmod(0o600)
    said = fails(tmp_path)
    assert "This file is not a database. Move it away and start again; Tact will not touch it." in said
    assert (tmp_path / "engine.db").read_text() == "My diary. " * 1000


def test_the_database_of_another_program_is_kept(tmp_path):
    with sqlite3.connect(tmp_path / "engine.db") as other:
        other.execute("CREATE TABLE diary (day, text)")
        other.execute("INSERT INTO diary VALUES (1, 'dear diary')")
    other.close()
    (tmp_path / "engine.db").chmod(0o600)
    before = (tmp_path / "engine.db").read_bytes()
    said = fails(tmp_path)
    assert "is a database, but not one of Tact. Choose another folder, or move it away." in said
    assert (tmp_path / "engine.db").read_bytes() == before


def test_a_damaged_database_is_kept(tmp_path):
    with engine_running(tmp_path):
        pass
    path = tmp_path / "engine.db"
    damaged = bytearray(path.read_bytes())
    damaged[100:4096] = b"\xa5" * 3996  # the first page, behind its header
    path.write_bytes(damaged)
    said = fails(tmp_path)
    assert "The database is damaged. Keep the file, restore the newest copy, and start again." in said
    assert path.read_bytes() == bytes(damaged)


@pytest.mark.parametrize("pem", ["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_damaged_certificate(tmp_path, pem):
    (tmp_path / "engine.pem").write_text(pem)
    (tmp_path / "engine.pem").chmod(0o600)
    said = fails(tmp_path)
    assert f"The engine's certificate at {tmp_path / 'engine.pem'} cannot be used" in said
    assert (tmp_path / "engine.pem").read_text() == pem


def test_a_certificate_without_its_key(tmp_path):
    with engine_running(tmp_path):
        pass
    path = tmp_path / "engine.pem"
    path.write_text("-----BEGIN CERT" + path.read_text().partition("-----BEGIN CERT")[2])
    assert f"The engine's certificate at {path} cannot be used" in fails(tmp_path)


def test_a_file_where_the_folder_should_be(tmp_path):
    (tmp_path / "file").write_text("here")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        said = fails(folder)
        assert f"The data folder {folder} cannot be used" in said
        assert "Choose another with --data." in said
    assert (tmp_path / "file").read_text() == "here"


def test_a_folder_in_the_place_of_the_database(tmp_path):
    (tmp_path / "engine.db").mkdir()
    assert "engine.db" in fails(tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path):
    """Root may write everywhere but on a read-only mount."""
    if os.name == "nt":
        pytest.skip("Windows has no such mounts")
    data = tmp_path / "data"
    with engine_running(data):
        pass
    if os.geteuid() != 0:
        data.chmod(0o500)
        (data / "engine.db").chmod(0o400)
        (data / "logs" / "engine.log").chmod(0o400)
        said = fails(data)
        data.chmod(0o700)
    else:
        mounted = subprocess.run(["mount", "--bind", str(data), str(data)], capture_output=True, text=True)
        if mounted.returncode:
            pytest.skip(f"no mount is possible here: {mounted.stderr.strip()}")
        try:
            subprocess.run(["mount", "-o", "remount,ro,bind", str(data)], check=True)
            said = fails(data)
        finally:
            subprocess.run(["umount", str(data)], check=True)
    assert f"The data folder {data} cannot be used" in said


def test_the_folder_is_for_this_user_alone(tmp_path):
    data = tmp_path / "deep" / "data"
    with engine_running(data):
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (data, *data.rglob("*"))}
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}
    assert {"engine.db", "engine.pem", "running.json", "engine.log"} <= set(modes)


async def test_a_copy_of_the_folder_is_the_same_engine(tmp_path):
    key = new_key()
    with engine_running(tmp_path / "first") as engine:
        async with bare_link(engine.address) as link:
            await link.sign_in("mary", key)
        async with bare_link(engine.address) as link:
            await link.sign_in("tom")
            await link.ask(submission("mary"))
        first = engine.engine
    (tmp_path / "first").rename(tmp_path / "second")
    with engine_running(tmp_path / "second") as engine:
        assert engine.engine == first
        async with bare_link(engine.address) as link:
            await link.sign_in("mary", key)
            assert len((await link.hear("deliver"))["deliveries"]) == 1


def test_nothing_is_left_running(tmp_path):
    with engine_running(tmp_path) as engine:
        pid = engine.pid
        assert is_running(pid)
    assert not is_running(pid)
    assert not (tmp_path / "running.json").exists()
