"""The forecast of some days together: expected incidents of every box from one day on, all known before the first.

Each shift of each day is the car's own forecast, with the counts as they were at 00:00 of the first day: nothing of the
period is known to it. Must not write a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from edge.contract.agency import Agency, load_agency
from edge.contract.context import load_context
from edge.risk.forecast import Forecast, Ints, forecast, known_for, open_bundle, require_models
from edge.risk.update import load_world
from edge.text.words import say


@dataclass(frozen=True, slots=True, eq=False)
class PeriodForecast:
    """``expected``: by crime type, int64 by box index, in 10⁻⁶ incidents from ``first`` to ``last``, both included.

    ``known_to``: the last day whose incidents are counted; ``remarks``: what was left out, why.
    """

    agency: Agency
    first: date
    last: date
    known_to: date
    expected: Mapping[str, Ints]
    remarks: tuple[str, ...]

    @property
    def ranks(self) -> Mapping[str, Ints]:
        """By crime type, each box's rank: 1 has the most expected incidents, of equal ones the lower box number."""
        return {name: _ranks(units) for name, units in self.expected.items()}


def forecast_period(bundle: Path, first: date | None, days: int, context_path: Path | None = None) -> PeriodForecast:
    """The forecast of ``days`` days. ``first``: where none is given, the day after the incidents end.

    Raises UserError where the bundle has no model that may be used, or no incident before the first day.
    """
    agency = load_agency(bundle)
    opened = open_bundle(bundle, agency)
    require_models(opened, bundle)
    given = load_context(context_path) if context_path is not None else None
    world = load_world(bundle, agency)
    if first is None:
        known = (given.date.toordinal() - given.complete) if given is not None else world.counts.last
        first = date.fromordinal(known + 1)
    shifts = [rule.name for rule in agency.calendar.rules]
    world, _, remarks = known_for(world, agency, f"{first.isoformat()}/{shifts[0]}", given)
    world = replace(world, counts=world.counts.known_before(first.toordinal()))
    each = [first + timedelta(days=ahead) for ahead in range(days)]
    made = [forecast(opened, world, agency, f"{day.isoformat()}/{shift}") for day in each for shift in shifts]
    said = dict.fromkeys(map(say, (*opened.refused, *remarks, *(one for each in made for one in each.remarks))))
    return PeriodForecast(agency, first, each[-1], made[0].known_to, _sums(made), tuple(said))


def _sums(made: list[Forecast]) -> dict[str, Ints]:
    return {name: np.sum([one.types[name].units for one in made], axis=0) for name in made[0].types}


def _ranks(units: Ints) -> Ints:
    ranks = np.empty(len(units), dtype=np.int64)
    ranks[np.argsort(-units, kind="stable")] = np.arange(1, len(units) + 1)
    return ranks
