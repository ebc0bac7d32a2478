from tact_desktop.state import wording_welcome as words

ENGINE = "7f3a91" + "0" * 58


def test_a_key_as_people_compare_it():
    assert words.key_form(ENGINE) == "7F-3A-91"
    assert words.engine_note(ENGINE) == "key 7F-3A-91"


def test_who_answered():
    assert (
        words.answered("Office", ENGINE, "pc-anna", 8228) == "“Office” answers at pc-anna:8228, key 7F-3A-91."
    )


def test_details_name_what_was_looked_for_and_found():
    said = words.details(["10.0.0.7"], ["Office, 10.0.0.2:8228, key 7F-3A-91"])
    assert "UDP port 5353" in said
    assert "10.0.0.7" in said
    assert "Office, 10.0.0.2:8228" in said
    assert "none so far" in words.details([], [])
