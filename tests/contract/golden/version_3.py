"""What version 3 of the wire brought: made-up values, one file each. What is not here is as in version 2.

Must not change, as in `version_1`.
"""

from typing import Final

from edge.contract.headers import StatusHeaders
from tests.contract.golden.version_1 import ACK

VALUES: Final = {
    "ack": ACK.model_copy(update={"hashes": ((1, "0a" * 32), (17, "0b" * 32))}),
    "status_headers": StatusHeaders(wire="3", compare="1 17 300"),
}
