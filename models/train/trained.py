"""What training gives: all of one crime type's model, before it is written as an ONNX file, and rows to prove it on.

Must not compute.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from edge.risk.features import EVEN, Recipe, Rows, map_group
from models.train.choose import Judged


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    """One crime type's model. The risk of a box (expected incidents in a shift) is

    ``level × scale[shift] × mixture ** power × Π over groups exp(power × sum of that group's trees / boosters)``

    with ``level`` and the maps of `edge.risk.features.Rows`, and ``mixture = Σ weights[shift][m] × maps[:, m]``.

    ``boosters``: LightGBM model texts (raw scores, none for a base alone), trained on `Recipe.columns` in their order,
    named ``{group}/{feature}``; every tree uses one group's columns. ``chosen``: the candidate that it is; ``judged``:
    all that were tried, on the held-out weeks, to which the weights of a model without trees were fitted afterwards.
    ``window``: first and last day (ordinals) of the rows trained on.
    ``settings``: what else the model card names. ``notes``: sentences for the card.
    """  # noqa: D400, D415

    crime_type: str
    recipe: Recipe
    weights: tuple[tuple[float, ...], ...]
    boosters: tuple[str, ...]
    scale: tuple[float, ...]
    power: float
    chosen: str
    judged: tuple[Judged, ...]
    window: tuple[int, int]
    until: int
    events: int
    counts_digest: str
    frame_digest: str
    layers_digest: str
    seed: int
    settings: Mapping[str, float | int]
    notes: tuple[str, ...]


def holdings(recipe: Recipe) -> dict[str, tuple[str, ...]]:
    """What each group of a model holds: its columns, then its maps in the base. A group without either is none."""
    found: dict[str, list[str]] = {}
    named = (*recipe.columns, *((map_group(name), name) for name in recipe.maps if name != EVEN))
    for group, name in named:
        found.setdefault(group, []).append(name)
    return {group: tuple(dict.fromkeys(names)) for group, names in found.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Real rows of one shift (an index), from which the self-test takes some."""

    rows: Rows
    shift: int
