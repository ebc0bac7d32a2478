import pytest

from tact_desktop.state import wording_privacy as words
from tact_engine.core.presence import ATTRIBUTES
from tact_engine.core.privacy import Audience


def test_every_attribute_has_its_question_and_every_audience_its_word():
    assert {*words.QUESTIONS} == {*ATTRIBUTES}
    assert all(question.startswith("Who may see ") for question in words.QUESTIONS.values())
    assert {*words.AUDIENCES} == {*Audience}


@pytest.mark.rule("S12", "S13")
def test_what_blocking_means_is_said_before():
    assert words.block_question("Tom") == "Block Tom?"
    assert words.block_meaning("Tom").startswith("Tom will see you as offline and will not learn of it.")


def test_controls_say_what_they_are_about():
    assert words.remove("Tom", "Blocked") == "Remove Tom from “Blocked”"
    assert words.people_for("Who may see my mood?") == "Choose people… Who may see my mood?"
    assert words.wait_for("Who may see my mood?") == "Others may wait for it. Who may see my mood?"
    assert words.sees("Tom", "Available") == "Tom sees: Available"


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ((), words.NOTHING_TO_WAIT_FOR),
        (("UserMood",), "Can wait for your mood."),
        (("OnlineStatus", "UserMood"), "Can wait for your being online and your mood."),
        (
            ("OnlineStatus", "UserMood", "Activity"),
            "Can wait for your being online, your mood and your activity.",
        ),
    ],
)
def test_what_others_can_wait_for(names, sentence):
    assert words.waits_for(names) == sentence
