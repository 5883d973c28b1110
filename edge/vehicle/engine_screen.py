"""The touchscreen's port (`edge.vehicle.touchscreen.port.Screen`) over the published state and the engine."""

from collections.abc import Callable

from edge.domain.inputs import Input
from edge.domain.roles import Who, who
from edge.text.coded import CodedError
from edge.vehicle.access.access import Access
from edge.vehicle.display.display import Display
from edge.vehicle.inbox import Post
from edge.vehicle.own_record import OwnRecord, OwnRecords
from edge.vehicle.view.published import Published
from edge.vehicle.view.reading import Reading


class EngineScreen:
    """Shows what is published; a tap goes to the engine's inbox with the second of its receipt."""

    def __init__(
        self,
        published: Published,
        post: Post,
        mono: Callable[[], float],
        reading: Reading,
        display: Display,
        access: Access,
        records: OwnRecords,
    ) -> None:
        self._published = published
        self._access = access
        self._records = records
        self._post = post
        self._mono = mono
        self.agency = published.agency
        self.snapshot = published.snapshot
        self.explanation = published.explanation
        self.generation = published.generation
        self.wait = published.wait
        self.admit = access.admit
        self.touch = display.touch
        self.choose = display.choose
        self.briefing = reading.briefing
        self.status = reading.status

    def own_records(self) -> tuple[OwnRecord, ...]:
        """See the port."""
        state = self._published.state
        inside = [one for one in (state.officer, state.second) if one is not None]
        fresh = [one for one in inside if self._access.fresh(one)]
        if inside and not fresh:
            raise CodedError("refused.details_locked")
        return self._records.of(fresh)

    def who(self) -> Who:
        """See the port: a role that a newer roster took away, or that expired, is an officer's; the higher of two."""
        state = self._published.state
        inside = ((state.officer, state.role), (state.second, state.second_role))
        held = {role for officer, role in inside if role == self._access.role_of(officer)}
        return who(state.officer, *held)

    def post(self, make: Callable[[float], Input]) -> None:
        """See the port."""
        self._post(make(self._mono()))
