"""The guard: what must not get worse, judged by ratios within one run, so that it holds on any computer. Pure.

A figure alone says as much about the computer, and about what else it does at the time, as about the engine. How two
figures of one run compare says how the engine grows, waits and shares. Bounds stand well above what was measured, for
computers are noisy, and well below what the mistake would cost that each of them is there for. Where others kept the
computer busy meanwhile, two figures have had different luck, and nothing is judged.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

OTHERS_MAX = 0.3
"""So many cores busy with something else leave the figures of one run comparable."""


@dataclass(frozen=True, slots=True)
class Check:
    """One row of CHECKS: figure `over` divided by figure `under` (1 where there is none) is at most `most`."""

    name: str
    over: str
    under: str | None
    most: float
    reason: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A check with the ratio that was found."""

    check: Check
    ratio: float

    @property
    def worse(self) -> bool:
        """Whether it is more than it may be."""
        return self.ratio > self.check.most


CHECKS = (
    Check(
        "accept: to one against to many",
        "A-1000 accepted /s",
        "A-one accepted /s",
        1.6,
        "nobody's mailbox costs more the more is in it",
    ),
    Check(
        "accept: against bare SQLite",
        "A the same rows by bare SQLite /s",
        "A-1000 accepted /s",
        8,
        "what is durable costs little more than making it so",
    ),
    Check(
        "accept: 20 in flight against 1",
        "A closed, 20 in flight, p50 ms",
        "A closed, 1 in flight, p50 ms",
        6,
        "twenty share a commit and do not stand in line for twenty",
    ),
    Check(
        "flush: 10,000 against 1,000",
        "B 10,000 stored, last ms",
        "B 1,000 stored, last ms",
        14,
        "ten times as many take ten times as long, not a hundred times",
    ),
    Check(
        "flush: what a bystander feels of it",
        "B 10,000 stored, bystander's worst ms",
        "B 10,000 stored, last ms",
        0.25,
        "others have their turn many times before it is over",
    ),
    Check(
        "relay: against accept",
        "A-1000 accepted /s",
        "C relayed /s",
        5,
        "handing over, acknowledgement and news together cost a few times the acceptance",
    ),
    Check(
        "announce: 1,000 against 100",
        "D 1,000 watchers, last ms",
        "D 100 watchers, last ms",
        15,
        "what many see is made once, and each only costs its own line",
    ),
    Check(
        "release: among 1,000 against among 10",
        "R 1,000 waiting, 1 matches, p50 ms",
        "R 10 waiting, 1 matches, p50 ms",
        3,
        "a hundred conditions to look at, in place of ten, cost little beside the commit",
    ),
    Check(
        "release: among 100,000 against among 1,000",
        "R 100,000 waiting, 1 matches, p50 ms",
        "R 1,000 waiting, 1 matches, p50 ms",
        1.6,
        "as many conditions, a hundred times the messages: what waits and does not go costs nothing",
    ),
    Check(
        "no release: among 100,000 against among 1,000",
        "R 100,000 waiting, none matches, p50 ms",
        "R 1,000 waiting, none matches, p50 ms",
        1.6,
        "conditions are looked at, not messages",
    ),
    Check(
        "release: 10,000 against 100",
        "R 100,000 waiting, 10,000 match, last ms",
        "R 100,000 waiting, 100 match, last ms",
        200,
        "the cost follows what is released",
    ),
    *(
        Check(
            f"growth: {work} with 1,000,000 others",
            f"F {work}, 1,000,000 others stored, times",
            None,
            most,
            reason,
        )
        for work, most, reason in (
            ("A", 2, "each recipient has a page of their own, and no more than that"),
            ("B", 1.3, "what is stored for others costs nobody anything"),
            ("R", 1.3, "what is stored for others costs nobody anything"),
        )
    ),
    Check(
        "growth: start-up with 1,000,000 others",
        "F start-up, 1,000,000 stored, s",
        "F start-up, nothing stored, s",
        1.5,
        "a start reads nothing of what waits",
    ),
    Check(
        "kill -9: accepted against survivors",
        "K accepted",
        "K survivors",
        1,
        "what was accepted is on disk",
    ),
)


def judged(figures: Mapping[str, float]) -> tuple[Judged, ...]:
    """Every check of which both figures were measured."""
    return tuple(
        Judged(check, _ratio(figures[check.over], 1 if check.under is None else figures[check.under]))
        for check in CHECKS
        if {check.over, check.under} - {None} <= figures.keys()
    )


def missing(figures: Iterable[str], goals: Iterable[str]) -> tuple[str, ...]:
    """What a complete run should have measured, and did not: a name that nobody writes any more guards nothing."""
    wanted = {*goals, *(name for check in CHECKS for name in (check.over, check.under) if name is not None)}
    return tuple(sorted(wanted - set(figures)))


def is_quiet(others: float) -> bool:
    """Whether a run can be judged during which others had so many cores."""
    return others <= OTHERS_MAX


def verdict(judgements: Sequence[Judged], others: float) -> str:
    """One line for each check, with the reason where it is worse; first of all whether that means anything."""
    quiet = is_quiet(others)
    head = f"others had {others:.1f} cores meanwhile" + (
        "" if quiet else ", so none of this is judged: run it alone"
    )
    return "\n".join((head, *(_line(each, quiet) for each in judgements)))


def _line(each: Judged, quiet: bool) -> str:
    found = f"{each.check.name:48}{each.ratio:8.2f}{f'at most {each.check.most:g}':>14}"
    if not each.worse:
        return f"{found}  ok"
    return f"{found}  {'WORSE' if quiet else 'worse'}: {each.check.reason}"


def _ratio(over: float, under: float) -> float:
    return over / under if under else inf
