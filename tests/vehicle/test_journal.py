"""The log: a line at each change, none between, and few a day."""

from edge.text.words import Notice
from edge.vehicle.journal import Journal
from edge.vehicle.view.snapshot import GpsView, LinkView

FULL = Notice("store.not_recording", {"why": "No space left on device"}, "fault")
NO_BROKER = Notice("link.connection", {"why": "Cannot reach the broker: nothing is listening at 127.0.0.1:1883."})
SILENT = GpsView(Notice("gps.silent", {"device": "/dev/gps"}, "fault"))


def test_each_change_is_one_line() -> None:
    """Trouble, its end, and nothing for what stays as it is or only begins an attempt."""
    lines: list[str] = []
    journal = Journal(lines.append)
    gone = LinkView("offline", 3, NO_BROKER)
    for _ in range(3):
        journal.write(gone, SILENT, (FULL,))
        journal.write(LinkView("connecting", 3, NO_BROKER), SILENT, ())
        journal.write(gone, SILENT, ())
    assert lines[:3] == [
        "link: Cannot reach the broker: nothing is listening at 127.0.0.1:1883.",
        "gps: GPS receiver /dev/gps is not sending anything.",
        "vehicle: NOT RECORDING: disk error (No space left on device). Call your fleet admin.",
    ]
    assert lines[3] == "vehicle: OK"
    journal.write(LinkView("connected"), GpsView(Notice("gps.receiving", {"device": "/dev/gps"})), ())
    assert lines[-2:] == ["link: Connected to the broker.", "gps: GPS receiver /dev/gps works."]


RECEIVING = GpsView(Notice("gps.receiving", {"device": "/dev/gps"}))


def test_what_flips_all_day_does_not_fill_the_log() -> None:
    """A loose plug: a change every five seconds. A few lines an hour, one that says why no more; then what holds."""
    lines: list[str] = []
    now = 0.0
    journal = Journal(lines.append, lambda: now)
    for step in range(17_280):
        now = 5.0 * step
        journal.write(LinkView("connected"), SILENT if step % 2 else RECEIVING, ())
    of_gps = [line for line in lines if line.startswith("gps: ")]
    assert len(of_gps) == 13
    assert of_gps[-1] == "gps: changes too often to log; logging resumes after ten minutes without a change"
    for second in range(700):
        now += 1.0
        journal.write(LinkView("connected"), SILENT, ())
        assert (lines[-1] == "gps: GPS receiver /dev/gps is not sending anything.") is (second >= 599)
    now += 3600.0
    journal.write(LinkView("connected"), RECEIVING, ())
    assert lines[-1] == "gps: GPS receiver /dev/gps works."
