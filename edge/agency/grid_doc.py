"""The grid and its boxes as ``grid.json``: box by box for a city, in runs along a row for a large agency.

A city's file has the bytes that it always had. Must not compute.
"""

from collections.abc import Iterator
from itertools import pairwise

from edge.contract.grid_file import BoxDoc, GridDoc, RunDoc
from edge.domain.grid import CUBIC, Box, Grid


def grid_doc(grid: Grid, boxes: tuple[Box, ...]) -> GridDoc:
    """``grid.json`` of a grid and its boxes, by number."""
    large = len(grid.east) > CUBIC
    return GridDoc(
        epsg=grid.epsg,
        lat0=grid.lat0,
        lon0=grid.lon0,
        scale=grid.scale,
        reach=grid.reach,
        east=grid.east,
        north=grid.north,
        boxes=() if large else tuple(_box(box) for box in boxes),
        runs=tuple(_runs(boxes)) if large else (),
    )


def _box(box: Box) -> BoxDoc:
    return BoxDoc(cell=box.cell, number=box.number, district=box.district, beat=box.beat, opt_out=box.opt_out)


def _runs(boxes: tuple[Box, ...]) -> Iterator[RunDoc]:
    """The longest runs of boxes side by side that are alike."""
    begins = [0, *(at for at, (one, other) in enumerate(pairwise(boxes), start=1) if not _goes_on(one, other))]
    for begin, end in pairwise([*begins, len(boxes)]):
        yield RunDoc(**_box(boxes[begin]).model_dump(), count=end - begin)


def _goes_on(one: Box, other: Box) -> bool:
    alike = (one.district, one.beat, one.opt_out) == (other.district, other.beat, other.opt_out)
    return alike and other.cell == (one.cell[0] + 1, one.cell[1])
