"""The model test as a campaign: random days of three people, the engine beside the oracle after every step."""

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.engine.store.test_model import Days
from tests.proof.campaigns import Verdict

STEPS = 50


def run(count: int, seed: int) -> Verdict:
    """`count` days of so many steps; a failing one is shrunk and told step by step."""
    wanted = settings(
        max_examples=count,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much),
        report_multiple_bugs=False,
    )
    days = hypothesis.seed(seed)(type("Days", (Days,), {}))
    try:
        run_state_machine_as_test(days, settings=wanted)
    except Exception as error:
        notes = "\n".join(getattr(error, "__notes__", ()))
        again = f"python3 dev soak model --count {count} --seed {seed}"
        return Verdict(count, (f"{again}\n{type(error).__name__}: {error}\n{notes}",))
    return Verdict(count)
