"""An invitation survives what mail programs, browsers and people do to a link, and nothing else passes for one."""

import logging
import pprint
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tact_engine.accounts.invitation import (
    FILE_SUFFIX,
    NAME_LENGTH_MAX,
    NOT_AN_INVITATION,
    SEVERAL,
    TEXT_LENGTH_MAX,
    Invitation,
)
from tact_engine.core.errors import LocalError

ENGINE = "0123456789abcdef" * 4
TOKEN = bytes(range(16))
PLAIN = Invitation(ENGINE, "Office 2", "pc-anna", 8743, TOKEN)
LINK = f"tact://join?engine={ENGINE}&at=pc-anna:8743&name=Office%202&token=AAECAwQFBgcICQoLDA0ODw"
ANNAS = replace(PLAIN, handle="anna.b_1-")

names = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), min_size=1, max_size=NAME_LENGTH_MAX
)
hosts = st.one_of(
    st.from_regex(r"[a-z0-9][a-z0-9.-]{0,40}", fullmatch=True),
    st.ip_addresses().map(str),
    st.sampled_from(["fe80::1%eth0", "jürgens-pc.local", "PC_3"]),
)
invitations = st.builds(
    Invitation,
    engine=st.binary(min_size=32, max_size=32).map(bytes.hex),
    name=names,
    host=hosts,
    port=st.integers(1, 65_535),
    token=st.binary(min_size=16, max_size=16),
    handle=st.one_of(st.just(""), st.from_regex("[a-z0-9._-]{2,32}", fullmatch=True)),
)


def refused(text, sentence=NOT_AN_INVITATION):
    with pytest.raises(LocalError) as caught:
        Invitation.parsed(text)
    assert str(caught.value) == sentence


# --- what is written


def test_a_link_has_this_form():
    assert PLAIN.link() == LINK
    assert ANNAS.link() == LINK.replace("&token", "&handle=anna.b_1-&token")
    assert replace(PLAIN, host="fe80::1", name="ü&=+%").link() == LINK.replace(
        "pc-anna", "[fe80::1]"
    ).replace("Office%202", "%C3%BC%26%3D%2B%25")


def test_a_file_has_the_link_on_a_line_of_its_own():
    assert PLAIN.as_file().splitlines().count(LINK) == 1
    assert "“Office 2”" in PLAIN.as_file()
    assert "“anna.b_1-”" in ANNAS.as_file()
    assert FILE_SUFFIX == ".tact"


@given(invitations)
def test_a_link_and_a_file_say_the_same(invitation):
    assert Invitation.parsed(invitation.link()) == invitation
    assert Invitation.parsed(invitation.as_file()) == invitation


@given(
    invitations, st.integers(20, 90), st.sampled_from(["\n", "\r\n", "\n> ", " \n", "\u200b"]), st.booleans()
)
def test_it_may_be_broken_anywhere(invitation, width, between, enclosed):
    lines = textwrap.wrap(invitation.link(), width, break_on_hyphens=False)
    link = between.join(lines)
    text = f"Hello,\n\n<{link}>\n\nsee you there" if enclosed else f"Hello,\n\n{link}\n\nsee you there"
    assert Invitation.parsed(text) == invitation


# --- what is read


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "  {}\n",
        "<{}>",
        "“{}”",
        '"{}"',
        "'{}'",
        "Join us ({}).",
        "See {}, and come!",
        "\ufeff{}",
        "> {}\n> --",
    ],
)
def test_what_stands_around_it_does_not_matter(around):
    assert Invitation.parsed(around.format(LINK)) == PLAIN


@pytest.mark.parametrize(
    "start", ["tact:join?", "tact:/join?", "tact://join/?", "TACT://JOIN?", "Tact://Join/?"]
)
def test_browsers_may_write_the_start_in_their_way(start):
    assert Invitation.parsed(LINK.replace("tact://join?", start)) == PLAIN


def test_the_order_of_the_fields_does_not_matter():
    start, _, query = LINK.partition("?")
    assert Invitation.parsed(f"{start}?{'&'.join(reversed(query.split('&')))}") == PLAIN
    assert Invitation.parsed(f"{LINK}&handle=anna.b_1-") == ANNAS


@pytest.mark.parametrize("extra", ["colour=red", "token2=x", "", "colour", "colour=%zz", "colour=1&colour=2"])
def test_fields_of_a_newer_tact_are_passed_over(extra):
    assert Invitation.parsed(LINK.replace("&name", f"&{extra}&name")) == PLAIN
    assert Invitation.parsed(f"{LINK}&{extra}") == PLAIN


def test_more_may_be_percent_encoded_than_must_be():
    assert Invitation.parsed(LINK.replace("pc-anna:", "pc%2danna%3A")) == PLAIN


def test_a_link_that_stands_twice_is_one_invitation():
    assert Invitation.parsed(f"{LINK} <{LINK}>") == PLAIN


def test_two_invitations_are_one_too_many():
    refused(f"{LINK}\n{ANNAS.link()}", SEVERAL)


def test_a_whole_link_beside_a_broken_one_is_not_taken():
    refused(f"{LINK}\n{LINK[:-1]}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Hello",
        "tact://join",
        "tact://join?",
        LINK.replace("tact:", "http:"),
        LINK.replace("tact:", "contact:"),
        LINK.replace("join", "leave"),
        LINK.partition("?")[2],
    ],
)
def test_another_text_is_refused(text):
    refused(text)


@pytest.mark.parametrize("field", ["engine", "at", "name", "token"])
def test_every_field_is_needed_once(field):
    start, _, query = LINK.partition("?")
    without = [each for each in query.split("&") if not each.startswith(f"{field}=")]
    (one,) = set(query.split("&")) - set(without)
    refused(f"{start}?{'&'.join(without)}")
    refused(f"{start}?{'&'.join([*without, field + '='])}")
    refused(f"{start}?{'&'.join([*without, one, one])}")


def test_a_handle_is_there_once_at_most():
    refused(f"{LINK}&handle=anna&handle=anna")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ENGINE, ENGINE[:-1]),
        (ENGINE, ENGINE + "0"),
        (ENGINE, ENGINE.upper()),
        (ENGINE, "g" * 64),
        (ENGINE, "٣" * 64),
        ("pc-anna:8743", "pc-anna"),
        ("pc-anna:8743", ":8743"),
        ("pc-anna:8743", "pc-anna:"),
        ("pc-anna:8743", "pc-anna:0"),
        ("pc-anna:8743", "pc-anna:65536"),
        ("pc-anna:8743", "pc-anna:08743"),
        ("pc-anna:8743", "pc-anna:-1"),
        ("pc-anna:8743", "pc-anna:٣"),
        ("pc-anna:8743", "fe80::1:8743"),
        ("pc-anna:8743", "[pc-anna]:8743"),
        ("pc-anna:8743", "[fe80::g]:8743"),
        ("pc-anna:8743", "[fe80::1]8743"),
        ("pc-anna:8743", "anna@pc:8743"),
        ("pc-anna:8743", "pc/anna:8743"),
        ("pc-anna:8743", "pc%20anna:8743"),
        ("pc-anna:8743", f"{'a' * 254}:8743"),
        ("Office%202", "%0A"),
        ("Office%202", "a%00b"),
        ("Office%202", "%C2%85"),
        ("Office%202", "%E2%80%AEtxt"),  # turns what follows around
        ("Office%202", "%E2%80%A8"),
        ("Office%202", "%FF"),
        ("Office%202", "%ED%A0%80"),
        ("Office%202", "%4"),
        ("Office%202", "%zz"),
        ("Office%202", "tact:join%3F"),
        ("Office%202", "a" * 101),
        ("DA0ODw", "DA0OD"),
        ("DA0ODw", "DA0ODwA"),
        ("DA0ODw", "DA0ODx"),  # the same bytes, written in another way
        ("DA0ODw", "DA0O+w"),
        ("DA0ODw", "DA0ODw=="),
    ],
)
def test_a_field_that_does_not_fit_is_refused(old, new):
    assert old in LINK
    refused(LINK.replace(old, new))


@pytest.mark.parametrize("handle", ["", "a", "Anna", "anna%20b", "ann%C3%A4", "a" * 33, "a%0Ab"])
def test_a_handle_that_is_none_is_refused(handle):
    refused(LINK.replace("&token", f"&handle={handle}&token"))


def test_a_text_has_a_length():
    assert Invitation.parsed(LINK + " " * (TEXT_LENGTH_MAX - len(LINK))) == PLAIN
    refused(LINK + " " * (TEXT_LENGTH_MAX - len(LINK) + 1))


@given(st.text(max_size=200), st.integers(0, len(LINK)))
def test_whatever_is_pasted_is_read_or_refused(text, place):
    for pasted in (text, f"tact:join?{text}", LINK[:place] + text + LINK[place:]):
        try:
            read = Invitation.parsed(pasted)
        except LocalError:
            continue
        assert Invitation.parsed(read.link()) == read


# --- what is made


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("engine", "abc"),
        ("name", ""),
        ("name", "two\nlines"),
        ("name", "x" * 101),
        ("host", ""),
        ("host", "a b"),
        ("port", 0),
        ("port", 65_536),
        ("token", bytes(15)),
        ("token", bytes(17)),
        ("handle", "Anna"),
    ],
)
def test_no_invitation_is_made_that_could_not_be_read(field, value):
    with pytest.raises(LocalError, match=f"with this {field}"):
        replace(PLAIN, **{field: value})


def test_nothing_that_is_printed_shows_the_token(caplog):
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("invited: %s %r", PLAIN, ANNAS, extra={"invitation": PLAIN})
    shown = [
        repr(PLAIN),
        str(PLAIN),
        f"{PLAIN}",
        pprint.pformat([PLAIN]),
        repr(PLAIN.__rich_repr__()),
        caplog.text,
    ]
    for each in shown:
        assert ENGINE in each
        assert "Office 2" in each
        assert "AAECAwQ" not in each
        assert "\\x01" not in each
    assert "handle='anna.b_1-', token=…" in repr(ANNAS)


def test_nor_does_a_refusal():
    with pytest.raises(LocalError) as caught:
        Invitation.parsed(LINK[:-1])
    cause = caught.value
    while cause is not None:
        assert "AAECAwQ" not in f"{cause!r} {cause}"
        cause = cause.__cause__ or cause.__context__
