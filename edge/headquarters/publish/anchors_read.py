"""Anchors as they are found, in the file and on the broker, for whoever compares them; what is to be said of them.

Must not compare them with anything but each other.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from edge.contract.agency import Agency
from edge.contract.anchors import AnchorsDoc
from edge.contract.messages import Signed
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import ANCHORS
from edge.contract.topics import Topics
from edge.errors import UserError
from edge.headquarters.publish.anchors_file import Anchoring, read, read_line
from edge.headquarters.publish.connection import connected_publisher
from edge.mqtt.broker import BrokerConfig


class Into(Protocol):
    """Where anchors go."""

    def add(self, doc: AnchorsDoc) -> None:
        """Those of a document."""


def anchors_in(path: Path, agency: Agency | None, into: Into) -> list[str]:
    """Those of a file, and what is to be said of it: nothing of one without a line. Raises UserError."""
    try:
        lines = list(read(path))
    except OSError as error:
        msg = f"anchors: {path} cannot be read ({error.strerror}); make this user its owner, or name another file"
        raise UserError(msg) from error
    if not lines:
        return []
    said = [f"anchors: {path}, line {number}: cannot be read" for number, line in enumerate(lines, 1) if line is None]
    found = [line for line in lines if line is not None]
    said += [f"anchors: {path}: {gap}" for gap in gaps(doc for doc, _ in found)]
    return [*said, *_added(f"{path}", found, agency, into)]


def retained_anchors(broker: BrokerConfig, agency: Agency, into: Into) -> list[str]:
    """Those that the broker retains, and what is to be said of them; a broker that is not there is said, too."""
    try:
        with connected_publisher(broker, agency) as session:
            payloads = session.retained(ANCHORS.topic_at(Topics(agency.id), {"unit": "+"}))
    except UserError as error:
        return [f"anchors on the broker: not compared: {error}"]
    found = [one for one in map(read_line, payloads) if one is not None]
    if not found:
        return ["anchors on the broker: none"]
    count = "1 line" if len(found) == 1 else f"{len(found):,} lines"
    return [f"anchors on the broker: {count}", *_added("on the broker", found, agency, into)]


def gaps(docs: Iterable[AnchorsDoc]) -> list[str]:
    """The lines that are missing of a file's documents, which are in its order."""
    last: dict[str, AnchorsDoc] = {}
    found = []
    for doc in docs:
        before = last.get(doc.unit)
        again = before is not None and before.day == doc.day  # of two processes
        if not again and doc.previous != (before.day if before is not None else None):
            found.append(f"{doc.unit}: lines before {doc.date} were changed or removed")
        last[doc.unit] = doc
    return found


def _added(where: str, found: list[Anchoring], agency: Agency | None, into: Into) -> Iterator[str]:
    """Add them; how many of them are not signed by whom they must be, where there are any."""
    for doc, _ in found:
        into.add(doc)
    if agency is None:
        yield f"anchors {where}: signatures not verified; give --config, which names the agency"
    elif strange := sum(not _signed_here(signed, agency) for _, signed in found):
        yield f"anchors {where}: {strange:,} of {len(found):,} not signed with a fleet key of the current bundle"


def _signed_here(signed: Signed, agency: Agency) -> bool:
    try:
        verify_here(ANCHORS, signed, agency)
    except UserError:
        return False
    return True
