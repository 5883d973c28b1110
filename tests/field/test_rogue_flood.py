"""A rogue car publishes as fast as a broker takes it, 1.2 million visits: another car's daemon lives and answers taps.

A real mosquitto, headquarters and vehicle, each a process of its own; the rogue is this one.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import Any, Final, TypeAlias

import paho.mqtt.client as mqtt
import pytest

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.contract.messages import LARGEST_PACKET
from edge.contract.topics import Topics
from edge.domain.shift import Calendar
from edge.mqtt.broker import BrokerConfig, make_client
from tests.agency.square import LASTING
from tests.brokers import Mosquitto
from tests.system.fleet import report
from tests.system.route import row_of_boxes, write_log
from tests.system.site import Site, wait_for
from tests.system.test_kill import write_plan
from tests.system.test_old_meets_new import square_now

HOUR: Final = 3600.0
TEN_MB: Final = 10_000
"""Kilobytes, as /proc counts them."""

VISITS: Final = 1_200_000
BOXES: Final = 12
BETWEEN_TAPS: Final = 40
"""Messages."""

UNDER_WAY: Final = 40
"""Messages that the rogue has not had confirmed."""


class Rogue:
    """A client at the broker that writes what it likes on the topics of visits. ``sent``: visits so far."""

    def __init__(self, agency: Agency, port: int) -> None:
        self.sent = 0
        self._topics = Topics(agency.id)
        self._boxes = [box.id for box in agency.grid.boxes.values()]
        self._shift = cache(lambda hour: _shift_of(agency.calendar, hour * HOUR))
        self._under_way: list[mqtt.MQTTMessageInfo] = []
        self._client = make_client("rogue", BrokerConfig(port=port))
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        wait_for("the rogue's connection", self._client.is_connected)

    def close(self) -> None:
        """Leave."""
        self._client.disconnect()
        self._client.loop_stop()

    def visit(self, unit: str, number: int, opened: float, lasts: float = 60.0, box: str = "") -> str:
        """A counted visit as it is written, in one of all boxes."""
        box, shift = box or self._boxes[number % len(self._boxes)], self._shift(opened // HOUR)
        return (
            f'{{"id":"{unit}:fake:{number}","box":"{box}","shift":"{shift}","opened":"{_iso(opened)}",'
            f'"ended":"{_iso(opened + lasts)}","dosage_s":{lasts},"counted":true,"early":false}}'
        )

    def publish(self, unit: str, visits: list[str]) -> None:
        """A retained message with these, once there is room."""
        text = f'{{"unit":"{unit}","shift":null,"visits":[{",".join(visits)}]}}'
        info = self._client.publish(self._topics.visits(unit), text.encode(), qos=1, retain=True)
        self.sent += len(visits)
        self._under_way.append(info)
        while len(self._under_way) > UNDER_WAY:
            self._under_way.pop(0).wait_for_publish(60.0)

    def flood(self, lie: "Lie", total: int) -> Iterator[None]:
        """So many visits, a message a step."""
        for unit, visits in lie(self):
            self.publish(unit, visits)
            yield
            if self.sent >= total:
                return


Lie: TypeAlias = Callable[[Rogue], Iterator[tuple[str, list[str]]]]
"""What to publish: message by message, as whose, and its visits."""


def _shift_of(calendar: Calendar, utc: float) -> str:
    return calendar.shift_at(utc).id


def _iso(utc: float) -> str:
    return f"{datetime.fromtimestamp(utc, UTC):%Y-%m-%dT%H:%M:%SZ}"


def of_the_future(rogue: Rogue) -> Iterator[tuple[str, list[str]]]:
    """As many a message as are read, from an hour to come on."""
    made = (rogue.visit("car-9", n, time.time() + HOUR + n % 3000) for n in count())
    while True:
        yield "car-9", list(islice(made, 1300))


def of_the_week(rogue: Rogue) -> Iterator[tuple[str, list[str]]]:
    """Any of them can be so: a minute each, one after the other, each message of other minutes and boxes."""
    number = count()
    while True:
        began = time.time() - 2 * HOUR - next(number) % 97
        yield "car-9", [rogue.visit("car-9", next(number), began - 70.0 * n) for n in range(1300)]


def of_made_up_cars(rogue: Rogue) -> Iterator[tuple[str, list[str]]]:
    """A broker without an access list: each message under another name, of the future, so that it would wait."""
    for car in count():
        unit = f"car-{car + 100}"
        yield unit, [rogue.visit(unit, n, time.time() + HOUR + n % 3000) for n in range(1200)]


def too_long(rogue: Rogue) -> Iterator[tuple[str, list[str]]]:
    """More than is read in a message, as much as the shipped broker hands on."""
    made = (rogue.visit("car-9", n, time.time() + HOUR + n % 3000) for n in count())
    while True:
        yield "car-9", list(islice(made, LARGEST_PACKET // 200))


class Town:
    """Squaretown, whose car stands in a box, with a plan in force; nobody is started yet."""

    def __init__(self, folder: Path, broker: Mosquitto) -> None:
        build_agency(square_now(folder), folder / "agency", key=folder / "key.pem", terms=LASTING)
        self.agency = load_agency(folder / "agency")
        self.site = Site(folder, folder / "agency", folder / "key.pem", broker)
        (self._stands,) = row_of_boxes(self.agency, 1)
        self._district = self.agency.grid.boxes[self._stands].district
        self._log = folder / "drive.nmea"
        self.car = self.site.vehicle("car-1", self._district, {"source": "replay", "log": str(self._log), "speed": 1.0})

    def start(self) -> None:
        """Everybody, until the car has its plan of twelve boxes and its time."""
        start, boxes = time.time(), self.agency.grid.boxes.items()
        write_log(self._log, self.agency.grid, [self._stands], 3000, start)
        cells = [cell for cell, box in boxes if box.district == self._district and not box.opt_out]
        shift = self.agency.calendar.shift_at(start).id
        plan = write_plan(self.site.folder / "plan.toml", self._district, shift, cells[:BOXES])
        self.site.headquarters.start()
        self.site.publish_plan(plan)
        self.car.daemon.start()
        wait_for("a plan in the car", lambda: len(self.car.state().get("boxes", ())) == BOXES)
        wait_for("a time that is known", lambda: self.car.state()["clock"] == "gps")

    def boxes_shown(self) -> dict[str, Any]:
        """How each box of the plan stands on the screen, but for where the car is."""
        return {box["id"]: (box["status"], box["done"]) for box in self.car.state()["boxes"]}

    def tap(self) -> float:
        """An officer signs in: until it is on the screen, in seconds."""
        before = self.car.state()["recorded"]
        began = time.monotonic()
        self.car.tap_in_any_car("sign-in", {"officer": str(before)})
        wait_for("the tap's record", lambda: self.car.state()["recorded"] > before)
        return round(time.monotonic() - began, 2)

    def is_linked(self) -> bool:
        """Whether headquarters holds all that the car has recorded."""
        link = self.car.state()["link"]
        return (link["state"], link["queue"]) == ("connected", 0)

    def memory(self, which: str = "VmRSS") -> int:
        """The car's, in kilobytes."""
        lines = Path(f"/proc/{self.car.daemon.pid}/status").read_text(encoding="utf-8").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{which}:"))


@pytest.fixture
def town(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Town]:
    """It is stopped at the end."""
    made = Town(tmp_path, mosquitto)
    try:
        made.start()
        yield made
    finally:
        made.site.stop()


@pytest.fixture
def rogue(town: Town) -> Iterator[Rogue]:
    """It leaves at the end."""
    made = Rogue(town.agency, town.site.broker.port)
    yield made
    made.close()


@pytest.mark.long
@pytest.mark.parametrize(
    ("lie", "most"),
    [(of_the_future, TEN_MB), (of_the_week, TEN_MB), (too_long, TEN_MB), (of_made_up_cars, 2 * TEN_MB)],
    ids=["of the future", "of the week", "too long", "of made-up cars"],
)
def test_a_flood_of_visits_costs_another_car_nothing(town: Town, rogue: Rogue, lie: Lie, most: int) -> None:
    """Its memory, taps, caps and screen; an honest car's visits still reach it, and its records headquarters."""
    quiet = [town.tap() for _ in range(10)]
    shown, before = town.boxes_shown(), town.memory()
    began, flood = time.monotonic(), enumerate(rogue.flood(lie, VISITS))
    taps = [town.tap() for n, _ in flood if n % BETWEEN_TAPS == 0]
    took = round(time.monotonic() - began)
    if lie is not of_the_week:
        assert town.boxes_shown() == shown
    (box, *_) = shown
    rogue.publish("car-8", [rogue.visit("car-8", n, time.time() - 2700.0 + 900.0 * n, box=box) for n in range(3)])
    wait_for("another car's visits on the screen", lambda: town.boxes_shown()[box] != shown[box])
    wait_for("every record at headquarters", town.is_linked)
    grown = town.memory("VmHWM") - before
    figures = {"visits": rogue.sent, "in s": took, "memory, kB": grown, "slowest tap, s": max(taps)}
    report(lie.__name__, figures | {"slowest tap in quiet, s": max(quiet)})
    assert grown <= most
    assert max(taps) <= 2.0 + 20.0 * max(quiet)
    assert town.site.headquarters.running()
