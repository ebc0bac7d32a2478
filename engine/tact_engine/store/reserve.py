"""The disk reserve: a file that only takes room, to be let go of when there is none left.

On a full disk a database cannot even delete, since every change goes through its log first. What waits could then
neither go nor expire nor be taken back. So below a threshold nothing new is accepted; and if the disk gets full for all
that, the ballast makes room in which everything else comes to its end.
"""

import contextlib
import logging
import os
import shutil
from pathlib import Path

MIB = 1024 * 1024
ZEROS = bytes(MIB)

_log = logging.getLogger(__name__)


class Reserve:
    """The ballast in `folder`, and a look at how much is free there. Either number may be 0, which switches it off.

    `is_low` says whether less than the threshold was free at the last look.
    """

    def __init__(self, folder: Path, ballast_mib: int = 0, free_min_mib: int = 0) -> None:
        self.path = folder / "ballast"
        self.ballast_bytes = ballast_mib * MIB
        self.free_min_bytes = free_min_mib * MIB
        self.is_low = False

    @property
    def free_mib(self) -> int:
        """How many MiB this user may still write there; 0 where nobody can say."""
        return (self._free() or 0) // MIB

    def look(self) -> None:
        """See how much is free, which is cheap; log where that has become too little, or enough again."""
        free = self._free()
        if free is None or (free < self.free_min_bytes) == self.is_low:
            return
        self.is_low = not self.is_low
        what = (
            "the disk is almost full: nothing new is accepted" if self.is_low else "the disk has room again"
        )
        _log.warning(what, extra={"free_bytes": free})

    def begin(self) -> None:
        """At the start: as `fill`; but where next to nothing is free the ballast goes, for starting needs room too."""
        free = self._free()
        if free is not None and free < self.ballast_bytes // 8:
            self.drop()
        self.fill()

    def fill(self) -> None:
        """Make the ballast, unless it is there or would not leave enough free."""
        with contextlib.suppress(OSError):
            is_whole = self.path.exists() and self.path.stat().st_size == self.ballast_bytes
            if is_whole and self.ballast_bytes:
                return
            self.path.unlink(missing_ok=True)
            # Where it would take what it just gave back, a full disk would end the engine again and again.
            least = self.ballast_bytes + max(self.ballast_bytes, self.free_min_bytes)
            if self.ballast_bytes and (self._free() or 0) >= least:
                self._make()

    def drop(self) -> bool:
        """Let go of the ballast; whether there was one."""
        try:
            self.path.unlink()
        except OSError:
            return False
        _log.warning(
            "the disk is full; the reserve is let go of", extra={"ballast_bytes": self.ballast_bytes}
        )
        return True

    def _make(self) -> None:
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(handle, "wb") as file:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(handle, 0, self.ballast_bytes)
                    return
                for _ in range(0, self.ballast_bytes, MIB):
                    file.write(ZEROS)
        except OSError:
            self.path.unlink(missing_ok=True)

    def _free(self) -> int | None:
        """How many bytes this user may still write; None where nobody can say."""
        try:
            return shutil.disk_usage(self.path.parent).free
        except OSError:
            return None
