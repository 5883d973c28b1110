"""What version 4 of the wire brought: made-up values, one file each. What is not here is as in version 3.

Must not change, as in `version_1`.
"""

from typing import Final

from edge.contract.context import TimetableDoc
from edge.contract.headers import StatusHeaders
from tests.contract.golden.version_1 import CONTEXT

VALUES: Final = {
    "context": CONTEXT.model_copy(
        update={"timetables": (TimetableDoc(district="1", shifts=((4, 12), (), (5,), *((),) * 17, (12,))),)}
    ),
    "status_headers": StatusHeaders(wire="4", compare="1 17 300"),
}
