"""Figures: what a run measured, and the table in which they stand beside their goals. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

NAME_WIDTH, GOAL_WIDTH, VALUE_WIDTH, LOAD_WIDTH = 50, 11, 10, 8


@dataclass(frozen=True, slots=True)
class Load:
    """How busy the computer was while something was measured: seconds of CPU for each second; 1 is one core.

    `others` is whatever is neither the engine nor the bench itself; of what took little time it is only a rough guess.
    """

    engine: float
    bench: float
    others: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One number; `load` where it belongs to a section that was watched."""

    value: float
    load: Load | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be: `least` or `most`, whichever is given."""

    least: float | None = None
    most: float | None = None

    def missed(self, value: float) -> bool:
        """Whether `value` is not good enough."""
        too_small = self.least is not None and value < self.least
        return too_small or (self.most is not None and value > self.most)

    def __str__(self) -> str:
        """As it stands in the table."""
        return f"≤ {self.most:,}" if self.most is not None else f"≥ {self.least:,}"


Figures = Mapping[str, Figure]
Runs = Mapping[str, Sequence[Figure]]
"""Each figure's name with what the repeats gave."""


def gathered(repeats: Iterable[Figures]) -> Runs:
    """The figures of several repeats, by name."""
    runs: dict[str, list[Figure]] = {}
    for figures in repeats:
        for name, figure in figures.items():
            runs.setdefault(name, []).append(figure)
    return runs


def medians(runs: Runs) -> dict[str, float]:
    """The middle value of every figure."""
    return {name: median(figure.value for figure in figures) for name, figures in runs.items()}


def percentile(values: Sequence[float], part: float) -> float:
    """The least of `values` that is no smaller than `part` (0 to 1) of them, counted by rank."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]


def spread(name: str, seconds: Sequence[float], load: Load | None = None) -> dict[str, Figure]:
    """The middle and the slow end of `seconds`, in milliseconds."""
    parts = (("p50", 0.5), ("p99", 0.99))
    return {f"{name}, {word} ms": Figure(percentile(seconds, part) * 1000, load) for word, part in parts}


def table(runs: Runs, goals: Mapping[str, Goal]) -> str:
    """The figures, one a line, beside their goals; at the right, how busy the computer was meanwhile."""
    heads = ("min", "median", "max")
    lines = [
        f"{'':{NAME_WIDTH}}{'goal':>{GOAL_WIDTH}}"
        + "".join(f"{head:>{VALUE_WIDTH}}" for head in heads)
        + "".join(f"{head:>{LOAD_WIDTH}}" for head in ("engine", "bench", "others"))
    ]
    return "\n".join((*lines, *(_line(name, figures, goals.get(name)) for name, figures in runs.items())))


def _line(name: str, figures: Sequence[Figure], goal: Goal | None) -> str:
    values = [figure.value for figure in figures]
    numbers = "".join(f"{shown(each):>{VALUE_WIDTH}}" for each in (min(values), median(values), max(values)))
    loads = [figure.load for figure in figures if figure.load is not None]
    busy = "".join(f"{share:>{LOAD_WIDTH}.0%}" for share in _shares(loads)) if loads else " " * 3 * LOAD_WIDTH
    missed = "  missed" if goal is not None and goal.missed(median(values)) else ""
    return f"{name:{NAME_WIDTH}}{goal or ''!s:>{GOAL_WIDTH}}{numbers}{busy}{missed}".rstrip()


def _shares(loads: Sequence[Load]) -> tuple[float, float, float]:
    return (
        median(load.engine for load in loads),
        median(load.bench for load in loads),
        median(load.others for load in loads),
    )


def shown(value: float) -> str:
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"
