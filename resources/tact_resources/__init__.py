"""The files the window is drawn with, reached by name through one function."""

from importlib.resources import files
from pathlib import Path


def path(name: str) -> Path:
    """Where the resource `name` ("tact.svg", "icons/send.svg") lies; FileNotFoundError if there is none."""
    found = Path(str(files(__name__))) / name
    if not found.is_file():
        raise FileNotFoundError(f"no resource named {name!r}")
    return found
