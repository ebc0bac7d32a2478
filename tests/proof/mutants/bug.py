"""One planted bug."""

from dataclasses import dataclass

CORE = "engine/tact_engine/core"
STORE = "engine/tact_engine/store"
ENGINE = "engine/tact_engine"
CLIENT = "engine/tact_engine/client"
DESKTOP = "desktop/tact_desktop"


@dataclass(frozen=True)
class Mutant:
    """A bug: in the file `path`, what reads `old`, exactly once, reads `new` instead; `also` are more such changes.

    `finder` is who is to catch it: a search of `mutants_finders`, or a file of tests. With `hangs` it is caught as well
    where that never comes to an end.
    """

    name: str
    path: str
    old: str
    new: str
    finder: str = "simulation"
    also: tuple[tuple[str, str], ...] = ()
    hangs: bool = False

    def planted_in(self, text: str) -> str:
        """`text` with the bug in it; ValueError where it does not read as it must."""
        for old, new in ((self.old, self.new), *self.also):
            if text.count(old) != 1:
                raise ValueError(f"{self.path} has {text.count(old)} times, and not once:\n{old}")
            text = text.replace(old, new)
        return text
