import pytest
from hypothesis import given
from hypothesis import strategies as st

from tact_desktop.state.links import URL_LENGTH_MAX, WebLink, hidden_places, link_of, links_in

# fmt: off
FOUND = [
    # the text, what is underlined, what is opened, where it leads
    ("see https://example.org/a(b). ok", "https://example.org/a(b)", "https://example.org/a(b)", "example.org"),
    ("(https://en.example/Foo_(bar)),", "https://en.example/Foo_(bar)", "https://en.example/Foo_(bar)", "en.example"),
    ("[http://a.example/x[1]]!?", "http://a.example/x[1]", "http://a.example/x[1]", "a.example"),
    ("(https://example.org), then", "https://example.org", "https://example.org", "example.org"),
    ("HTTPS://EXAMPLE.org.", "HTTPS://EXAMPLE.org", "https://example.org", "example.org"),
    ("看https://example.org。好", "https://example.org", "https://example.org", "example.org"),
    ("https://e.example:8443/?q=1#a;", "https://e.example:8443/?q=1#a", "https://e.example:8443/?q=1#a", "e.example"),
    ("http://127.0.0.1:80/x", "http://127.0.0.1:80/x", "http://127.0.0.1:80/x", "127.0.0.1"),
    ("http://[::1]:80/a", "http://[::1]:80/a", "http://[::1]:80/a", "[::1]"),
    ("https://x.example/ü?100%", "https://x.example/ü?100%", "https://x.example/%C3%BC?100%25", "x.example"),
    ("https://b.com@evil.example/x", "https://b.com@evil.example/x", "https://b.com@evil.example/x", "evil.example"),
    ("https://b.com:x@evil.example", "https://b.com:x@evil.example", "https://b.com:x@evil.example", "evil.example"),
    ("https://\u0430pple.com/", "https://\u0430pple.com/", "https://xn--pple-43d.com/", "xn--pple-43d.com"),
    ("https://faß.example", "https://faß.example", "https://xn--fa-hia.example", "xn--fa-hia.example"),
    ("https://ex\u200bample.org", "https://ex", "https://ex", "ex"),
    ("https://a.example\\@evil.example", "https://a.example", "https://a.example", "a.example"),
    ("https://a.example\u202egro.b", "https://a.example", "https://a.example", "a.example"),
    ("mailto:m@example.org?attach=/etc/passwd", "mailto:m@example.org", "mailto:m@example.org", "m@example.org"),
    ("MAILTO:a.b+c@Example.ORG.", "MAILTO:a.b+c@Example.ORG", "mailto:a.b+c@example.org", "a.b+c@example.org"),
]
PLAIN = [
    "file:///etc/passwd", "FILE://host/share/x.png", "smb://host/share", "\\\\host\\share", "javascript:alert(1)",
    "data:text/html,<b>", "tact://join?engine=00&at=10.0.0.7:8228&name=a", "tact://join?to=https://x.example/",
    "view-source:https://x.example", "xhttps://x.example", "www.example.org", "mary@example.org", "https://", "https:///x",
    "https://a..b/", "https://-a.example", "https://a.example:99999/", "https://a:b:80/", "https://a@b@c.example/",
    "http://2130706433/", "http://0x7f.1/", "http://1.2.3/", "http://[fe80::1%25lo]/", "http://[12]/", "https://℀.com/",
    "https://ß_a.example/", "https://x.example/" + "a" * URL_LENGTH_MAX, "https://" + "a." * 130 + "example",
    "mailto:", "mailto:@example.org", "mailto:x@", "mailto:x@a..b", "mailto:x@[1.2.3.4]", "mailto:x%0A@y.example", "ftp://x.example",
]
# fmt: on


@pytest.mark.parametrize(("text", "part", "url", "place"), FOUND)
def test_what_is_a_link(text, part, url, place):
    (link,) = links_in(text)
    assert (text[link.start : link.end], link.url, link.place) == (part, url, place)


@pytest.mark.parametrize("text", PLAIN)
def test_what_stays_plain_text(text):
    assert links_in(text) == ()
    assert link_of(text) is None


def test_several_links_in_their_order():
    links = links_in("https://a.example,https://b.example\nand mailto:c@d.example")
    assert [link.place for link in links] == ["a.example", "b.example", "c@d.example"]
    assert [link.is_mail for link in links] == [False, False, True]


def test_places_that_are_not_seen_are_told():
    text = "https://a.example/x https://a@b.example http://\u0430.example HTTP://C.example mailto:d@e.example"
    assert hidden_places(text) == ("b.example", "xn--80a.example")


def test_only_a_whole_address_is_opened():
    assert link_of("https://a.example/x") == WebLink(0, 19, "https://a.example/x", "a.example")
    assert link_of("https://A.example/x") is None
    assert link_of("see https://a.example/x") is None
    assert link_of("https://a.example/x y") is None


@given(
    st.sampled_from(["https://", "http://", "mailto:", "https://a.b/", "https://a.b?", "https://u@a.b#"]),
    st.text(st.sampled_from("ab1\u0430ß例-._~:/?#[]@!$&'()*+,;=% %41é\u0301\u200b🙂\n"), max_size=14),
)
def test_what_is_opened_is_one_link_to_the_same_place(begin, rest):
    for link in links_in(begin + rest):
        assert link.url.isascii()
        assert link_of(link.url) == WebLink(0, len(link.url), link.url, link.place)
