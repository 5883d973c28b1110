"""An agency's tactics as it writes them: each with its words, crime types and hours. Must not rank or offer any."""

import re
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, Field

from edge.contract.fields import PartOne, ShortName
from edge.domain.tactics import Tactic, enforcement_word
from edge.text.names import Label
from edge.text.strictness import WRITTEN

HOURS: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


def _harmless(label: str) -> str:
    if word := enforcement_word(label):
        msg = f"mentions enforcement ({word!r}); only non-enforcement tactics are allowed"
        raise ValueError(msg)
    return label


def _hours(text: str) -> str:
    found = HOURS.fullmatch(text)
    if found is None or found[0][:5] == found[0][6:]:
        msg = f"{text!r} is not a time span; write it as 18:00-02:00"
        raise ValueError(msg)
    return text


Words = Annotated[Label, Field(min_length=2, max_length=40), AfterValidator(_harmless)]


class TacticDoc(BaseModel):
    """One approved tactic. ``hours``: local, such as 18:00-02:00; none: at any time. ``labels``: in other languages."""

    model_config = WRITTEN
    id: ShortName
    label: Words
    crime_types: tuple[PartOne, ...] = ()
    hours: Annotated[tuple[Annotated[str, AfterValidator(_hours)], ...], Field(max_length=8)] = Field(
        (), exclude_if=lambda hours: not hours
    )
    labels: dict[Literal["es"], Words] = Field({}, exclude_if=lambda labels: not labels)

    def value(self) -> Tactic:
        """The domain's value."""
        hours = tuple((_minute(one[:5]), _minute(one[6:])) for one in self.hours)
        return Tactic(self.id, self.label, self.crime_types, hours, tuple(sorted(self.labels.items())))


def _minute(text: str) -> int:
    """The minute of the day of ``18:00``."""
    return 60 * int(text[:2]) + int(text[3:])
