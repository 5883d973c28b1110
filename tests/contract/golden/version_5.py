"""What version 5 of the wire brought: made-up values, one file each. What is not here is as in version 4.

Must not change, as in `version_1`.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from edge.contract.dispatch import DispatchDoc
from edge.contract.download import DownloadDoc, NamedBundle, NamedRelease
from edge.contract.headers import StatusHeaders
from edge.contract.roster import MemberDoc, RosterDoc
from edge.domain import events as kinds
from edge.domain.events import EventData
from tests.contract.golden.version_1 import BOX, LATER, VISIT, event

HASH: Final = "$argon2id$v=19$m=65536,t=3,p=4$Z29sZGVuIHNhbHQgMTYgYg$SGFzaCBvZiBub2JvZHkncw"

DATA: Final[dict[str, EventData]] = {
    "signed_in": kinds.SignedIn("supervisor"),
    "second_signed_in": kinds.SecondSignedIn("officer"),
    "second_signed_out": kinds.SecondSignedOut(),
    "visit_closed": kinds.VisitClosed(
        VISIT,
        BOX,
        LATER,
        LATER,
        905.25,
        counted=True,
        early=False,
        reason="left",
        segments=(kinds.Segment("4711", 600.0), kinds.Segment("4711", 305.25, "4712")),
    ),
    "self_tasked": kinds.SelfTasked(VISIT, BOX, "request"),
    "box_feedback": kinds.BoxFeedback(BOX, "wrong_hour"),
    "paused": kinds.MeteringPaused("call", "dispatch", LATER, 12.5),
    "resumed": kinds.MeteringResumed(61.25, "dispatch"),
}
"""Of each kind of record that version 5 brought, or added to."""

VALUES: Final = {
    **{
        f"event.{kind}": replace(event(data), second="4712" if "second" in kind else None)
        for kind, data in DATA.items()
    },
    "roster": RosterDoc(
        agency="squaretown",
        number=2,
        role="chief of staff",
        reason="two new officers",
        at=LATER,
        expires=LATER + timedelta(days=90),
        members=(
            MemberDoc(id="4711", role="officer", pin_hash=HASH),
            MemberDoc(id="K9-2", role="supervisor", pin_hash=HASH),
        ),
    ),
    "download": DownloadDoc(
        agency="squaretown",
        number=3,
        role="fleet admin",
        reason="new streets in district 2",
        at=LATER,
        bundle=NamedBundle(version=12, sha256="5e" * 32),
        release=NamedRelease(version="0.2.0", sha256="97" * 32),
    ),
    "dispatch": DispatchDoc(
        agency="squaretown",
        unit="car-1",
        number=int(LATER.timestamp() * 1000),
        at=LATER,
        status="busy",
        since=LATER - timedelta(seconds=40),
        until=LATER + timedelta(minutes=10),
    ),
    "status_headers": StatusHeaders(wire="5", compare="1 17 300"),
}
