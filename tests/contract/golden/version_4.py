"""What version 4 of the wire brought: made-up values, one file each. What is not here is as in version 3.

Must not change, as in `version_1`.
"""

from typing import Final

from edge.contract.context import TimetableDoc
from edge.contract.headers import StatusHeaders
from edge.domain import events as kinds
from edge.domain.events import EventData
from tests.contract.golden.version_1 import BOX, CONTEXT, LATER, event

DATA: Final[dict[str, EventData]] = {
    "resume_backdated": kinds.ResumeBackdated(LATER, 754.5),
    "driving_overridden": kinds.DrivingOverridden(11.25),
    "box_skipped": kinds.BoxSkipped(BOX, "road_closed", LATER),
}
"""Of each kind of record that version 4 brought."""

VALUES: Final = {
    **{f"event.{kind}": event(data) for kind, data in DATA.items()},
    "context": CONTEXT.model_copy(
        update={"timetables": (TimetableDoc(district="1", shifts=((4, 12), (), (5,), *((),) * 17, (12,))),)}
    ),
    "status_headers": StatusHeaders(wire="4", compare="1 17 300"),
}
