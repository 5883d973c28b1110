"""What version 3 of the wire brought: made-up values, one file each. What is not here is as in version 2.

Must not change, as in `version_1`.
"""

from typing import Final

from edge.contract.anchors import AnchoredHead, AnchorsDoc
from edge.contract.headers import StatusHeaders
from edge.contract.void import VoidDoc, VoidSpanDoc, VoidVisitDoc
from tests.contract.golden.version_1 import ACK, LATER, LEDGER

VALUES: Final = {
    "ack": ACK.model_copy(update={"hashes": ((1, "0a" * 32), (17, "0b" * 32))}),
    "anchors": AnchorsDoc(
        agency="squaretown",
        unit="car-1",
        day=LATER.toordinal(),
        previous=LATER.toordinal() - 3,
        at=LATER,
        heads=(AnchoredHead(ledger=LEDGER, seq=301, head="0a" * 32),),
    ),
    "void": VoidDoc(
        agency="squaretown",
        number=3,
        role="analyst",
        reason="the car was in the garage",
        at=LATER,
        visits=(VoidVisitDoc(id=f"car-9:{LEDGER}:17", at=LATER),),
        spans=(VoidSpanDoc(unit="car-9", since=LATER, until=LATER),),
    ),
    "status_headers": StatusHeaders(wire="3", compare="1 17 300"),
}
