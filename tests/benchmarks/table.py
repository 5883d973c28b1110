"""The rows of the table, and how they are judged against their goals. Measures nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Goal:
    """A bound on a figure itself, or on its ratio to what stands beside it."""

    of: Literal["figure", "ratio"]
    bound: float
    least: bool = False

    def met(self, value: float) -> bool:
        """Whether a value keeps to the bound."""
        return value >= self.bound if self.least else value <= self.bound

    def words(self, unit: str) -> str:
        """As the table says it."""
        sign = "≥" if self.least else "≤"
        return f"{sign} {number(self.bound)} {'×' if self.of == 'ratio' else unit}"


@dataclass(frozen=True)
class Figure:
    """One row. ``beside``: what was measured in turn with it, in the same unit."""

    what: str
    ours: float
    unit: str
    beside: str = ""
    other: float | None = None
    goal: Goal | None = None

    def row(self) -> str:
        """As a line of the table."""
        ratio = self.ours / self.other if self.other else None
        beside = "" if self.other is None else f"{self.beside}: {number(self.other)} {self.unit}"
        goal = met = ""
        if self.goal is not None:
            value = self.ours if self.goal.of == "figure" else ratio
            assert value is not None, f"{self.what}: a goal for a ratio, and nothing beside"
            goal, met = self.goal.words(self.unit), "yes" if self.goal.met(value) else "**no**"
        times = "" if ratio is None else f"{number(ratio)} ×"
        return f"| {self.what} | {number(self.ours)} {self.unit} | {beside} | {times} | {goal} | {met} |"


def table(figures: Iterable[Figure]) -> str:
    """Every row, under its heads."""
    heads = ("| what | figure | beside | ratio | goal | met |", "|---|---|---|---|---|---|")
    return "\n".join([*heads, *(figure.row() for figure in figures)])


def number(value: float) -> str:
    """Three digits that say something."""
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.3g}"
