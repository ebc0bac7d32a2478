"""The commands about who belongs to an engine, against a real one as users get it."""

import asyncio
import json
from hashlib import sha256
from itertools import count

import pytest
from click.testing import CliRunner

from tact_engine import cli
from tact_engine.accounts.words import six_words
from tact_engine.client import Client, Invitation
from tests.support.engine_process import EngineProcess

SECONDS_MAX = 30
NUMBERS = count(1)


@pytest.fixture
def name():
    """Makes a handle of a word that no test used before."""
    return lambda word: f"{word}-{next(NUMBERS)}"


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """An engine as users get it, whose host is anna."""
    engine = EngineProcess(tmp_path_factory.mktemp("office"), as_in_an_office=True).start()
    yield engine
    engine.clean_up()


@pytest.fixture(scope="module")
def computer(tmp_path_factory):
    """The folder of the one computer from which the tests of this module script the office."""
    return tmp_path_factory.mktemp("computer")


@pytest.fixture
def at_home(computer, monkeypatch, office):
    """At that computer, where anna is the host; its folder."""
    monkeypatch.setenv("TACT_DATA", str(computer))
    path = office.data / "host-invitation.tact"
    if path.exists():
        done = CliRunner().invoke(cli.main, ["join", "--as", "anna", str(path)])
        assert (done.exit_code, done.stdout) == (0, f"anna belongs to “{office.name}” from now on.\n")
    return computer


async def script(*words: str, said: str | None = None):
    """What the command line does with these words alone."""
    async with asyncio.timeout(SECONDS_MAX):
        return await asyncio.to_thread(CliRunner().invoke, cli.main, words, said)


async def new_link(*words: str) -> str:
    done = await script("invite", "--as", "anna", *words)
    assert done.exit_code == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.rule("J2")
async def test_an_invitation_is_printed_as_a_link_and_lets_somebody_in_once(at_home, name):
    link = await new_link()
    assert Invitation.parsed(link).link() == link
    mary = name("mary")
    done = await script("join", "--as", mary, link)
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 1), "who was invited has nothing to compare"
    done = await script("join", "--as", name("john"), link)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "This invitation is used, revoked or out of date." in done.stderr
    done = await script("people", "--as", mary)
    assert (done.exit_code, done.stdout.split("\t")[0]) == (0, "anna")


async def test_an_invitation_can_stand_in_a_file(at_home, name, tmp_path):
    file = tmp_path / "invitation.tact"
    file.write_text(Invitation.parsed(await new_link()).as_file())
    assert (await script("join", "--as", name("mary"), str(file))).exit_code == 0


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (
            "nowhere.tact",
            "nowhere.tact cannot be read: No such file or directory. Give the link, or its file.",
        ),
        ("tact://join?engine=x", "This is not an invitation to Tact."),
        (".", ". cannot be read: Is a directory."),
    ],
)
async def test_what_is_no_invitation_is_a_sentence(at_home, name, word, sentence):
    done = await script("join", "--as", name("mary"), word)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"tact-engine: {sentence}")


@pytest.mark.rule("J3")
async def test_a_device_is_added_to_the_person_it_is_for(at_home, name, computer, tmp_path, monkeypatch):
    mary = name("mary")
    await script("join", "--as", mary, await new_link())
    done = await script("invite", "--as", mary, "--device")
    own = done.stdout.strip()
    assert Invitation.parsed(own).handle == mary
    link = await new_link("--of", mary)
    assert Invitation.parsed(link).handle == mary
    done = await script("join", "--as", "john", link)
    assert done.exit_code == 2
    assert f"This invitation adds a device of “{mary}”. Join --as {mary}." in done.stderr
    monkeypatch.setenv("TACT_DATA", str(tmp_path / "laptop"))
    assert (await script("join", "--as", mary, link)).exit_code == 0
    done = await script("invite", "--as", mary, "--of", "anna")
    assert (done.exit_code, "Only the host of this engine can do that." in done.stderr) == (2, True)


@pytest.mark.rule("J6")
async def test_a_host_is_told_of_all_and_anybody_else_of_themselves(at_home, name):
    mary = name("mary")
    await script("join", "--as", mary, await new_link())
    seen = json.loads((await script("members", "--as", "anna")).stdout)
    assert {"anna", mary} <= {each["handle"] for each in seen["members"]}
    assert seen["health"]["people"] == sum("removed_at" not in each for each in seen["members"])
    seen = json.loads((await script("members", "--as", mary)).stdout)
    assert [each["handle"] for each in seen["members"]] == [mary]
    assert (seen["invitations"], seen["requests"], seen["health"]) == ([], [], None)


@pytest.mark.rule("J4")
async def test_a_password_is_asked_for_and_never_printed(at_home, name, tmp_path, monkeypatch, office):
    mary, where = name("mary"), ("--host", f"{office.host}:{office.port}")
    await script("join", "--as", mary, await new_link())
    async with Client(mary, office.address) as tact:
        await tact.set_password("correct horse")
    monkeypatch.setenv("TACT_DATA", str(tmp_path / "laptop"))
    done = await script("join", "--as", mary, "--password", *where, said="wrong horse\n")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Name or password is wrong." in done.stderr
    done = await script("join", "--as", mary, "--password", *where, said="correct horse\n")
    assert done.exit_code == 0
    assert "horse" not in done.output
    first, second = done.stdout.splitlines()
    assert first == f"{mary} belongs to “{office.name}” from now on."
    assert second == f"Compare with its host: {' '.join(six_words(office.engine))}"


@pytest.mark.rule("J5")
async def test_who_brings_nothing_asks_and_is_told_so(at_home, name, office):
    eve = name("eve")
    done = await script("join", "--as", eve, "--host", f"{office.host}:{office.port}")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "The host of this engine was asked to let you in." in done.stderr
    seen = json.loads((await script("members", "--as", "anna")).stdout)
    assert eve in {each["handle"] for each in seen["requests"]}


async def test_a_host_admits_declines_revokes_and_removes(
    at_home, computer, office, name, tmp_path, monkeypatch
):
    link = await new_link()
    eve, mary = name("eve"), name("mary")
    for who in (eve, mary):
        monkeypatch.setenv("TACT_DATA", str(tmp_path / who))
        asked = await script("join", "--as", who, "--host", f"{office.host}:{office.port}")
        assert (asked.exit_code, "was asked to let you in" in asked.stderr) == (2, True)
    monkeypatch.setenv("TACT_DATA", str(computer))
    members = json.loads((await script("members", "--as", "anna")).stdout)
    (open_one,) = [each for each in members["invitations"] if each["made_by"] == "anna"][-1:]
    assert (await script("invite", "--as", "anna", "--revoke", open_one["id"])).exit_code == 0
    assert (await script("admit", "--as", "anna", "--decline", eve)).exit_code == 0
    assert (await script("admit", "--as", "anna", mary)).exit_code == 0
    again = await script("admit", "--as", "anna", eve)
    assert (again.exit_code, f"Nobody asks to join as “{eve}”" in again.stderr) == (2, True)
    monkeypatch.setenv("TACT_DATA", str(tmp_path / mary))
    assert (await script("join", "--as", mary, "--host", f"{office.host}:{office.port}")).exit_code == 0
    late = await script("join", "--as", name("late"), link)
    assert (late.exit_code, "used, revoked or out of date" in late.stderr) == (2, True)
    monkeypatch.setenv("TACT_DATA", str(computer))
    members = json.loads((await script("members", "--as", "anna")).stdout)["members"]
    (device,) = next(each["devices"] for each in members if each["handle"] == mary)
    assert (await script("remove", "--as", "anna", "--device", device["id"], mary)).exit_code == 0
    assert (await script("remove", "--as", "anna", "--withdraw", mary)).exit_code == 0
    gone = await script("remove", "--as", "anna", mary)
    assert (gone.exit_code, "Nobody here is called" in gone.stderr) == (2, True)


async def asking(name, office) -> str:
    """Somebody who asks to be let in, and has a key on this computer."""
    eve = name("eve")
    done = await script("join", "--as", eve, "--host", f"{office.host}:{office.port}")
    assert "was asked to let you in" in done.stderr
    return eve


@pytest.mark.rule("J5")
async def test_a_host_admits_and_declines_who_asks(at_home, name, office):
    eve, mallory = await asking(name, office), await asking(name, office)
    assert (await script("admit", "--as", "anna", eve)).exit_code == 0
    assert (await script("admit", "--as", "anna", "--decline", mallory)).exit_code == 0
    where = ("--host", f"{office.host}:{office.port}")
    assert (await script("join", "--as", eve, *where)).exit_code == 0
    done = await script("join", "--as", mallory, *where)
    assert (done.exit_code, "has not let you in" in done.stderr) == (2, True)
    done = await script("admit", "--as", "anna", eve)
    assert (done.exit_code, f"Nobody asks to join as “{eve}”." in done.stderr) == (2, True)


async def test_two_who_ask_under_one_name_are_not_guessed_at(at_home, name, office, tmp_path, monkeypatch):
    eve = await asking(name, office)
    monkeypatch.setenv("TACT_DATA", str(tmp_path / "other"))
    await script("join", "--as", eve, "--host", f"{office.host}:{office.port}")
    monkeypatch.undo()
    async with Client("anna", office.address, profile=at_home / "profiles" / "anna") as anna:
        both = [each for each in (await anna.look_over()).requests if each.handle == eve]
        assert len(both) == 2
        monkeypatch.setenv("TACT_DATA", str(at_home))
        done = await script("admit", "--as", "anna", eve)
        assert (done.exit_code, f"2 computers ask to join as “{eve}”." in done.stderr) == (2, True)
        await anna.approve(both[1])
        assert eve in {each.handle for each in (await anna.look_over()).members}


@pytest.mark.rule("J2")
async def test_an_invitation_is_revoked_by_its_id(at_home, name):
    link = await new_link()
    seen = json.loads((await script("members", "--as", "anna")).stdout)
    (id,) = (each["id"] for each in seen["invitations"] if each["id"] == id_of(link))
    done = await script("invite", "--as", "anna", "--revoke", id)
    assert (done.exit_code, done.stdout) == (0, "")
    done = await script("join", "--as", name("mary"), link)
    assert "This invitation is used, revoked or out of date." in done.stderr


def id_of(link: str) -> str:
    return sha256(Invitation.parsed(link).token).hexdigest()[:16]


@pytest.mark.rule("J8")
async def test_devices_and_people_are_removed(at_home, name):
    mary, john = name("mary"), name("john")
    for handle in (mary, john):
        await script("join", "--as", handle, await new_link())
    done = await script("remove", "--as", john, mary)
    assert (done.exit_code, "Only the host of this engine can do that." in done.stderr) == (2, True)
    seen = json.loads((await script("members", "--as", mary)).stdout)
    device = seen["members"][0]["devices"][0]["id"]
    assert (await script("remove", "--as", "anna", "--device", device, mary)).exit_code == 0
    done = await script("people", "--as", mary)
    assert (done.exit_code, f"“{mary}” belongs to another device." in done.stderr) == (2, True)
    assert (await script("remove", "--as", "anna", "--withdraw", john)).exit_code == 0
    done = await script("people", "--as", john)
    assert (done.exit_code, f"may not sign in as “{john}” any more." in done.stderr) == (2, True)
