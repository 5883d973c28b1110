"""The log: a line at each change, none between."""

from edge.vehicle.journal import Journal
from edge.vehicle.view.snapshot import GpsView, LinkView


def test_each_change_is_one_line() -> None:
    """Trouble, its end, and nothing for what stays as it is or only begins an attempt."""
    lines: list[str] = []
    journal = Journal(lines.append)
    gone = LinkView("offline", 3, "cannot reach the broker: nothing is listening at 127.0.0.1:1883")
    for _ in range(3):
        journal.tell(gone, GpsView("GPS receiver /dev/gps says nothing."), ("the disk is full",))
        journal.tell(LinkView("connecting", 3, gone.sentence), GpsView("GPS receiver /dev/gps says nothing."), ())
        journal.tell(gone, GpsView("GPS receiver /dev/gps says nothing."), ())
    assert lines[:3] == [
        f"link: {gone.sentence}",
        "gps: GPS receiver /dev/gps says nothing.",
        "store: the disk is full",
    ]
    assert lines[3] == "store: all is well"
    journal.tell(LinkView("connected"), GpsView("GPS receiver /dev/gps gives positions."), ())
    assert lines[-2:] == ["link: connected to the broker", "gps: GPS receiver /dev/gps gives positions."]
