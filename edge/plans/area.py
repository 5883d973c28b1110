"""The boxes of a district or special unit, where a plan is drawn, and the visits they have had.

Must not know risk.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.domain.grid import Box
from edge.domain.shift import Shift
from edge.domain.visits import VisitBook
from edge.plans.weights import IntArray
from edge.text.coded import CodedError

WEEK: Final = 7


@dataclass(frozen=True, slots=True, eq=False)
class PlanArea:
    """The boxes of an area in the order of their numbers.

    ``places``: their box index (number - 1) in the agency's arrays. ``beats``: 0, 1, … by ``beat_names``.
    """

    name: str
    boxes: tuple[Box, ...]
    places: IntArray
    beats: IntArray
    beat_names: tuple[str, ...]
    opt_out: NDArray[np.bool_]

    @classmethod
    def of(cls, agency: Agency, area: str) -> Self:
        """The boxes of a district or special unit. Raises CodedError where the agency has neither."""
        agency.planner.check({box.district for box in agency.grid.boxes.values()})
        areas = agency.areas
        if area not in areas:
            raise CodedError("plan.no_area", agency=agency.name, area=area, areas=tuple(areas))
        within = (box for box in agency.grid.boxes.values() if box.district in areas[area])
        boxes = tuple(sorted(within, key=lambda box: box.number))
        names = tuple(sorted({box.beat for box in boxes}))
        index = {name: place for place, name in enumerate(names)}
        return cls(
            area,
            boxes,
            np.array([box.number - 1 for box in boxes], dtype=np.int64),
            np.array([index[box.beat] for box in boxes], dtype=np.int64),
            names,
            np.array([box.opt_out for box in boxes], dtype=np.bool_),
        )

    def place(self, box: Box) -> int:
        """Where a box stands among them. Raises CodedError where it lies outside."""
        if box not in self.boxes:
            raise CodedError("plan.outside", number=box.number, box=box.id, found=box.district, area=self.name)
        return self.boxes.index(box)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Counted visits of all vehicles, int64 by box index: in the shift, and in the seven days before it starts.

    ``week`` holds those of the shift, too: what is seen is what the caps are held against.
    """

    shift: IntArray
    week: IntArray

    @classmethod
    def none(cls, boxes: int) -> Self:
        """No visits in an agency of so many boxes."""
        return cls(np.zeros(boxes, dtype=np.int64), np.zeros(boxes, dtype=np.int64))

    @classmethod
    def of(cls, book: VisitBook, agency: Agency, shift: Shift, utc: float | None = None) -> Self:
        """The counts of a book of visits, as known at an instant: the shift's start where none is given.

        ``utc``: POSIX seconds.
        """
        counted = cls.none(len(agency.grid.boxes))
        index = {box.id: box.number - 1 for box in agency.grid.boxes.values()}
        for box, place in index.items():
            if box in book.by_box:
                counted.shift[place] = book.counted_in_shift(box, shift.id)
                counted.week[place] = book.counted_in_7_days(box, shift.starts if utc is None else utc)
        return counted

    @classmethod
    def of_context(
        cls, context: ContextDoc | None, agency: Agency, day: int, known: Iterable[tuple[str, int]] = ()
    ) -> Self:
        """The fleet's counted visits of the seven days to a date (ordinal), as the context has them.

        All of the eighth date, too: a part of it lies in the rolling seven days, and a cap is not to be exceeded.
        ``known``: those that the vehicle itself knows of, by box id: newer, or fewer where it had no link. The more
        hold.
        """
        weeks: dict[int, int] = {}
        for number, ago, visits in context.visits if context is not None else ():
            assert context is not None  # noqa: S101 - it has rows
            if day - WEEK <= context.date.toordinal() - ago <= day:
                weeks[number] = weeks.get(number, 0) + visits
        ids = {box.number: box.id for box in agency.grid.boxes.values()}
        by_box = {ids[number]: visits for number, visits in weeks.items()}
        for box, visits in known:
            by_box[box] = max(visits, by_box.get(box, 0))
        return cls.given({box: (0, visits) for box, visits in by_box.items()}, agency)

    @classmethod
    def given(cls, by_box: Mapping[str, tuple[int, int]], agency: Agency) -> Self:
        """From a box id to its counts of the shift and of the week; a box that is not of the agency counts nothing."""
        counted = cls.none(len(agency.grid.boxes))
        index = {box.id: box.number - 1 for box in agency.grid.boxes.values()}
        for box, (shift, week) in by_box.items():
            if box in index:
                counted.shift[index[box]], counted.week[index[box]] = shift, week
        return counted
