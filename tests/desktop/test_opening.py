from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QUrl

from tact_desktop.opening import open_link
from tact_desktop.state.links import links_in
from tests.support.programs import programs


@pytest.fixture
def handed(qapp) -> Iterator[list[str]]:
    with programs() as handed:
        yield handed


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a(b)?q=1#x",
        "http://[::1]:8080/",
        "http://127.0.0.1/",
        "https://xn--pple-43d.com/%C3%BC",
        "https://bank.com@evil.example/",
        "mailto:mary@example.org",
    ],
)
def test_an_address_is_handed_out_as_it_is(handed, url):
    assert open_link(url)
    assert handed == [url]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "file://host/share",
        "smb://host/share",
        "\\\\host\\share",
        "//host/share",
        "javascript:alert(1)",
        "data:text/html,x",
        "tact://join?engine=00",
        "HTTPS://example.org",
        "https://\u0430pple.com",
        "https://example.org x",
        " https://example.org",
        "https://a.example\\@b.example",
        "mailto:mary@example.org?attach=/etc/passwd",
        "https://xn--/",
        "-https://example.org",
    ],
)
def test_nothing_else_is_opened(handed, url):
    assert not open_link(url)
    assert handed == []


def test_what_qt_reads_otherwise_is_not_opened(handed, monkeypatch):
    """The rules of two readers must agree, whichever of them is wrong."""
    monkeypatch.setattr("tact_desktop.opening.link_of", lambda url: links_in("https://a.example")[0])
    assert not open_link("file:///etc/passwd")
    assert not open_link("https://b.example")
    assert handed == []


def test_nothing_of_it_is_logged(handed, caplog, capfd):
    caplog.set_level(0)
    assert open_link("https://secret.example/token")
    assert not open_link("file:///secret")
    assert caplog.records == []
    assert "secret" not in "".join(capfd.readouterr())


@given(
    st.sampled_from(["https://", "http://", "mailto:", "https://a.b/", "https://a.b?", "https://u@a.b#"]),
    st.text(st.sampled_from("ab1\u0430ß例-._~:/?#[]@!$&'()*+,;=% %41é\u200b\n"), max_size=14),
)
def test_qt_reads_every_link_as_we_do(begin, rest):
    for link in links_in(begin + rest):
        asked = QUrl(link.url, QUrl.ParsingMode.StrictMode)
        assert asked.isValid()
        host = asked.host(QUrl.ComponentFormattingOption.FullyEncoded)
        assert link.is_mail or host.strip("[]") == link.place.strip("[]")
