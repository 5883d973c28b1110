"""Ledgers of believable shifts: cars driven through a small town by the patrol rules themselves, on a virtual clock."""

from dataclasses import dataclass, field
from math import hypot

import pyproj

from edge.contract.agency import Agency
from edge.domain.events import Event
from edge.domain.grid import Cell, centre
from edge.domain.inputs import (
    AdoptPlan,
    Fix,
    Input,
    MergeVisits,
    Pause,
    Resume,
    SignIn,
    SignOut,
    Start,
    Stop,
    Tick,
    UseTactic,
)
from edge.domain.patrol import decide
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.domain.state import Setting, State
from tests.headquarters.ledgers import NIGHT, SHIFT, Ledger


def plan_of_night(agency: Agency, cells: list[Cell], version: int = 1) -> Plan:
    """Some boxes for the night: 15 minutes, twice."""
    rule = Prescription(minutes=15.0, visits=2)
    types = (("robbery",), ("burglary", "theft"), ("motor_vehicle_theft",))
    patrols = tuple(DirectedPatrol(cell, types[number % 3], rule) for number, cell in enumerate(cells))
    return Plan(SHIFT, agency.grid.boxes[cells[0]].district, version, patrols)


@dataclass
class Car:
    """One car and its ledger. ``t``: seconds since 22:00; ``x``, ``y``: metres of the plane."""

    agency: Agency
    unit: str
    x: float
    y: float
    t: float = 0.0
    boots: int = 0
    state: State = field(init=False)
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        tactics = tuple(tactic.id for tactic in self.agency.tactics)
        self.setting = Setting(self.agency.grid, self.agency.policy, self.agency.calendar, tactics)
        self.state = State(self.unit, f"ledger-{self.unit}")
        self.ledger = Ledger(unit=self.unit, id=f"ledger-{self.unit}")
        self._to_degrees = pyproj.Transformer.from_crs(self.agency.grid.epsg, 4326)

    @property
    def utc(self) -> float:
        """POSIX seconds."""
        return NIGHT.timestamp() + self.t

    def say(self, given: Input) -> tuple[Event, ...]:
        """Let the rules take an input; the records go to the ledger."""
        self.state, events = decide(self.setting, self.state, given)
        for event in events:
            self.ledger.append(event)
        return events

    def start(self, *, clock_off_s: float = 0.0) -> None:
        """The computer comes up, its clock off by so many seconds."""
        self.boots += 1
        self.say(Start(self._mono, f"boot-{self.boots}", self.utc + clock_off_s, "1.0"))

    def drive_to(self, cell: Cell, speed: float = 9.0) -> None:
        """Drive straight to a box's middle, a fix a second."""
        east, north = centre(cell)
        distance = hypot(east - self.x, north - self.y)
        steps = max(1, round(distance / speed))
        from_x, from_y = self.x, self.y
        for step in range(1, steps + 1):
            self.x = from_x + (east - from_x) * step / steps
            self.y = from_y + (north - from_y) * step / steps
            self._fix(speed)

    def stay(self, seconds: float) -> None:
        """Stand still."""
        for _ in range(round(seconds)):
            self._fix(0.1)

    def silent(self, seconds: float) -> None:
        """No fixes; the clock goes on."""
        for _ in range(round(seconds)):
            self.t += 1.0
            self.say(Tick(self._mono, self.utc))

    def off(self, seconds: float) -> None:
        """Without power."""
        self.t += seconds
        self.start()

    def sign_in(self, officer: str) -> None:
        """An officer takes the car."""
        self.say(SignIn(self._mono, officer))

    def sign_out(self) -> None:
        """The officer leaves it."""
        self.say(SignOut(self._mono))

    def adopt(self, plan: Plan) -> None:
        """A plan takes force."""
        self.say(AdoptPlan(self._mono, plan))

    def tactic(self, tactic: str) -> None:
        """A tap."""
        self.say(UseTactic(self._mono, tactic))

    def pause(self, seconds: float) -> None:
        """A call for service, standing still."""
        self.say(Pause(self._mono, "call"))
        self.stay(seconds)
        self.say(Resume(self._mono))

    def hear(self, other: "Car") -> None:
        """What the other car's retained visits say."""
        own = tuple(visit for visit in other.state.visits.all() if visit.unit == other.unit)
        self.say(MergeVisits(self._mono, own))

    def stop(self) -> None:
        """The daemon ends."""
        self.say(Stop(self._mono))

    @property
    def _mono(self) -> float:
        """Each boot's monotonic clock starts elsewhere."""
        return self.t + 10_000.0 * self.boots

    def _fix(self, speed: float) -> None:
        self.t += 1.0
        lat, lon = self._to_degrees.transform(self.x, self.y)
        self.say(Fix(self.utc, self._mono, float(lat), float(lon), speed, 4.0))


def two_cars(agency: Agency) -> tuple[list[Car], Plan]:
    """A night of two cars: visits, one box together, a call, a tunnel, a restart, an early visit, a sign-out."""
    west = sorted(cell for cell, box in agency.grid.boxes.items() if box.district == "1" and not box.opt_out)
    cells = [west[index] for index in (3, 9, 12, 17, 22, 27)]
    plan = plan_of_night(agency, cells)
    one, two = (Car(agency, unit, *centre(west[0]), t=-600.0) for unit in ("car-1", "car-2"))
    for car, officer in ((one, "117"), (two, "204")):
        car.start()
        car.sign_in(officer)
        car.stay(300)
        car.adopt(plan)
        car.stay(420)
    _first_car(one, cells, west)
    _second_car(two, cells, one)
    return [one, two], plan


def _first_car(car: Car, cells: list[Cell], west: list[Cell]) -> None:
    car.drive_to(cells[0])
    car.stay(240)
    car.tactic("foot-patrol")
    car.stay(700)
    car.drive_to(cells[1])
    car.stay(1250)
    car.drive_to(west[-1])
    car.pause(2400)
    car.drive_to(cells[2])
    car.stay(930)
    car.silent(200)
    car.drive_to(cells[3])
    car.stay(910)
    car.drive_to(west[1])
    car.stay(3000)
    car.drive_to(cells[0])
    car.stay(960)
    car.off(780)
    car.stay(1200)
    car.drive_to(cells[1])
    car.stay(40)
    car.drive_to(cells[2])
    car.stay(905)
    car.drive_to(west[0])
    car.sign_out()
    car.stay(60)
    car.stop()
    car.off(7 * 3600)  # the next morning's start tells what was still open
    car.stay(5)


def _second_car(car: Car, cells: list[Cell], other: Car) -> None:
    car.drive_to(cells[4])
    car.tactic("foot-patrol")
    car.stay(920)
    car.drive_to(cells[1])
    car.stay(700)
    car.drive_to(cells[3])
    car.stay(1500)
    car.drive_to(cells[4])
    car.stay(600)
    car.hear(other)
    car.drive_to(cells[2])
    car.pause(1800)
    car.stay(600)
    car.drive_to(cells[4])
    while car.t < 8 * 3600 + 300:
        car.stay(300)
        car.drive_to(cells[4 if car.t % 2 else 3])


def plan_toml(plan: Plan, agency: Agency) -> str:
    """The same plan as an analyst writes it."""
    lines = [f'shift = "{plan.shift}"', f'district = "{plan.district}"', f"version = {plan.version}"]
    for patrol in plan.patrols:
        types = ", ".join(f'"{one}"' for one in patrol.crime_types)
        number = agency.grid.boxes[patrol.cell].number
        lines += ["[[patrols]]", f"number = {number}", f"crime_types = [{types}]", "minutes = 15", "visits = 2"]
    return "\n".join(lines)
