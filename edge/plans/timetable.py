"""The weekly timetable of an area, as the context in force has it: whose turn it is in each shift of a date.

Headquarters makes it (`models.daily.timetable`): a linear program gives each box the shifts of the week in which its
visits count most. A box that has a place in it may be drawn in just these shifts; the others have their best shifts of
the day (`best_shifts`). Must not make one, and must not look at visits.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from edge.contract.agency import Agency
from edge.contract.context import DAYS, ContextDoc, TimetableDoc
from edge.plans.area import PlanArea

LASTS: Final = 14
"""Days from its context's date on for which a timetable holds; without a newer one plans then use turns."""


def week_of(timetable: TimetableDoc, agency: Agency) -> NDArray[np.bool_]:
    """Bool ``[shifts of the week, boxes of the agency]``; boxes that the agency no longer has are left out."""
    week = np.zeros((len(timetable.shifts), len(agency.grid.boxes)), dtype=np.bool_)
    for turn, boxes in zip(week, timetable.shifts, strict=True):
        turn[[number - 1 for number in boxes if number <= len(turn)]] = True
    return week


@dataclass(frozen=True, slots=True, eq=False)
class Turns:
    """A date's part of a timetable, by the boxes of an area in the order of their numbers.

    ``made``: the date of its context. ``placed``: bool ``[n]``, the boxes that have a place in the week; ``today``:
    bool ``[shifts, n]``, those whose turn it is in each shift of the date.
    """

    made: date
    placed: NDArray[np.bool_]
    today: NDArray[np.bool_]

    @classmethod
    def of(cls, context: ContextDoc | None, agency: Agency, area: PlanArea, day: int) -> Self | None:
        """An area's on a date (ordinal); None where the context has no timetable of it, or none for that date.

        The day before the context's is covered, too: its last shift may go on when the context comes.
        """
        if context is None or not -1 <= day - context.date.toordinal() < LASTS:
            return None
        found = next((one for one in context.timetables if one.district == area.name), None)
        if found is None:
            return None
        of_area = week_of(found, agency)[:, area.places].reshape(DAYS, len(agency.calendar.rules), -1)
        placed = np.asarray(of_area.any(axis=(0, 1)))
        return cls(context.date, placed, of_area[date.fromordinal(day).weekday()])

    def over(self, best: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The best shifts of the day, bool ``[shifts, n]``, with those of the timetable for the boxes it has."""
        return np.asarray(np.where(self.placed, self.today, best))

    def digest(self) -> bytes:
        """What a draw depends on."""
        return self.made.isoformat().encode() + self.placed.tobytes() + self.today.tobytes()
