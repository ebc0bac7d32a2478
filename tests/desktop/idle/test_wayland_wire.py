"""Messages on a Wayland link, word by word."""

from struct import pack

import pytest

from tact_desktop.idle.wayland_wire import message, messages_in, text, values_of_global

ONE = pack("=III", 2, 12 << 16 | 1, 7)
EMPTY = pack("=II", 6, 8 << 16)


def test_a_message():
    assert message(2, 1, 7) == ONE
    assert message(6, 0) == EMPTY


@pytest.mark.parametrize("name", ["", "abc", "seat", "wl_seat", "ext_idle_notifier_v1"])
def test_a_text_is_read_as_it_is_written(name):
    length, *_ = words = text(name)
    assert length == len(name) + 1
    assert values_of_global(pack(f"={len(words) + 2}I", 3, *words, 9)) == (3, name, 9)


def test_a_text_is_whole_words_with_a_zero():
    assert pack("=2I", *text("abc")) == pack("=I", 4) + b"abc\0"
    assert pack("=3I", *text("wl_seat")) == pack("=I", 8) + b"wl_seat\0"
    assert pack("=3I", *text("seat")) == pack("=I", 5) + b"seat\0\0\0\0"


@pytest.mark.parametrize("cut", range(len(ONE + EMPTY) + 1))
def test_messages_arrive_in_any_pieces(cut):
    whole = ONE + EMPTY
    first, rest = messages_in(whole[:cut])
    second, rest = messages_in(rest + whole[cut:])
    assert first + second == [(2, 1, pack("=I", 7)), (6, 0, b"")]
    assert rest == b""


def test_a_size_that_cannot_be_does_not_stand_still():
    assert messages_in(pack("=II", 1, 0) + EMPTY) == ([(1, 0, b""), (6, 0, b"")], b"")
