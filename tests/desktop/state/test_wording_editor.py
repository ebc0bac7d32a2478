from datetime import UTC, datetime

from tact_desktop.state import wording_editor as words


def test_the_folded_section_names_what_is_set():
    assert words.set_so([]) == "Time"
    assert words.set_so(["not before", "stays so for"]) == "Time: not before, stays so for"


def test_a_long_name_is_cut_for_a_button():
    assert words.short_name("Mary Okafor") == "Mary Okafor"
    assert words.short_name("\u2068" + "א" * 30 + "\u2069") == "\u2068" + "א" * 23 + "…\u2069"
    assert words.short_name("Bartholomew Featherstonehaugh") == "Bartholomew Featherston…"


def test_sentences_with_a_name_or_a_number():
    assert words.name_too_long(24) == "A name has at most 24 characters."
    assert words.name_taken("Lunch") == "“Lunch” is taken. Choose another name."
    assert words.too_many_presets(8) == "There are 8 presets of yours already. Delete one first."
    assert words.no_time_zone("Bob") == "Bob's time zone is not shared with you."
    assert words.clock_there(datetime(2026, 11, 22, 15, 20, tzinfo=UTC), "Bob") == "Bob's time, now Sun 15:20"
    assert (words.weekday(1), words.weekday(7)) == ("Monday", "Sunday")
    assert "not known" in words.zone_not_known()
