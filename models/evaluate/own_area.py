"""PAI and PEI of the area that an agency really patrols, in each shift and over longer horizons.

*PAI*, the prediction accuracy index (Chainey, Tompson and Uhlig 2008): the share of the incidents in the boxes chosen,
over the share of the area that they are. *PEI*, the prediction efficiency index (Hunt 2016; the NIJ challenge of 2017):
PAI over that of the best choice of as many boxes in hindsight. A longer horizon is forecast before it begins: what is
forecast from data as many days old knows nothing of it. Must not make a forecast.
"""

from collections.abc import Mapping
from typing import Any, Final, TypedDict

import numpy as np

from edge.contract.agency import Agency
from models.evaluate.period import Period
from models.train.metrics import Floats, hits

LEAST_HORIZON: Final = 7
"""Days: a shorter horizon than a week is nobody's plan but the shift's."""


class AreaFigures(TypedDict):
    """Of one method: the share of the incidents in the boxes chosen, PAI and PEI."""

    hit: float
    pai: float
    pei: float


def own_boxes(agency: Agency) -> int:
    """The boxes that the plans of all districts together have in a shift."""
    rules, districts = agency.planner, {box.district for box in agency.grid.boxes.values()}
    planned = sum(rules.by_area.get(district, rules.boxes_per_shift) for district in districts)
    return min(planned, len(agency.grid.boxes))


def horizons(period: Period, lags: tuple[int, ...]) -> tuple[int, ...]:
    """0, and the lags whose forecasts, added up, are forecasts of as many days made before the first of them.

    A model that is fitted anew within the days would know some of them.
    """
    longest = min(len(period.days), period.refit_days)
    return tuple(lag for lag in lags if not lag or (LEAST_HORIZON <= lag <= longest and not period.refit_days % lag))


def over(days: int, values: Floats) -> Floats:
    """float64[spans, boxes] of [days, shifts, boxes]: the sums of whole spans of ``days``; a last part is left out."""
    spans = len(values) // days
    return np.asarray(values[: spans * days].reshape(spans, -1, values.shape[-1]).sum(axis=1), dtype=np.float64)


def area_figures(observed: Floats, expected: Floats, boxes: int) -> AreaFigures:
    """Of the ``boxes`` with the highest expected count, ``[…, all boxes]``; NaN where nothing was observed."""
    share = boxes / observed.shape[-1]
    found, best = (float(hits(observed, by, (share,)).sum()) for by in (expected, observed))
    events = float(observed.sum())
    hit = found / events if events else float("nan")
    return AreaFigures(hit=hit, pai=hit / share, pei=found / best if best else float("nan"))


def own_area(agency: Agency, by_lag: Mapping[int, Mapping[str, AreaFigures]]) -> dict[str, Any]:
    """What the document says of a type: the boxes, their share, and the figures by horizon and method."""
    boxes = own_boxes(agency)
    named = {f"{lag}_days" if lag else "shift": dict(methods) for lag, methods in by_lag.items()}
    return {"boxes": boxes, "share": boxes / len(agency.grid.boxes), "horizons": named}
