"""What policy allows each box of an area: the prescription of its crime types, as whole numbers by box.

Must not draw, and must not be looser than `edge.domain.policy`: a box with several crime types has the tightest caps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from edge.domain.policy import Policy, Prescription
from edge.plans.weights import IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Caps:
    """By box, int64: visits prescribed a shift, and the caps of a shift and of seven days."""

    visits: IntArray
    shift: IntArray
    week: IntArray

    @classmethod
    def of(cls, policy: Policy, types: Sequence[str], chosen: NDArray[np.bool_]) -> Self:
        """Policy's caps. ``chosen``: bool ``[types, n]``, the crime types of each box."""
        codes = (1 << np.arange(len(types), dtype=np.int64)) @ chosen.astype(np.int64)
        found, inverse = np.unique(codes, return_inverse=True)
        sets = [tuple(one for place, one in enumerate(types) if code >> place & 1) for code in found.tolist()]
        rules = [policy.prescription(one) for one in sets]
        table = [(min(rule.visits, rule.cap_shift), rule.cap_shift, rule.cap_7_days) for rule in rules]
        columns = np.array(table, dtype=np.int64).reshape(-1, 3)[inverse]
        return cls(columns[:, 0], columns[:, 1], columns[:, 2])

    @property
    def draws(self) -> IntArray:
        """Shifts in seven days in which a box may be drawn, until its cap is reached."""
        return -(-self.week // self.visits)

    def left(self, in_shift: IntArray, in_week: IntArray) -> IntArray:
        """Visits that may be prescribed now, given those counted; 0 or less at a cap."""
        return np.asarray(np.minimum(np.minimum(self.visits, self.shift - in_shift), self.week - in_week))


def prescription(policy: Policy, crime_types: tuple[str, ...], left: int) -> Prescription:
    """Policy's prescription for a box, with no more visits than its caps leave."""
    rule = policy.prescription(crime_types)
    return replace(rule, visits=min(rule.visits, left))
