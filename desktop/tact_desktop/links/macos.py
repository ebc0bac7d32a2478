"""Links and files of Tact on macOS: only an application bundle can open them."""

from tact_desktop.links.registration import State

IMPOSSIBLE = (
    "On macOS only an application bundle can open links and files: what its Info.plist says counts, and a program"
    " cannot change it. Copy the invitation and paste it in the window instead."
)


class Mac:
    """Says so. A bundle of Tact needs no more than its Info.plist; its window hears from macOS what was opened."""

    def state(self) -> State:
        """Nobody can register while the program runs."""
        return "impossible"

    def register(self) -> str:
        """Nothing but the reason."""
        return IMPOSSIBLE

    def unregister(self) -> str:
        """Nothing but the reason."""
        return IMPOSSIBLE
