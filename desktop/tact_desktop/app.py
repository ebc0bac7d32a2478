"""The composition root: one process, one Qt application, one event loop; a window, a demo, or pictures."""

import argparse
import faulthandler
import gc
import logging
import sys
from collections.abc import Coroutine, Sequence
from typing import Any, cast

import qasync  # pyright: ignore[reportMissingTypeStubs]
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from tact_desktop import theme
from tact_desktop.office import Office
from tact_desktop.signals import on_stop_signals

NAME = "Tact"
COLLECT_MS = 10_000


def main(arguments: Sequence[str] | None = None) -> None:
    """The command `tact`: the window, or `tact demo` and `tact shots`; ends the process with its exit code."""
    raise SystemExit(run(_parsed(arguments)))


def run(options: argparse.Namespace) -> int:
    """Do what was asked for on one Qt application; the exit code."""
    faulthandler.enable()
    logging.basicConfig(level=logging.WARNING, format="%(name)s: %(message)s")
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication), "this process has windows"
    application.setApplicationName(NAME)
    application.setDesktopFileName("tact")
    application.setQuitOnLastWindowClosed(False)
    theme.apply(application, theme.Scheme.SYSTEM)
    _collect_on(application)
    on_stop_signals(application.closeAllWindows, application)
    return cast("int", qasync.run(_work(options, application)))  # pyright: ignore[reportUnknownMemberType]


def _collect_on(application: QApplication) -> None:
    """Let Python's collector run on this thread alone: on another one it could delete windows there."""
    gc.disable()
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
    return Office(application, options.profile, options.address, options.interface).run()


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("tact", description="A message arrives when its moment has come.")
    parser.add_argument("--profile", help="whose window: a handle that was used on this computer before")
    parser.add_argument("--address", help="where the engine is: host or host:port")
    parser.add_argument(
        "--interface", default="", help="the address of the one network to look for engines on"
    )
    commands = parser.add_subparsers(dest="command", metavar="")
    demo = commands.add_parser("demo", help="show the idea with an engine and windows of its own")
    demo.add_argument("--auto", action="store_true", help="play all use cases without hands")
    demo.add_argument("--record", metavar="DIR", help="save a picture of each step")
    shots = commands.add_parser("shots", help="make the pictures of the README")
    shots.add_argument("folder", help="where to put them")
    return parser.parse_args(arguments)
