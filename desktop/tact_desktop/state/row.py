"""What one row of a conversation shows; `timeline` makes rows, a model hands them out, a delegate draws them."""

from dataclasses import dataclass
from enum import Enum, auto


class RowKind(Enum):
    """What sort of row it is."""

    DAY = auto()
    SEPARATOR = auto()
    """"New messages", "Delivered now"."""
    BUBBLE = auto()
    NOTE = auto()
    """Something that happened, said by nobody."""


class BubbleStyle(Enum):
    """Where a message stands, as its outline and the glyph in its foot."""

    NORMAL = auto()
    HELD = auto()
    UNSENT = auto()
    PAUSED = auto()
    EXPIRED = auto()
    FAILED = auto()
    OFFLINE = auto()
    """Received as an offline message."""


@dataclass(frozen=True)
class MessageRow:
    """One row; `revision` differs whenever something that is drawn differs."""

    key: str
    revision: int
    kind: RowKind
    text: str
    own: bool = False
    author: str = ""
    """Shown above the first bubble of a group of somebody else; "" where there are only two."""
    foot: str = ""
    """Time and state in words; under the last of a group, and always where the style is not NORMAL."""
    style: BubbleStyle = BubbleStyle.NORMAL
    first_in_group: bool = True
    last_in_group: bool = True
    accessible: str = ""
    """Name, text, time, state in plain words."""
    highlight: float = 0.0
    """1 just arrived … 0 calm."""
    note: str = ""
    """What was kept for the moment that a NOTE tells of."""

    def shown_author(self) -> str:
        """The author where one is written."""
        return self.author if self.first_in_group and not self.own else ""

    def shown_foot(self) -> str:
        """The foot where one is written."""
        return self.foot if self.last_in_group or self.style is not BubbleStyle.NORMAL else ""
