"""How values are said to a reader: local times, minutes, box numbers, plain words. Must not compute a figure."""

import re
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, get_args

from edge.contract.agency import Agency
from edge.domain.events import ClockState, Feedback, PauseReason, PlanSource, SkipReason, TaskReason, instant
from edge.domain.grid import Box, parse_box_id
from edge.domain.track import Quality
from edge.headquarters.projections.spans import BY
from edge.text.words import word

REASONS: Final = {
    "left": "left",
    "lost": "position lost",
    "restart": "restart",
    "moved_on": "moved on",
    "paused": "paused",
    "suppressed": "box suppressed",
    "signed_out": "signed out",
    "shift_ended": "shift ended",
    None: "open",
}
SOURCES: Final = get_args(PlanSource)
STATES: Final = {*get_args(Quality), *get_args(ClockState)}
PAUSES: Final = get_args(PauseReason)
TASKS: Final = get_args(TaskReason)
FEEDBACKS: Final = get_args(Feedback)
CHANGED: Final = re.compile(r"(added|suppressed)\.(supervisor|analyst)\.([a-z_]{1,40})")
SKIPS: Final = get_args(SkipReason)
LONGEST_OTHER: Final = 40
"""Characters of a value that only newer software knows: a vehicle chose them."""

SPANS: Final = {
    "paused": "Paused",
    "gps_lost": "No position",
    "down": "Not running",
    "stopped": "Switched off",
    "signed_out": "No officer signed in",
}


class Wording:
    """The words of one agency."""

    def __init__(self, agency: Agency) -> None:
        self._agency = agency
        self._tactics = {tactic.id: tactic.label for tactic in agency.tactics}
        self._clock = lru_cache(maxsize=8192)(self._clock_of)  # a page asks for the same minutes and boxes often
        self._boxes: dict[str, Box | None] = {}

    def local(self, at: datetime) -> datetime:
        """An instant in the agency's time zone."""
        return at.astimezone(self._agency.calendar.zone)

    def clock(self, at: datetime | None) -> str:
        """Local hours and minutes."""
        return "–" if at is None else self._clock(int(at.timestamp() // 60))

    def _clock_of(self, minute: int) -> str:
        return f"{self.local(datetime.fromtimestamp(minute * 60, UTC)):%H:%M}"

    def date(self, at: datetime) -> str:
        """Local weekday and date."""
        local = self.local(at)
        return f"{local:%A, %B} {local.day}, {local.year}"

    def moment(self, at: datetime) -> str:
        """Local date, time and zone."""
        local = self.local(at)
        return f"{local:%B} {local.day}, {local:%Y, %H:%M %Z}"

    def minutes(self, seconds: float | None) -> str:
        """Minutes to the tenth."""
        return "–" if seconds is None else f"{seconds / 60.0:,.1f}"

    def whole(self, seconds: float) -> str:
        """Whole minutes."""
        return f"{seconds / 60.0:,.0f}"

    def hours(self, seconds: float) -> str:
        """Hours and minutes: ``3 h 05``."""
        minutes = round(seconds / 60.0)
        return f"{minutes // 60} h {minutes % 60:02d}" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004 - an hour

    def number(self, box: str) -> int | None:
        """The number screens show for a box id; None for a box the agency no longer has."""
        found = self._box(box)
        return found.number if found else None

    def _box(self, box: str) -> Box | None:
        if box not in self._boxes:
            found = None
            with suppress(ValueError):
                found = self._agency.grid.boxes.get(parse_box_id(box))
            self._boxes[box] = found
        return self._boxes[box]

    def box(self, box: str | None) -> str:
        """A box as a reader names it."""
        if box is None:
            return "outside"
        number = self.number(box)
        return box if number is None else str(number)

    def beat(self, box: str) -> str:
        """The beat a box lies in."""
        found = self._box(box)
        return found.beat if found else ""

    def place(self, box: str) -> str | None:
        """The crossing nearest to a box, as ``Main / 4th``; None where the bundle has no street names."""
        found = self._box(box)
        return self._agency.place(found.cell) if found else None

    def types(self, crime_types: tuple[str, ...]) -> str:
        """Crime types in words."""
        return ", ".join(word("crime_type", one) for one in crime_types)

    def tactic(self, tactic: str) -> str:
        """A tactic's label."""
        return self._tactics.get(tactic, tactic)

    def reason(self, reason: str | None) -> str:
        """Why a visit ended."""
        return REASONS.get(reason) or self.other(str(reason))

    def source(self, source: str) -> str:
        """Where a plan came from."""
        return source if source in SOURCES else self.other(source)

    def state(self, value: str) -> str:
        """How a vehicle's GPS or clock stands."""
        return value if value in STATES else self.other(value)

    def task(self, reason: str) -> str:
        """Why an officer patrolled a box of no plan."""
        return f"self-tasked: {word('task', reason) if reason in TASKS else self.other(reason)}"

    def remark(self, remark: str) -> str:
        """What an officer said of a box."""
        if remark in FEEDBACKS:
            return word("feedback", remark)
        if (found := CHANGED.fullmatch(remark)) is not None:
            what, role, why = found.groups()
            return f"{what} by {word('role', role)}: {word('change', why)}"
        return f"skipped: {word('skip', remark)}" if remark in SKIPS else self.other(remark)

    def record(self, kind: str, problem: str) -> str:
        """A record that is in no figure."""
        return f"unreadable record: {kind}" if problem else f"other record: {kind}"

    def other(self, value: str) -> str:
        """A value that only newer software knows."""
        return f"other: {value[:LONGEST_OTHER]}"

    def span(self, kind: str, detail: str = "") -> str:
        """What a span was, and what a pause was for."""
        if not detail:
            return SPANS[kind]
        reason, _, by = detail.partition(BY)
        known = word("pause", reason) if reason in PAUSES else self.other(reason)
        return f"{SPANS[kind]}: {known}" + (f" (by {by})" if by else "")

    def posix(self, seconds: float) -> str:
        """Local date, time and zone of POSIX seconds."""
        return self.moment(instant(seconds))
