"""What the updater reads of a daemon (`tests/vehicle/touchscreen/test_updater.py`: of the real screen)."""

from typing import Any

import pytest

from provisioning.update.car import SystemdCar, read

STATE: dict[str, Any] = {"gps": {"notice": {"code": "gps.searching"}}, "driving": "parked"}


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
    silent = {"gps": {"notice": {"code": "gps.silent"}}, "driving": "driving"}
    assert not read(7, {"recorded": 12}, {"lacking": []}, silent).heard


@pytest.mark.parametrize("answer", [[], {}, "down", None, {"recorded": "x"}])
def test_a_daemon_that_answers_otherwise_is_not_well(answer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor one that does not answer at all."""
    car = SystemdCar("roundsman-nothing.service", "http://127.0.0.1:1")
    assert car.reading() is None
    monkeypatch.setattr("provisioning.update.car.asked", lambda *_: answer)
    assert car.reading() is None
