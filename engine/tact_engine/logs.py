"""The engine's log: one JSON object a line, in a file that turns over. Never a body, a condition or a key."""

import json
import logging
import sys
import time
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_BYTES_MAX = 2 * 1024 * 1024
LOG_FILES = 5
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record as one line: time, level, where, event, and the fields given with `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """One JSON object without a line break in it."""
        fields: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "in": record.name.removeprefix("tact_engine."),
            "event": record.getMessage(),
        }
        fields |= {name: value for name, value in vars(record).items() if name not in _OWN}
        if record.exc_info and isinstance(record.exc_info[1], BaseException):  # a library may pass a class
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields, default=str)


class _OwnFile(RotatingFileHandler):
    """A file that turns over, and that only this user may read, also after turning over."""

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).touch(mode=0o600)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """A line for which there is no room is left out; the disk says more about itself elsewhere."""


def begin(folder: Path | None, level: str = "INFO") -> None:
    """Log to `folder`/engine.log, and to standard error where that is a terminal or there is no folder."""
    handlers: list[logging.Handler] = []
    if folder is not None:
        for each in (folder.parent, folder):  # the parents that mkdir makes would be open to others
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        handlers.append(
            _OwnFile(folder / "engine.log", maxBytes=LOG_BYTES_MAX, backupCount=LOG_FILES, encoding="utf-8")
        )
    if folder is None or sys.stderr.isatty():
        handlers.append(logging.StreamHandler())
    for handler in handlers:
        handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=handlers, force=True)
    for library in (
        "zeroconf",
        "aiofastnet",
    ):  # they warn of what every network does, such as a link that drops
        logging.getLogger(library).setLevel(logging.ERROR)
