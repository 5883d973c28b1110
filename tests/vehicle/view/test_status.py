"""How the car stands, line by line: each that is not well says what to do."""

from dataclasses import replace
from typing import Any, Final

import pytest

from edge.contract.agency import Agency
from edge.contract.bundle import read_manifest
from edge.contract.manifest import Manifest
from edge.domain.state import State
from edge.text.words import Notice, say
from edge.vehicle.view.make import snapshot_of
from edge.vehicle.view.snapshot import ForecastView, GpsView, LinkView, PositionView, SignInView, Snapshot
from edge.vehicle.view.status import StatusLine, ready, status_of
from tests.vehicle.access.rosters import PIN, roster

EXPIRED: Final = Notice("access.roster_expired", {"date": "2026-12-31"}, "warning")


@pytest.fixture
def manifest(square_agency: Agency) -> Manifest:
    return read_manifest(square_agency.map_path.parent)


@pytest.fixture
def snapshot(square_agency: Agency) -> Snapshot:
    """A car that has just started: nothing is known."""
    return snapshot_of(square_agency, State(unit="car-1", ledger="x"), 0.0, LinkView(), GpsView(), ())


def by_part(lines: tuple[StatusLine, ...]) -> dict[str, StatusLine]:
    return {line.part: line for line in lines}


def test_a_car_that_knows_nothing_says_what_to_do(snapshot: Snapshot, manifest: Manifest) -> None:
    """Position, clock, link and plan are lacking, each with an advice."""
    lines = by_part(status_of(snapshot, manifest, None, None))
    lacking = {part for part, line in lines.items() if line.severity != "info"}
    assert lacking == {"gps", "clock", "link", "plan"}
    assert all(lines[part].advice is not None for part in lacking)
    assert say(lines["plan"].says) == "No plan for this shift."
    assert say(lines["forecast"].says) == "This agency patrols without risk models."


def test_a_car_that_is_well_needs_nothing(snapshot: Snapshot, manifest: Manifest) -> None:
    """No line has an advice."""
    well = replace(
        snapshot,
        position=PositionView("good", 41.0, -87.0, 0.0, 0.0, 4.0, 1.0),
        clock="gps",
        link=LinkView("connected", queue=1200),
        plan="approved",
        forecast=ForecastView("2026-11-22/night", 3, "2026-11-21"),
        recorded=46_000,
    )
    lines = status_of(well, manifest, None, None)
    assert [line for line in lines if line.advice is not None or line.severity != "info"] == []
    said = {line.part: say(line.says) for line in lines}
    assert said["gps"] == "GPS works: 10 ft, 1 s old."
    assert said["link"] == "Connected to headquarters; 1,200 to send."
    assert said["records"] == "46,000 records stored on this vehicle."


def test_a_notice_is_a_line_with_its_advice(snapshot: Snapshot, manifest: Manifest) -> None:
    """That of the records takes their line; any other comes last."""
    damaged = Notice("store.no_trail", {"why": Notice("file.damaged", {"detail": "x"})}, "warning")
    dropped = Notice("incoming.stuck", {}, "warning")
    display = Notice("bundle.expired", {"version": 3, "date": "2026-11-01"}, "warning")
    lines = status_of(replace(snapshot, notices=(damaged, dropped, display)), manifest, None, None)
    assert by_part(lines)["records"].says == damaged
    assert [(line.part, line.says) for line in lines[-2:]] == [("incoming", dropped), ("bundle", display)]
    assert all(line.advice is not None for line in lines[-2:])


@pytest.mark.parametrize(
    ("changes", "listed", "said", "advised"),
    [
        ({}, 0, "None: any id may sign in.", False),
        ({"sign_in": SignInView(open=False)}, 0, "Nobody can sign in yet: this car has no roster.", True),
        ({}, 1, "Ids listed: 1; roles hold to 2026-12-31.", False),
        ({"notices": (EXPIRED,)}, 2, "Roster expired on 2026-12-31: everyone signs in as an officer.", True),
    ],
)
def test_who_may_sign_in_is_one_line(
    changes: dict[str, Any], listed: int, said: str, advised: bool, snapshot: Snapshot, manifest: Manifest
) -> None:
    """An expired roster says in it what it still allows, and nowhere else."""
    members = tuple((f"47{number}", "officer", PIN) for number in range(listed))
    held = roster(1, members).body if listed else None
    lines = status_of(replace(snapshot, **changes), manifest, None, None, held)
    assert say(by_part(lines)["roster"].says).startswith(said)
    assert (by_part(lines)["roster"].advice is not None) == advised
    assert [line.part for line in lines].count("roster") == 1
    assert "other" not in by_part(lines)


def test_ready_is_what_records_visits(snapshot: Snapshot) -> None:
    """A shift and a disk; a missing position or link is the world's, not the software's."""
    assert [one.code for one in ready(snapshot)] == ["refused.no_shift"]
    fault = Notice("store.not_recording", {"why": "enospc"}, "fault")
    shifted = replace(snapshot, shift="2026-11-22/night")
    assert ready(shifted) == ()
    assert ready(replace(shifted, notices=(fault,))) == (fault,)
