"""``places.json``: the street names of an agency's map, the crossing nearest to each box, and where names are written.

An optional file of a bundle (`edge.contract.manifest`): older software ignores it, and without it nothing has a name.
Must not hold any name but a street's.
"""

from collections.abc import Iterator
from typing import Final, Self

from pydantic import BaseModel, Field, model_validator

from edge.text.names import Label
from edge.text.strictness import SENT

PLACES: Final = "places.json"

NO_NAME: Final = -1
_LABEL: Final = 5


class PlacesDoc(BaseModel):
    """Names once each, all else by their place among them.

    ``main``: so many of ``names``, from the first, are main streets. ``boxes``: for each box in the order of their
    numbers two names, or `NO_NAME`: both of a crossing, or the first of a street alone. ``labels``: for each place to
    write a name at five whole numbers: the name, metres east and north of ``origin`` (of the grid's plane), the
    street's bearing (degrees clockwise from north, 0 to 179), and the metres for which it is straight there.
    """

    model_config = SENT
    names: tuple[Label, ...]
    main: int = Field(ge=0)
    boxes: tuple[int, ...]
    origin: tuple[int, int] = (0, 0)
    labels: tuple[int, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if len(self.boxes) % 2 or len(self.labels) % _LABEL:
            msg = "must have two names for each box, and five numbers for each label"
            raise ValueError(msg)
        named = {*self.boxes, *self.labels[::_LABEL]}
        if named and not NO_NAME <= min(named) <= max(named) < len(self.names):
            msg = "a box or label has a name that is not among the names"
            raise ValueError(msg)
        return self

    def of(self, number: int) -> str | None:
        """Where a box is, by its number: ``Main / 4th``, a street's name alone, or None."""
        pair = self.boxes[2 * number - 2 : 2 * number] if number > 0 else ()
        return " / ".join(self.names[one] for one in pair if one != NO_NAME) or None

    def written(self) -> Iterator[tuple[int, ...]]:
        """Each label's five numbers."""
        return (self.labels[at : at + _LABEL] for at in range(0, len(self.labels), _LABEL))
