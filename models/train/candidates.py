"""What one type's model may be: the base, the simple rivals' mixtures, and what may be added to the base.

All are mixtures of the same maps, so whichever wins is the same file, scored in the car by the same code. They stand in
the order in which a tie is decided: first the base, which has the rivals' maps among its own, then what is simpler,
last what is added. Must not fit.
"""

from dataclasses import dataclass
from typing import Final

from edge.risk.features import EVEN, Recipe, map_group
from models.features.recipes import NEAR_REPEAT

_BOX_SHIFT: Final = "own.shift.ever.r0"
_HISTORY: Final = "own.any.ever.r0"
_BACKGROUND: Final = (EVEN, _BOX_SHIFT, _HISTORY, "own.any.ever.r1")
"""Of near repeat: where incidents ever were, without a recent one."""

BASE: Final = "base"
TREES: Final = "base_trees"
WORDS: Final = {
    BASE: "The base, a mixture of all types' count maps",
    "history": "All history by box",
    "history_kde": "All history, smoothed",
    "box_shift": "Box × shift",
    "near_repeat": "Self-exciting near repeat",
    "own_mixture": "A mixture of the type's own count maps",
    "base_near_repeat": "The base with near repeat",
    TREES: "The base with trees",
}
"""What a card calls each."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """``maps``: those mixed, the even one first; ``trees``: whether trees correct the mixture."""

    name: str
    maps: tuple[str, ...]
    trees: bool = False


def candidates_of(recipe: Recipe, *, trees: bool) -> tuple[Candidate, ...]:
    """The candidates of a recipe that has every map; one whose maps are switched off, or another's, is not among them.

    ``trees``: whether there are incidents enough to grow any.
    """
    base = tuple(name for name in recipe.maps if name not in NEAR_REPEAT)
    wanted = {
        BASE: base,
        "history": (EVEN, _HISTORY),
        "history_kde": (EVEN, _HISTORY, *(f"own.any.ever.r{radius}" for radius in (1, 2, 4))),
        "box_shift": (EVEN, _BOX_SHIFT),
        "near_repeat": (*_BACKGROUND, *NEAR_REPEAT),
        "own_mixture": tuple(name for name in base if map_group(name) in (EVEN, "own", "nearby")),
        "base_near_repeat": recipe.maps,
    }
    found: dict[tuple[str, ...], Candidate] = {}
    for name, maps in wanted.items():
        if set(maps) <= set(recipe.maps):
            found.setdefault(maps, Candidate(name, maps))
    return (*found.values(), *([Candidate(TREES, base, trees=True)] if trees else []))
