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


def test_names_of_others_cannot_turn_a_sentence_round():
    evil = "Of\u202efice"
    said = (
        words.invited_to(evil),
        words.adds_computer("tom", evil),
        words.another_key(evil),
        words.not_that_one(evil, ENGINE),
        words.answered(evil, ENGINE, "pc", 1),
        words.was_asked(evil),
        words.asked_as(evil, "tom"),
        words.belongs_already(evil),
        words.is_this_computer("tom", evil),
        words.is_for_another(evil, evil, ""),
        words.brings_back(evil, ENGINE),
    )
    assert not any("\u202e" in sentence for sentence in said)
    assert all("Office" in sentence for sentence in said)


def test_what_an_invitation_is_for():
    assert words.invited_to("Office") == "You are invited to “Office”"
    assert words.adds_computer("tom", "Office") == "Adds this computer to tom in “Office”"
    assert words.is_for_another("Lab", "Office", "") == (
        "This window belongs to “Lab”. The invitation is for “Office”."
    )
    assert "adds a computer to tom in “Office”" in words.is_for_another("Lab", "Office", "tom")
    assert "7F-3A-91" in words.brings_back("Office", ENGINE)
    assert "tact --profile tom" in words.opens_again("tom")


def test_what_is_said_while_a_host_is_asked():
    assert words.was_asked("Office") == "“Office” was asked to let you in"
    assert words.was_asked("") == "The engine was asked to let you in"
    assert words.asked_as("Anna Berg", "anna.berg") == "Its host sees you as Anna Berg (anna.berg)."
    assert words.asked_as("", "anna.berg") == "Its host sees you as anna.berg."
    assert words.step_done(words.asked_at("10:32")) == "✓  Asked at 10:32"
    assert words.step_to_come("Tact opens") == "○  Tact opens"


def test_whose_names_and_passwords():
    assert words.take_handle("tom2") == "Join as tom2"
    assert words.password_of("tom") == "Password of tom"
    assert words.add_to_name("Tom (Sales)").endswith("For example: “Tom (Sales)”.")
