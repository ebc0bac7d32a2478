"""Imports as Python makes them, for all that is imported after this and PySide.

PySide puts itself in between to read the source of every module, for a way of writing that nobody here uses; and all
that it has read stays in memory. That is a tenth of a start, and 11 MiB.
"""

import builtins
from typing import Any

_plain: Any = getattr(builtins, "__orig_import__", None)  # what PySide has put aside
if _plain is not None:
    builtins.__import__ = _plain
