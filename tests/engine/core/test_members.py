"""Handles, and what is called by the beginning of its hash."""

from hashlib import sha256

import pytest

from tact_engine.core.members import HANDLE, ID_DIGITS, NO_TICKET, TOKEN_BYTES, Ticket, hash_of, id_of


@pytest.mark.parametrize("handle", ["ab", "anna.berg", "a-b_c.9", "x" * 32, "a.", ".a", "..a"])
def test_a_handle(handle):
    assert HANDLE.fullmatch(handle)


@pytest.mark.parametrize(
    "handle", ["", "a", "x" * 33, "Anna", "a b", "a/b", "..", ".....", "a\n", "ä" * 3, "a\\b", "a:b"]
)
def test_no_handle_for_it_also_names_a_folder(handle):
    assert not HANDLE.fullmatch(handle)


def test_an_invitation_is_kept_under_the_hash_of_its_token_and_called_by_the_beginning():
    token = bytes(TOKEN_BYTES)
    assert hash_of(token) == sha256(token).hexdigest()
    assert id_of(hash_of(token)) == sha256(token).hexdigest()[:ID_DIGITS]


def test_by_itself_a_sign_in_brings_nothing():
    assert Ticket() == NO_TICKET
    assert (NO_TICKET.token, NO_TICKET.vouched, NO_TICKET.open) == ("", False, False)
