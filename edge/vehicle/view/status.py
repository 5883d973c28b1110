"""How this car stands, part by part, for anybody who can read: what it is, and what to do where it is not well.

Made of the snapshot, so the page says what screen and log say. Must not judge the patrol.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Final

from edge.contract.context import ContextDoc
from edge.contract.manifest import Manifest
from edge.contract.roster import RosterDoc
from edge.text.words import Notice, Severity
from edge.vehicle.view.snapshot import Snapshot

ADVISED: Final = ("gps", "store", "bundle", "risk", "incoming")
"""Groups of notices that have an advice of their own; any other is for the fleet admin."""

EXPIRED: Final = "access.roster_expired"


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One part: its name (a key of ``status_part``), how it stands, and what to do, None where nothing is."""

    part: str
    says: Notice
    severity: Severity
    advice: Notice | None = None


def status_of(
    snapshot: Snapshot,
    manifest: Manifest,
    context: ContextDoc | None,
    taken: Notice | None,
    roster: RosterDoc | None = None,
) -> tuple[StatusLine, ...]:
    """Every part, in the order in which a patrol needs them; then whatever else the screen warns of.

    ``taken``: the last document that came by hand.
    """
    return (
        _gps(snapshot),
        _clock(snapshot),
        _records(snapshot),
        *_link(snapshot),
        _plan(snapshot),
        _forecast(snapshot, manifest),
        _context(context),
        _bundle(manifest),
        _roster(snapshot, roster),
        StatusLine("incoming", taken or Notice("incoming.nothing"), "info"),
        *_basemap(snapshot),
        *(_other(one) for one in snapshot.notices if one.code.partition(".")[0] != "store" and one.code != EXPIRED),
    )


def ready(snapshot: Snapshot) -> tuple[Notice, ...]:
    """Why visits could not be recorded now; nothing where they can."""
    faults = tuple(one for one in snapshot.notices if one.severity == "fault" and one.code.startswith("store."))
    return faults if snapshot.shift is not None else (*faults, Notice("refused.no_shift", {}, "warning"))


def _gps(snapshot: Snapshot) -> StatusLine:
    position, notice = snapshot.position, snapshot.gps.notice
    good = position.quality == "good"
    if good or notice is None:
        code = {"good": "sheet.gps_works", "uncertain": "status.gps_weak", "lost": "status.gps_lost"}
        values = {"accuracy_m": position.accuracy or 0.0, "age_s": position.age_s or 0.0}
        notice = Notice(code.get(position.quality, "status.gps_none"), values)
    advice = None if good else Notice("advice_for.gps")
    return StatusLine("gps", notice, "info" if good else "warning", advice)


def _clock(snapshot: Snapshot) -> StatusLine:
    trusted = snapshot.clock in ("gps", "ntp")
    advice = None if trusted else Notice("advice_for.clock")
    return StatusLine("clock", Notice(f"status.clock_{snapshot.clock}"), "info" if trusted else "warning", advice)


def _records(snapshot: Snapshot) -> StatusLine:
    worst = next((one for one in snapshot.notices if one.code.startswith("store.")), None)
    if worst is not None:
        return StatusLine("records", worst, worst.severity, Notice("advice_for.store"))
    return StatusLine("records", Notice("status.records", {"count": snapshot.recorded}), "info")


def _link(snapshot: Snapshot) -> Iterator[StatusLine]:
    link = snapshot.link
    if link.state == "connected" and link.notice is None:
        yield StatusLine("link", Notice("status.linked", {"count": link.queue}), "info")
        return
    if link.state == "off":
        yield StatusLine("link", Notice("link.off"), "info")
        return
    says = link.notice or Notice(f"link.{link.state}")
    yield StatusLine("link", says, "warning", Notice("advice_for.link", {"count": link.queue}))


def _plan(snapshot: Snapshot) -> StatusLine:
    if snapshot.plan is None:
        return StatusLine("plan", Notice("status.plan_none"), "warning", Notice("advice_for.plan"))
    boxes = {"count": len(snapshot.boxes)}
    return StatusLine("plan", Notice(f"status.plan_{snapshot.plan}", boxes), "info")


def _forecast(snapshot: Snapshot, manifest: Manifest) -> StatusLine:
    if snapshot.forecast is not None:
        return StatusLine("forecast", Notice("status.forecast", {"date": snapshot.forecast.known_to}), "info")
    return StatusLine(
        "forecast", Notice("status.forecast_none" if manifest.crime_types else "status.no_models"), "info"
    )


def _context(context: ContextDoc | None) -> StatusLine:
    if context is None:
        return StatusLine("context", Notice("status.context_none"), "info")
    values = {"date": context.date.isoformat(), "number": context.number}
    return StatusLine("context", Notice("status.context", values), "info")


def _bundle(manifest: Manifest) -> StatusLine:
    values = {"version": manifest.version, "date": f"{manifest.expires.astimezone(UTC):%Y-%m-%d}"}
    return StatusLine("bundle", Notice("status.bundle", values), "info")


def _roster(snapshot: Snapshot, roster: RosterDoc | None) -> StatusLine:
    """Who may sign in; an expired roster lets its ids in, as officers, so that metering goes on."""
    expired = next((one for one in snapshot.notices if one.code == EXPIRED), None)
    if expired is not None:
        return StatusLine("roster", expired, expired.severity, Notice("advice_for.roster"))
    if roster is not None:
        values = {"count": len(roster.members), "date": f"{roster.expires.astimezone(UTC):%Y-%m-%d}"}
        return StatusLine("roster", Notice("status.roster", values), "info")
    if snapshot.sign_in.open:
        return StatusLine("roster", Notice("status.roster_none"), "info")
    return StatusLine("roster", Notice("not_admitted.no_roster"), "warning", Notice("advice_for.roster"))


def _basemap(snapshot: Snapshot) -> Iterator[StatusLine]:
    """Nothing for a car that is to have none."""
    basemap = snapshot.basemap
    if basemap.notice is not None:
        yield StatusLine("basemap", basemap.notice, "warning", Notice("advice_for.basemap"))
    elif basemap.version is not None:
        yield StatusLine("basemap", Notice("status.basemap"), "info")


def _other(notice: Notice) -> StatusLine:
    group = notice.code.partition(".")[0]
    advice = Notice(f"advice_for.{group if group in ADVISED else 'other'}")
    return StatusLine(group if group in ADVISED else "other", notice, notice.severity, advice)
