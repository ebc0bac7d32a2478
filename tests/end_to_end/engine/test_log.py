"""The log is JSON lines, and what people write never gets into it, nor into anything else it says."""

import contextlib
import json

import pytest

from tests.support.bare_link import bare_link, in_base64, new_key, submission
from tests.support.engine_process import EngineProcess

CANARY = "kanarienvogel"


@pytest.mark.rule("D2")
@pytest.mark.parametrize("level", ["INFO", "DEBUG"])
async def test_no_text_and_no_condition_gets_into_the_log(tmp_path, level):
    engine = EngineProcess(tmp_path, "--log-level", level).start()
    keys = {name: new_key() for name in ("tom", "mary")}
    when = {"any": [{"all": [{"attr": "StatusText", "op": "contains", "value": CANARY}]}]}
    impossible = {"any": [{"all": [{"attr": CANARY, "op": CANARY, "value": CANARY}]}]}
    try:
        async with bare_link(engine.address) as tom, bare_link(engine.address) as mary:
            await tom.sign_in("tom", keys["tom"])
            await mary.sign_in("mary", keys["mary"])
            for changed in (
                {},
                {"when": when},
                {"when": impossible},
                {"to": [CANARY]},
                {"content_type": CANARY},
            ):
                await tom.ask(submission("mary", CANARY, **{"id": f"{len(str(changed))}", **changed}))
            await tom.ask({"type": "edit", "id": "1", "revision": 1, "amendment": {"body": in_base64(b"x")}})
            await mary.ask({"type": "set_presence", "changes": {"StatusText": f"a {CANARY}"}})
            await mary.ask({"type": "set_presence", "changes": {"UserMood": CANARY}})
            await tom.say(f'{{"type": "{CANARY}", "request": 1}}')
            await tom.hear("refused")
            await tom.say(CANARY)
            await tom.hear("refused")
            with contextlib.suppress(Exception):
                await tom.say(CANARY * 10_000)
            await tom.closed()
        assert engine.stop() == 0
    finally:
        engine.clean_up()
    lines = (tmp_path / "logs" / "engine.log").read_text().splitlines()
    assert lines
    for line in lines:
        fields = json.loads(line)
        assert {"at", "level", "in", "event"} <= set(fields)
    secrets = [CANARY, in_base64(CANARY.encode()), *(in_base64(key.public) for key in keys.values())]
    assert [line for line in lines for secret in secrets if secret in line] == []
    assert engine.said == ""


async def test_who_comes_and_who_is_refused_is_logged(tmp_path):
    engine = EngineProcess(tmp_path).start()
    try:
        async with bare_link(engine.address) as link:
            await link.sign_in("tom")
        async with bare_link(engine.address) as link:
            await link.sign_in("tom")
        engine.stop()
    finally:
        engine.clean_up()
    own = {line["event"]: line for line in engine.log()}
    assert own["listening"]["port"] == engine.port
    assert own["signed in"]["handle"] == "tom"
    assert own["sign-in refused"]["code"] == "handle_taken"
