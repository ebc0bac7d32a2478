"""The composition root: one process, one Qt application, one event loop; a window, a demo, or pictures."""

import argparse
import asyncio
import faulthandler
import gc
import logging
import os
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, cast

import qasync  # pyright: ignore[reportMissingTypeStubs]
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tact_desktop import plain_imports as plain_imports  # before all others of ours
from tact_desktop import theme
from tact_desktop.links.here import by_hand, is_checkout, register_by_itself, registration
from tact_desktop.links.opened import Application, can_be_opened, opened_text
from tact_desktop.office import Office
from tact_desktop.settings import data_folder
from tact_desktop.signals import on_stop_signals, signalled
from tact_desktop.widgets.text import message_box
from tact_engine.core.errors import LocalError

NAME = "Tact"
PROGRAM = "tact"
COLLECT_MS = 10_000
PRIVATE = 0o077
"""Whatever is made is for this user alone, also the folders on the way to it."""
HIDDEN = ("offscreen", "minimal", "vnc")
"""Platforms of Qt without anybody in front."""


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `tact`: the window, or one of its commands; ends the process with its exit code."""
    options = parsed(sys.argv[1:] if arguments is None else arguments)
    raise SystemExit(links(options.remove) if options.command == "links" else run(options))


def run(options: argparse.Namespace) -> int:
    """Do what was asked for on one Qt application; the exit code."""
    os.umask(PRIVATE)
    if sys.stderr is not None:  # pyright: ignore[reportUnnecessaryComparison]  (on Windows without a console it is)
        faulthandler.enable()
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    application = QApplication.instance() or Application([PROGRAM])
    assert isinstance(application, QApplication), "this process has windows"
    application.setApplicationName(NAME)
    application.setDesktopFileName(PROGRAM)
    application.setQuitOnLastWindowClosed(False)
    theme.apply(application, theme.Scheme.SYSTEM)
    _collect_on(application)
    on_stop_signals(application.closeAllWindows, application)
    return cast("int", qasync.run(_work(options, application)))  # pyright: ignore[reportUnknownMemberType]


def links(remove: bool) -> int:
    """`tact links`: register this program for links and files by hand, or undo it; the exit code."""
    try:
        said, code = by_hand(registration(), _declined(), remove), 0
    except LocalError as error:
        said, code = str(error), 1
    sys.stdout.write(f"{said}\n")
    return code


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """What `arguments` ask for; ends the process where they are not understood.

    `opened` is a link or a file. It stands alone, or behind "--", where nothing is taken for an option or a command.
    """
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    before, opened = list(arguments[:cut]), list(arguments[cut + 1 :])
    window, everything = _parsers()
    options, rest = window.parse_known_args(before)
    if not opened and rest and can_be_opened(rest[0]):
        opened, rest = rest, []
    if not opened:
        return everything.parse_args(before)
    if len(opened) > 1 or rest:
        everything.error("open one link or file at a time, and without a command")
    options.opened = opened[0]
    return options


def _collect_on(application: QApplication) -> None:
    """Let Python's collector run on this thread alone: on another one it could delete windows there.

    What is loaded by now stays anyway. To look through all of it took longer than a frame may.
    """
    gc.disable()
    gc.freeze()
    collecting = QTimer(application, interval=COLLECT_MS)
    collecting.timeout.connect(gc.collect)
    collecting.start()


def _work(options: argparse.Namespace, application: QApplication) -> Coroutine[Any, Any, int]:
    if options.command == "demo":
        from tact_desktop.demo import demo  # noqa: PLC0415 - an ordinary start does without it

        return demo(application, auto=options.auto, record=options.record)
    if options.command == "shots":
        from tact_desktop.demo import shots  # noqa: PLC0415 - an ordinary start does without it

        return shots(application, options.folder)
    try:
        text = opened_text(options.opened)
    except LocalError as error:
        return _refuse(str(error))
    office = Office(application, options.profile, options.address, options.interface, text)
    return _ordinary(office, shown=application.platformName() not in HIDDEN)


async def _ordinary(office: Office, shown: bool) -> int:
    """Live until the window is closed; meanwhile this computer learns that Tact opens its links."""
    registering = asyncio.to_thread(
        register_by_itself, registration(), _declined(), is_checkout() or not shown
    )
    task = asyncio.create_task(registering)
    try:
        return await office.run()
    finally:
        await task


async def _refuse(sentence: str) -> int:
    box = message_box(None, NAME, sentence)
    box.open()
    await signalled(box.finished)
    return 1


def _declined() -> Path:
    """This file is there once somebody has undone the registration."""
    return data_folder() / "no-links"


def _parsers() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    """What an ordinary start understands, and everything."""
    window = argparse.ArgumentParser(PROGRAM, add_help=False, allow_abbrev=False)
    window.set_defaults(command=None, opened="")
    window.add_argument("--profile", help="whose window: a handle that was used on this computer before")
    window.add_argument("--address", help="where the engine is: host or host:port")
    window.add_argument(
        "--interface", default="", help="the address of the one network to look for engines on"
    )
    everything = argparse.ArgumentParser(
        PROGRAM,
        parents=[window],
        allow_abbrev=False,
        description="A message arrives when its moment has come.",
        epilog="An invitation is opened with its link or its file: tact [--] tact://… or tact [--] some.tact",
    )
    commands = everything.add_subparsers(dest="command", metavar="")
    demo = commands.add_parser("demo", help="show the idea with an engine and windows of its own")
    demo.add_argument("--auto", action="store_true", help="play all use cases without hands")
    demo.add_argument("--record", metavar="DIR", help="save a picture of each step")
    shots = commands.add_parser("shots", help="make the pictures of the README")
    shots.add_argument("folder", help="where to put them")
    by_links = commands.add_parser(
        "links", help="let this computer open links and files of Tact with this program"
    )
    by_links.add_argument("--remove", action="store_true", help="undo that")
    return window, everything


if __name__ == "__main__":  # as a link starts it: `python -P -m tact_desktop.app`
    main()
