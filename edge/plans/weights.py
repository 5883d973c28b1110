"""From risk to score: the agency's approved weights, and which crime types a box is chosen for.

Whole numbers only: a risk is in millionths of an event, a weight in hundredths, a score in their product. Must not
guess a weight: a crime type that no row names does not count.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.contract.planner import PlannerDoc, WeightDoc
from edge.domain.policy import CRIME_TYPES
from edge.text.coded import CodedError

IntArray: TypeAlias = NDArray[np.int64]

MOST_TYPES: Final = 3
"""Crime types that a directed patrol names at the most."""


def weights_for(planner: PlannerDoc, area: str) -> tuple[WeightDoc, ...]:
    """The weights that hold in a district or for a special unit: of each source its own rows, else its general ones.

    In the order of crime type and source. Raises CodedError where nobody gave any.
    """
    own = {(row.crime_type, row.source): row for row in planner.weights if area in (row.district, row.unit)}
    general = {
        (row.crime_type, row.source): row for row in planner.weights if row.district is None and row.unit is None
    }
    held = general | own
    if not held:
        place = "unit" if any(unit.id == area for unit in planner.units) else "district"
        raise CodedError("plan.no_weights", place=place, area=area)
    return tuple(held[key] for key in sorted(held, key=lambda key: (CRIME_TYPES.index(key[0]), key[1])))


def total_weights(rows: Iterable[WeightDoc]) -> Mapping[str, int]:
    """The weight of each crime type in hundredths: police and community together; types of weight 0 left out."""
    totals: dict[str, int] = {}
    for row in rows:
        totals[row.crime_type] = totals.get(row.crime_type, 0) + row.hundredths
    return {crime_type: weight for crime_type, weight in totals.items() if weight > 0}


def type_scores(weights: Mapping[str, int], risk: Mapping[str, IntArray], boxes: IntArray) -> IntArray:
    """Weight × risk of each weighed type and box, int64 ``[len(weights), len(boxes)]``.

    ``boxes``: the places of the boxes in ``risk``'s arrays. A type without a forecast adds nothing.
    """
    scores = np.zeros((len(weights), len(boxes)), dtype=np.int64)
    for row, (crime_type, weight) in enumerate(weights.items()):
        if crime_type in risk:
            scores[row] = risk[crime_type][boxes] * weight
    return scores


def dominant(scores: IntArray) -> NDArray[np.bool_]:
    """The types a box is chosen for, bool of the shape of ``scores``: the highest scores, up to two thirds of the sum.

    At most `MOST_TYPES`; of equal scores the earlier type. None where the box has no score.
    """
    order = np.argsort(-scores, axis=0, kind="stable")
    ordered = np.take_along_axis(scores, order, axis=0)
    before = np.cumsum(ordered, axis=0) - ordered
    taken = (3 * before < 2 * scores.sum(axis=0)) & (ordered > 0)
    taken[MOST_TYPES:] = False
    chosen = np.zeros(scores.shape, dtype=np.bool_)
    np.put_along_axis(chosen, order, taken, axis=0)
    return chosen


def dominant_types(types: Sequence[str], scores: Sequence[int], chosen: Sequence[bool]) -> tuple[str, ...]:
    """One box's dominant types, the largest part first."""
    places = sorted((place for place, one in enumerate(chosen) if one), key=lambda place: (-scores[place], place))
    return tuple(types[place] for place in places)
