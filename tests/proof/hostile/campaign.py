"""Hostile texts and names: the window shows them literally, and nothing that they point to is opened or asked for.

A process of its own is shown each as a message, name and status in every place that shows them. What it asked of files
and networks meanwhile is read from a trace of its system calls, below whatever Qt does; what it shows is compared with
what was written, by rules that share no code with the window. The pictures, pages and ports pointed to do exist.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.proof.campaigns import Verdict
from tests.proof.hostile.judge import problems
from tests.proof.hostile.places import BEGIN, as_line
from tests.proof.hostile.samples import NAMES, Sample, sample
from tests.proof.power.trace import why_no_trace
from tests.support.house import ROOT, clean_environment

FILES = (
    "open,openat,openat2,creat,stat,lstat,newfstatat,statx,access,faccessat,faccessat2,readlink,readlinkat"
)
NETWORK = "socket,connect,sendto,sendmsg,execve,execveat"
CALL = re.compile(r"^\d+ +(\w+)\((.*)")
PATH = re.compile(r'"([^"]*)"')
DRAWING = re.compile(
    r"/(fonts?|fontconfig)(/|\.|$)|\.uuid$|^/proc/self/|^/(sys|dev)/|/[a-z-]+(-[0-9a-f]{6})?\.svg$|\.pyc?$"
)
"""What drawing itself looks for: fonts for scripts not drawn before, our icons in a colour, code loaded late."""
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0500f0004850180"
    "84a98c210000000049454e44ae426082"
)
AT_ONCE = 600


def run(count: int, seed: int) -> Verdict:
    """Show `count` hostile colleagues; the one numbered i is the one that seed + i alone would be."""
    verdict = Verdict(0, met=dict.fromkeys((*NAMES, "traced calls"), 0) if count >= len(NAMES) else {})
    reason = why_no_trace()
    for first in range(seed, seed + count, AT_ONCE):
        last = min(first + AT_ONCE, seed + count)
        verdict += _shown(range(first, last), traced=not reason)
    met = {name: times for name, times in verdict.met.items() if name != "traced calls" or not reason}
    return Verdict(verdict.runs, verdict.failures[:20], met)


def _shown(numbers: Sequence[int], traced: bool) -> Verdict:
    with (
        tempfile.TemporaryDirectory(prefix="tact-hostile-") as place,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        bait = Path(place, "bait")
        bait.mkdir()
        for name in ("pixel.png", "note.txt", "style.css"):
            (bait / name).write_bytes(PIXEL)
        samples = [sample(number, os.fspath(bait), server.getsockname()[1]) for number in numbers]
        met = Counter(each.kind for each in samples)
        log = Path(place, "trace")
        told, said = _told(samples, log if traced else None)
        failures = [f"the window broke: {said}"] if told is None else list(_problems(samples, told))
        if traced:
            calls = list(_calls(log))
            met["traced calls"] = len(calls)
            failures += _asked(calls, os.fspath(bait))
        failures += _visited(server)
        replay = f"python3 dev soak hostile --seed {numbers[0]} --count {len(numbers)}"
        return Verdict(len(samples), tuple(f"{each} ({replay})" for each in failures), met)


def _told(samples: Sequence[Sample], log: Path | None) -> tuple[dict[str, list[object]] | None, str]:
    """What the process that shows them says of itself, and otherwise why it says nothing."""
    tracer = ("strace", "-f", "--seccomp-bpf", "-s", "4096", "-o", str(log), "-e", f"trace={FILES},{NETWORK}")
    done = subprocess.run(
        [*(tracer if log else ()), sys.executable, "-m", "tests.proof.hostile.places"],
        cwd=ROOT,
        env=clean_environment(QT_QPA_PLATFORM="offscreen", PYTHONDONTWRITEBYTECODE="1"),
        input=as_line(samples),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        return None, f"exit code {done.returncode}, {done.stderr[-800:]}"
    return json.loads(done.stdout), ""


def _problems(samples: Sequence[Sample], told: dict[str, list[object]]) -> Iterator[str]:
    for what in (*told["did"], *told["handed"]):
        yield f"nothing was to be opened, but: {what}"
    if len(told["shown"]) != len(samples):
        yield f"{len(told['shown'])} of {len(samples)} were shown"
    for each, shown in zip(samples, told["shown"], strict=False):
        assert isinstance(shown, dict)
        yield from (f"number {each.number}, {each.kind}: {problem}" for problem in problems(each, shown))


def _calls(log: Path) -> Iterator[tuple[str, str]]:
    """The system calls between the two marks, each with what it was given; not those about what is open already."""
    inside = False
    with open(log, encoding="ascii", errors="backslashreplace") as lines:
        for line in lines:
            if BEGIN in line:
                inside = not inside
            elif inside and "AT_EMPTY_PATH" not in line and (found := CALL.match(line)):
                yield found[1], found[2]


def _asked(calls: Sequence[tuple[str, str]], bait: str) -> Iterator[str]:
    """What was asked for that drawing does not need."""
    for call, arguments in calls:
        path = PATH.search(arguments)
        drawing = (
            call in FILES.split(",") and path is not None and DRAWING.search(path[1]) and bait not in path[1]
        )
        if not drawing:
            yield f"the window asked the system: {call}({arguments[:200]}"


def _visited(server: socket.socket) -> Iterator[str]:
    server.setblocking(False)
    try:
        visitor, _ = server.accept()
    except BlockingIOError:
        return
    visitor.close()
    yield "somebody came to the port that the texts point to"
