"""What the updater reads of a daemon (`tests/vehicle/touchscreen/test_updater.py`: of the real screen)."""

from typing import Any

import pytest

from provisioning.update.car import SystemdCar, read

STATE: dict[str, Any] = {
    "gps": {"notice": {"code": "gps.searching"}},
    "position": {"quality": "lost"},
    "driving": "parked",
}


def test_what_is_the_matter_is_read() -> None:
    """Faults alone keep a release from working; a receiver without a position is heard."""
    faults = [{"code": "store.not_recording", "severity": "fault"}, {"code": "refused.no_shift", "severity": "warning"}]
    reading = read(7, {"recorded": 12}, {"lacking": faults}, STATE | {"driving": "overridden"})
    assert (reading.recorded, reading.faults, reading.heard, reading.driving) == (
        12,
        ("store.not_recording",),
        True,
        True,
    )
    assert not reading.fixed
    silent = STATE | {"gps": {"notice": {"code": "gps.silent"}}}
    assert not read(7, {"recorded": 12}, {"lacking": []}, silent).heard


@pytest.mark.parametrize(
    ("code", "quality", "fixed"),
    [
        ("gps.receiving", "good", True),
        ("gps.receiving", "uncertain", False),
        ("gps.searching", "good", False),
    ],
)
def test_a_fix_is_a_position_that_counts(code: str, quality: str, fixed: bool) -> None:
    """One that the receiver reports now, and that is good enough to meter by."""
    state = STATE | {"gps": {"notice": {"code": code}}, "position": {"quality": quality}}
    assert read(7, {"recorded": 12}, {"lacking": []}, state).fixed == fixed


def test_a_screen_without_its_page_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers for programs are there, and the officer sees an error."""
    said = {"/healthz": {"recorded": 12}, "/readyz": {"lacking": []}, "/api/state": STATE}
    statuses = {"/": 200}
    monkeypatch.setattr("provisioning.update.car.answered", lambda _screen, path: (statuses[path], b""))
    monkeypatch.setattr("provisioning.update.car.asked", lambda _screen, path: said[path])
    car = SystemdCar("roundsman-nothing.service", "http://127.0.0.1:1")
    assert car.reading() is not None
    statuses["/"] = 500
    assert car.reading() is None


@pytest.mark.parametrize("answer", [[], {}, "down", None, {"recorded": "x"}])
def test_a_daemon_that_answers_otherwise_is_not_well(answer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that does not answer at all."""
    car = SystemdCar("roundsman-nothing.service", "http://127.0.0.1:1")
    assert car.reading() is None
    monkeypatch.setattr("provisioning.update.car.answered", lambda *_: (200, b""))
    monkeypatch.setattr("provisioning.update.car.asked", lambda *_: answer)
    assert car.reading() is None
