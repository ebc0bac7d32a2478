from tact_desktop.state.links import links_in
from tact_desktop.state.wording_links import OFFERED_MAX, LinkDeed, leads_to, link_deeds


def test_where_a_link_leads_is_said_with_the_place_as_it_is():
    told = [leads_to(link) for link in links_in("https://bank.com@\u0430pple.com/x mailto:a@b.example")]
    assert told == [
        "Opens xn--pple-43d.com in your browser",
        "Writes to a@b.example in your mail program",
    ]


def test_one_link():
    assert link_deeds(links_in("see https://a.example/x, https://a.example/x")) == (
        LinkDeed("https://a.example/x", "Open link to a.example", "Copy link"),
    )


def test_links_to_one_place_are_told_apart():
    deeds = link_deeds(links_in(f"https://a.example/1 https://a.example/{'x' * 90} mailto:c@d.example"))
    assert [deed.open for deed in deeds] == [
        "Open link to a.example/1",
        f"Open link to a.example/{'x' * 38}…",
        "Write to c@d.example",
    ]
    assert deeds[0].copy == "Copy link to a.example/1"


def test_only_some_are_offered():
    text = " ".join(f"https://{number}a.example" for number in range(OFFERED_MAX + 1))
    assert len(link_deeds(links_in(text))) == OFFERED_MAX
