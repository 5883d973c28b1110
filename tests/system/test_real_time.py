"""Five minutes of a real drive in real time: pseudo-terminal, vehicle, broker, headquarters, report."""

import time
from dataclasses import replace
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.demo.pty import PtyFeeder
from edge.domain.plan import DirectedPatrol
from edge.domain.policy import Prescription
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from tests.metering import RUN_ON_S
from tests.oracle import OracleVisit, oracle
from tests.system.site import Site, wait_for
from tests.traces import TraceFix, interpolate_1hz, nmea, trips

pytestmark = pytest.mark.timeout(900)  # in real time

STRETCH_S = 300.0
LEAST_S = 15.0  # a shorter one may be lost to a second's difference
MARGIN_S = 2.5  # an arrival and a departure may each be a second off: a fix is stamped when it is received


def stretch(shared_data: Path, agency: Agency) -> list[TraceFix]:
    """The five minutes, at 1 Hz without a gap, with the longest stay in one box."""
    best: tuple[int, list[TraceFix]] = (0, [])
    for trip in trips(shared_data).values():
        fixes = interpolate_1hz(trip)
        for start in range(0, len(fixes) - int(STRETCH_S), 60):
            part = fixes[start : start + int(STRETCH_S)]
            if part[-1].time - part[0].time < STRETCH_S:
                boxes = [agency.grid.box_of(fix.lat, fix.lon) for fix in part]
                longest = max(boxes.count(box) for box in set(boxes) if box is not None)
                best = max(best, (longest, part), key=lambda one: one[0])
    return best[1]


def expected_visits(agency: Agency, part: list[TraceFix], patrols: list[DirectedPatrol]) -> tuple[OracleVisit, ...]:
    """What the oracle says of the stretch."""
    fixes = list(fixes_of([nmea(part)], Pipeline(ceiling=part[-1].time + 1.0)))
    end = fixes[-1].mono + RUN_ON_S
    return oracle(agency.grid, agency.policy, patrols, fixes, calendar=agency.calendar, end_mono=end).visits


def test_five_real_minutes_through_the_whole_path(
    chicago_site: Site, chicago_agency: Agency, shared_data: Path
) -> None:
    """Every visit of the oracle's is in headquarters' report; the recorded inputs give the same ledger, by the byte."""
    site, agency = chicago_site, chicago_agency
    part = stretch(shared_data, agency)
    begin = time.time() + 12.0
    shift = agency.calendar.shift_at(begin + STRETCH_S / 2)
    moved = [replace(fix, time=begin + fix.time - part[0].time) for fix in part]
    boxes = {box.cell: box for fix in part if (box := agency.grid.box_of(fix.lat, fix.lon)) is not None}
    district = next(iter(boxes.values())).district
    assigned = [box for box in boxes.values() if box.district == district and not box.opt_out]
    plan = site.folder / "plan.toml"
    plan.write_text(
        f'shift = "{shift.id}"\ndistrict = "{district}"\nversion = 1\n'
        + "".join(f'[[patrols]]\nbox = "{box.id}"\ncrime_types = ["robbery"]\n' for box in assigned),
        encoding="utf-8",
    )
    lines = nmea(moved).splitlines(keepends=True)
    epochs = [(fix.time, b"".join(lines[2 * i : 2 * i + 2])) for i, fix in enumerate(moved)]
    feeder = PtyFeeder(epochs, site.folder / "gps")
    site.headquarters.start()
    vehicle = site.vehicle("car-1", district, {"source": "serial", "device": str(feeder.link)})
    vehicle.daemon.start()
    feeder.start()
    try:
        wait_for("a screen", lambda: vehicle.state() != {})
        vehicle.tap_in_any_car("sign-in", {"officer": "4711"})
        site.publish_plan(plan)
        time.sleep(max(0.0, moved[-1].time + 14.0 - time.time()))  # the drive, and the loss that ends it
        vehicle.tap_in_any_car("sign-out", {})  # the position was lost while the car moved
    finally:
        feeder.stop()
    wait_for("everything delivered", lambda: vehicle.state()["link"]["queue"] == 0)
    assert vehicle.daemon.stop() == 0
    patrols = [DirectedPatrol(box.cell, ("robbery",), Prescription()) for box in assigned]
    expected = [visit for visit in expected_visits(agency, moved, patrols) if visit.dosage_s > LEAST_S]
    assert any(visit.counted for visit in expected)
    report = site.report(shift.id)["units"][0]
    reported = [visit for visit in report["visits"] if visit["dosage_s"] > LEAST_S]
    assert [visit["box"] for visit in reported] == [visit.box for visit in expected]
    for visit, other in zip(expected, reported, strict=True):
        assert abs(other["dosage_s"] - visit.dosage_s) <= MARGIN_S, (visit, other)
        assert other["counted"] == visit.counted
    assert "0 different" in site.run("vehicle", "replay", "--config", str(vehicle.toml), str(vehicle.recording))
    assert "chain intact" in site.run("hq", "verify", str(site.database))
