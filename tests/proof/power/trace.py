"""What a program asked of its files, as strace saw it: each write, truncation and sync in order, with every byte."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.house import ROOT, clean_environment

CALLS = (
    "open,creat,openat,openat2,write,writev,pwrite64,pwritev,pwritev2,fsync,fdatasync,sync,syncfs,sync_file_range,"
    "ftruncate,truncate,fallocate,copy_file_range,sendfile,unlink,unlinkat,rename,renameat,renameat2,link,linkat"
)
LONGEST = 1 << 20
"""No single write of a store is longer."""

LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)\) = (-?\d+)(.*)", re.DOTALL)
ON_FILE = re.compile(r"(\d+)<([^>]*)>(?:, )?(.*)", re.DOTALL)
PATH = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(?:, )?([A-Z_|]*)')


@dataclass(frozen=True)
class Event:
    """One call that did something to `name`, a file in the folder ("" for the folder itself).

    `what` is "write", "truncate", "sync", "create", "remove" or "rename"; `at` is an offset, -1 for the end, or a size;
    `data` what was written, or the name that it had before.
    """

    what: str
    name: str
    at: int = 0
    data: bytes = b""


def traced(folder: Path, *command: str) -> list[Event]:
    """What a Python that runs `command` does to the files in `folder`; skips where no process may be traced."""
    if reason := why_no_trace():
        pytest.skip(reason)
    with tempfile.TemporaryDirectory() as place:
        log = Path(place, "trace")
        tracer = ("strace", "-f", "--seccomp-bpf", "-xx", "-y", "-s", str(LONGEST), "-o", str(log))
        done = subprocess.run(
            [*tracer, "-e", f"trace={CALLS}", "-e", "signal=none", sys.executable, *command],
            cwd=ROOT,
            env=clean_environment(PYTHONDONTWRITEBYTECODE="1"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert done.returncode in (0, -9, 137), done.stderr
        with open(log, encoding="ascii") as lines:
            return list(_events(lines, os.fspath(folder)))


def why_no_trace() -> str:
    """Why no process can be traced here, as a sentence; "" where one can."""
    if shutil.which("strace") is None:
        return "There is no strace here. Install the package strace."
    tried = subprocess.run(
        ["strace", "-f", "-o", os.devnull, sys.executable, "-c", ""], capture_output=True, text=True
    )
    return f"No process may be traced here: {tried.stderr.strip()}." if tried.returncode else ""


def _events(lines: Iterator[str], folder: str) -> Iterator[Event]:
    """Those lines of a trace that are about files in `folder`."""
    begins = "".join(f"\\x{byte:02x}" for byte in folder.encode())
    for line in lines:
        if begins not in line:
            continue
        found = LINE.match(line)
        assert found is not None, f"not understood: {line[:200]}"
        call, arguments, result = found[1], found[2], int(found[3])
        if result >= 0:
            yield from _event(call, arguments, result, folder)


def _event(call: str, arguments: str, result: int, folder: str) -> Iterator[Event]:
    if call == "rename":
        old, new = (_name(found[0], folder) for found in PATH.findall(arguments))
        yield Event("rename", new, data=old.encode())
        return
    if call in ("openat", "unlink"):
        path = PATH.search(arguments)
        assert path is not None, arguments[:200]
        name = _name(path[1], folder)
        if call == "unlink":
            yield Event("remove", name)
        elif "O_CREAT" in path[2] or "O_TRUNC" in path[2]:
            assert "O_TRUNC" not in path[2], "no file of the engine is written over from its beginning"
            yield Event("create", name)
        return
    on_file = ON_FILE.match(arguments)
    assert on_file is not None, arguments[:200]
    name, rest = _name(on_file[2], folder), on_file[3]
    match call:
        case "write" | "pwrite64":
            data = PATH.match(rest)
            assert data is not None, rest[:200]
            offset = int(rest.rpartition(", ")[2]) if call == "pwrite64" else -1
            yield Event("write", name, offset, _bytes(data[1])[:result])
        case "ftruncate":
            yield Event("truncate", name, int(rest))
        case "fsync" | "fdatasync":
            yield Event("sync", name)
        case _:
            raise AssertionError(f"The store does something to its files that is not replayed here: {call}.")


def _name(path: str, folder: str) -> str:
    return _bytes(path).decode().removeprefix(folder).removeprefix("/").removesuffix(" (deleted)")


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))
