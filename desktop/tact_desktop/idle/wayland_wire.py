"""Messages as Wayland sends them: 32-bit words in this computer's order.

The first word is the object, the second the size in bytes (upper half) and the number of the request or event. A text
is its length with a final zero, then itself and that zero, filled up to whole words.
"""

from struct import Struct

_WORD, _HEAD = Struct("=I"), Struct("=II")


def message(about: int, number: int, *values: int) -> bytes:
    """A message of whole words."""
    size = _HEAD.size + len(values) * _WORD.size
    return _HEAD.pack(about, size << 16 | number) + b"".join(map(_WORD.pack, values))


def text(value: str) -> list[int]:
    """The words of a text."""
    data = value.encode() + b"\0"
    padded = data + b"\0" * (-len(data) % _WORD.size)
    return [len(data), *(word for (word,) in _WORD.iter_unpack(padded))]


def messages_in(received: bytes) -> tuple[list[tuple[int, int, bytes]], bytes]:
    """The messages that arrived whole, each as object, number and the bytes of its values; and the rest."""
    messages: list[tuple[int, int, bytes]] = []
    while len(received) >= _HEAD.size:
        about, second = _HEAD.unpack_from(received)
        size = max(second >> 16, _HEAD.size)
        if len(received) < size:
            break
        messages.append((about, second & 0xFFFF, received[_HEAD.size : size]))
        received = received[size:]
    return messages, received


def values_of_global(values: bytes) -> tuple[int, str, int]:
    """Name, interface and version in the event that tells of a global."""
    name, length = _HEAD.unpack_from(values)
    interface = values[_HEAD.size : _HEAD.size + length - 1].decode()
    (version,) = _WORD.unpack_from(values, len(values) - _WORD.size)
    return name, interface, version
