"""How a model is trained: every number of it, tuned on Chicago 2012 to 2017. Must not depend on a city."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Days are windows before the day trained until; half-lives are those of a row's weight by its age.

    ``sample``: how many of 1 box without an incident are rows, but at least ``least_sample`` a shift, so that a small
    agency is not judged by a handful. ``least_events``: incidents in ``tree_days`` for trees to be tried, in a shorter
    window in proportion; ``least_held``: in the held-out weeks for these to choose at all. ``additive``: one feature
    group a tree; off only for the unconstrained twin that the card compares with.
    """

    mixture_days: int = 900
    mixture_life: float = 400.0
    mixture_rounds: int = 100
    shift_rounds: int = 30
    tree_days: int = 1000
    tree_life: float = 800.0
    rounds: int = 350
    rate: float = 0.05
    leaves: int = 15
    least_rows: int = 250
    l2: float = 20.0
    columns_a_tree: float = 0.3
    rows_a_tree: float = 0.7
    boosters: int = 1
    sample: float = 0.01
    least_sample: int = 30
    least_events: int = 2000
    least_held: int = 30
    warm_up: int = 365
    additive: bool = True

    def to_json(self) -> dict[str, float | int]:
        """Every number by its name, for the card."""
        return asdict(self)
