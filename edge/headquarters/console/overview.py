"""The first page: which shifts there are, and how each vehicle stands. Must not show where a vehicle is."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template

from edge.contract.messages import Status
from edge.domain.events import instant
from edge.headquarters.console.context import context
from edge.headquarters.reports.reading import statuses
from edge.headquarters.store import Store

blueprint = Blueprint("overview", __name__)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A vehicle's standing; ``held``: records of its present ledger at headquarters."""

    status: Status
    received: datetime
    held: int

    @property
    def missing(self) -> int:
        """Records it has and headquarters has not yet."""
        return max(0, self.status.recorded - self.held)


@blueprint.get("/")
def index() -> str:
    """Shifts, vehicles, and what was refused."""
    here = context()
    with Store(here.database, make=False) as store, store.snapshot():
        units = [
            UnitLine(status, instant(received), store.head(status.unit, status.ledger).seq)
            for status, received in statuses(store)
        ]
        return render_template(
            "overview.html",
            shifts=store.shifts(),
            units=units,
            findings=store.findings(50),
            troubles=here.troubles(),
            now=instant(here.now()),
        )
