"""The night's work: the incidents imported, the context signed and published, the next day's drafts drawn.

One step after the other; one that fails ends the night and names itself, and the context that the cars have stays. Done
again with the same incidents it changes nothing. Must not read options.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.errors import UserError
from edge.headquarters.config import NightlyConfig
from edge.headquarters.drafts.building import build_drafts, newest_context
from edge.headquarters.publish.context import already_said, sign_context
from edge.headquarters.publish.document import Publisher, publish
from edge.headquarters.store import Store
from edge.risk.counts import Counts
from models.count.tally import tally
from models.daily.context import context_of
from models.ingest.incidents import read_incidents, write_incidents
from models.ingest.mapping import read_mapping
from models.ingest.run import ingest

ROLE: Final = "nightly job"


@dataclass(frozen=True, slots=True)
class Night:
    """What the steps share.

    ``directory``: where the agency was loaded from; ``connected``: opens a way to the vehicles; ``now``: with its zone;
    ``say``: gets what was done, line by line.
    """

    config: NightlyConfig
    directory: Path
    agency: Agency
    key: Ed25519PrivateKey
    store: Store
    connected: Callable[[], AbstractContextManager[Publisher]]
    now: datetime
    say: Callable[[str], None]

    @property
    def today(self) -> date:
        """The context's date: it has what was known at 00:00 of it."""
        return self.now.astimezone(self.agency.calendar.zone).date()


def work(night: Night) -> None:
    """All steps. Raises UserError with the name of the step that failed."""
    newest = newest_context(night.store)
    stays = f"; the vehicles keep the context of {newest.date}" if newest is not None else ""
    with _step("import", stays):
        imported = _imported(night)
    with _step("context", stays):
        context = context_of(night.directory, night.agency, imported, night.today, night.config.events)
    with _step("publish", stays):
        _publish(night, context)
    with _step("drafts"):
        _draft(night)


@contextmanager
def _step(name: str, stays: str = "") -> Iterator[None]:
    """Names the step in which something fails, and what holds nevertheless."""
    try:
        yield
    except UserError as error:
        msg = f"nightly: {name} failed: {error}{stays}"
        raise UserError(msg) from error


def newest_file(place: Path) -> Path:
    """A file itself, or a folder's newest one (hidden ones are left out). Raises UserError where there is none."""
    if not place.is_dir():
        return place
    try:
        files = [one for one in place.iterdir() if one.is_file() and not one.name.startswith(".")]
        newest = max(files, key=lambda one: (one.stat().st_mtime_ns, one.name), default=None)
    except OSError as error:
        msg = f"{place}: {error.strerror}; make the folder and its files readable for this user"
        raise UserError(msg) from error
    if newest is None:
        msg = f"{place}: the folder has no file; put the night's export of incidents there"
        raise UserError(msg)
    return newest


def _imported(night: Night) -> Counts:
    """The counts of all incidents, with the night's, which are written to those imported before."""
    config = night.config
    mapping, _ = read_mapping(config.mapping)
    file = newest_file(config.incidents)
    incidents, report = ingest(mapping, [file], night.now, lambda _read: None, read_incidents(config.imported))
    for line in report.lines():
        night.say(line)
    if report.rows and not report.kept:
        msg = f"{file}: none of {report.rows} rows can be imported; check that the mapping {config.mapping} is its own"
        raise UserError(msg)
    counts = tally(incidents, night.agency).counts
    write_incidents(incidents, config.imported)
    night.say(f"{config.imported}: {len(incidents):,} incidents")
    return counts


def _publish(night: Night, context: ContextDoc) -> None:
    """Sign and publish the context, but not where the vehicles have the very same."""
    if already_said(context, night.agency, night.store):
        night.say(f"context of {context.date}: nothing has changed; the published one stays")
        return
    reason = f"the incidents known on {context.date}"
    with night.connected() as client:
        stored = sign_context(lambda: context, night.agency, night.key, night.store, ROLE, reason)
        publish(stored, night.agency, night.store, client)
    night.say(f"published context {stored.version} of {context.date}, {len(stored.body):,} bytes")


def _draft(night: Night) -> None:
    """The drafts of tomorrow. Raises UserError where any cannot be built; the others are."""
    day = night.today + timedelta(days=1)
    failed = []
    for one in build_drafts(night.store, night.directory, night.agency, day, night.now.timestamp()):
        night.say(f"{one.shift} {one.area}: {one.outcome}: {one.said}")
        failed += [one] if one.outcome == "failed" else []
    if failed:
        msg = f"{failed[0].shift} {failed[0].area}: {failed[0].said}"
        more = f" ({len(failed)} drafts could not be built; the others were)" if len(failed) > 1 else ""
        raise UserError(f"{msg}{more}")
