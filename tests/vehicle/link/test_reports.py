"""The fleet's reports: of each vehicle the last one, once a second, however many it sends."""

import paho.mqtt.client as mqtt

from edge.contract.messages import LARGEST_VISITS
from edge.vehicle.link.reports import MOST, MOST_BYTES, Reports


def report(unit: str, payload: bytes) -> mqtt.MQTTMessage:
    """A message of a vehicle's visits."""
    message = mqtt.MQTTMessage(topic=f"fleet/{unit}/visits".encode())
    message.payload = payload
    return message


def read(reports: Reports, now: float) -> list[bytes]:
    """What is due."""
    return [bytes(message.payload) for message in reports.due(now)]


def test_a_vehicles_first_report_is_read_at_once_and_then_its_last_once_a_second() -> None:
    """A hundred within a second are two; another vehicle's is not kept waiting."""
    reports = Reports()
    reports.put(report("car-9", b"0"))
    assert read(reports, 100.0) == [b"0"]
    for number in range(1, 100):
        reports.put(report("car-9", b"%d" % number))
        assert read(reports, 100.0 + number / 100) == []
    reports.put(report("car-2", b"other"))
    assert read(reports, 100.99) == [b"other"]
    assert read(reports, 101.0) == [b"99"]
    assert read(reports, 200.0) == []


def test_no_more_reports_wait_than_a_fleet_has_vehicles() -> None:
    """However many names a stranger invents."""
    reports = Reports()
    for number in range(MOST + 100):
        reports.put(report(f"car-{number}", b""))
    assert len(read(reports, 1.0)) == MOST


def test_no_more_bytes_wait_than_a_fleet_sends() -> None:
    """However long a stranger's reports are; one that replaces its vehicle's own always finds room."""
    reports, long = Reports(), bytes(LARGEST_VISITS)
    for number in range(MOST):
        reports.put(report(f"car-{number}", long))
    reports.put(report("car-0", bytes(range(256)) * 1024))
    waiting = read(reports, 1.0)
    assert sum(map(len, waiting)) == MOST_BYTES
    assert waiting[0] != long
