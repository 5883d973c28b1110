"""Which worker begins with which tests, so that no core idles while others wait and nothing long is left to the end.

pytest-xdist's ``worksteal`` cuts the list into one equal run for each worker; a worker at the end of its run gets the
last half of the longest run left. So what waits (real time, time-outs, processes) is dealt to the beginning of the
runs of `WAITERS` workers, by seconds, and what computes longest to the beginning of the others'. A figure that is out
of date costs some balance and nothing else. `make test` starts `WAITERS` workers more than there are cores.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeVar

WAITERS: Final = 4
WAITS_S: Final[Mapping[str, int]] = {
    "tests/system/test_real_time.py": 330,
    "tests/system/test_link_faults.py": 170,
    "tests/system/test_kill.py": 165,
    "tests/vehicle/touchscreen/test_sheets_in_browser.py": 140,
    "tests/system/test_watchdog_hq.py": 135,
    "tests/vehicle/link/test_link.py": 95,
    "tests/system/test_gps_faults.py": 90,
    "tests/system/test_car_faults.py": 80,
    "tests/mqtt/test_limits.py": 75,
    "tests/headquarters/test_receivers.py": 70,
    "tests/demo/test_demo.py": 60,
    "tests/system/test_watchdog.py": 60,
    "tests/vehicle/touchscreen/test_driving_in_browser.py": 60,
    "tests/headquarters/test_daemon.py": 55,
    "tests/vehicle/gps/test_gpsd.py": 55,
    "tests/vehicle/touchscreen/test_whole_shift_in_browser.py": 55,
    "tests/system/test_old_meets_new.py": 50,
    "tests/vehicle/touchscreen/test_axe_in_browser.py": 45,
    "tests/vehicle/touchscreen/test_about_box_in_browser.py": 40,
    "tests/vehicle/touchscreen/test_dead_daemon.py": 35,
    "tests/vehicle/touchscreen/test_visit_in_browser.py": 35,
    "tests/hostile/test_baud.py": 30,
    "tests/mqtt/test_lost_confirmations.py": 30,
    "tests/system/test_risk_in_car.py": 30,
    "tests/system/test_silence.py": 30,
    "tests/vehicle/touchscreen/test_steady_in_browser.py": 30,
    "tests/vehicle/link/test_faults.py": 25,
    "tests/hostile/test_http.py": 25,
    "tests/system/test_thirty_days.py": 25,
    "tests/system/test_storm.py": 20,
    "tests/headquarters/receive/test_intake.py": 20,
    "tests/vehicle/touchscreen/test_update_in_browser.py": 20,
    "tests/hostile/test_gpsd_replies.py": 20,
    "tests/vehicle/gps/test_serial.py": 20,
    "tests/hostile/test_slow_http.py": 15,
}
"""Modules that mostly wait, and about how long, in seconds."""
COMPUTES_S: Final[Mapping[str, int]] = {
    "tests/vehicle/touchscreen/test_every_mode_in_browser.py": 60,
    "tests/test_drives.py": 40,
    "tests/demo/test_demo_bundle.py": 30,
    "tests/jitter/test_jitter.py": 30,
    "tests/vehicle/touchscreen/test_basemap_in_browser.py": 20,
    "tests/headquarters/reports/test_time.py": 15,
    "tests/models/train/test_train.py": 15,
    "tests/models/export/test_chicago.py": 15,
    "tests/powercut/test_vehicle.py": 15,
    "tests/models/train/test_job.py": 15,
    "tests/headquarters/receive/test_receiver_fuzz.py": 10,
    "tests/provisioning/test_killed.py": 10,
}
"""Modules that compute longest, and about how long."""

T = TypeVar("T")


def in_order(tests: Sequence[T], module_of: Callable[[T], str], workers: int) -> list[T]:
    """The tests as ``workers`` runs of equal length, each beginning with its share of what takes longest."""
    heads: list[list[T]] = [[] for _ in range(workers)]
    waiting = min(WAITERS, max(1, workers - 1))
    _deal(tests, module_of, WAITS_S, heads[:waiting])
    _deal(tests, module_of, COMPUTES_S, heads[waiting:] or heads)
    rest = (test for test in tests if module_of(test) not in WAITS_S and module_of(test) not in COMPUTES_S)
    return list(_runs(heads, rest, len(tests)))


def _deal(tests: Sequence[T], module_of: Callable[[T], str], takes_s: Mapping[str, int], heads: list[list[T]]) -> None:
    """Each module whole to the run with the fewest seconds yet, the longest module first."""
    seconds = [0] * len(heads)
    for module in sorted(takes_s, key=lambda name: -takes_s[name]):
        head = seconds.index(min(seconds))
        seconds[head] += takes_s[module]
        heads[head] += [test for test in tests if module_of(test) == module]


def _runs(heads: Sequence[Sequence[T]], rest: Iterator[T], left: int) -> Iterator[T]:
    """Each head, filled up to a worker's share as worksteal reckons it."""
    for number, head in enumerate(heads):
        share = left // (len(heads) - number)
        yield from head
        yield from islice(rest, max(0, share - len(head)))
        left -= max(share, len(head))
    yield from rest
