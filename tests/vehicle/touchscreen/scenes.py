"""The vehicle brought into each mode of the screen, by driving it there."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from edge.domain.events import ForecastMade, PlanComputed
from edge.domain.grid import centre
from edge.domain.inputs import Pause, TakeForecast, UseTactic
from edge.domain.outlook import BoxRisk, Outlook, TypeRisk
from edge.domain.plan import Plan
from edge.text.words import Notice
from edge.vehicle.view.snapshot import LinkView
from tests.vehicle.touchscreen.bench import Bench

LONG_TYPES: Final = ("aggravated_assault", "motor_vehicle_theft")


DAMAGE: Final = Notice("file.damaged", {"detail": "file is not a database"})
ALARM: Final = Notice("store.records_damaged", {"file": "ledger.sqlite3", "why": DAMAGE}, "fault")
NO_ANSWER: Final = Notice("broker.no_answer", {"where": "broker.example:8883"})
NO_BROKER: Final = Notice("link.connection", {"why": Notice("broker.unreachable", {"why": NO_ANSWER})}, "warning")
PARTS: Final = (
    ("own", 3.912), ("nearby", 1.604), ("time", 1.31), ("gunfire", 1.12), ("other", 1.08), ("places", 0.846),
    ("weather", 1.0),
)  # fmt: skip
LONG_REASON: Final = (
    "8.7 × the average box, mostly due to this box's own history, the boxes around it, other crime types here"
    " and the time of week."
)
"""As long as an analyst may well write."""


def outlook(plan: Plan, context: int = 3) -> Outlook:
    """A forecast that explains every box of a plan, whatever it is for."""
    types = tuple(dict.fromkeys(kind for patrol in plan.patrols for kind in (*patrol.crime_types, "robbery", "theft")))
    risks = tuple(
        TypeRisk(kind, 42_000 - 1_000 * place, 8.7 - place, 99.2 - place, PARTS) for place, kind in enumerate(types)
    )
    return Outlook(plan.shift, context, "2026-11-22", tuple(BoxRisk(one.cell, risks) for one in plan.patrols))


class Scene:
    """A bench and its night's plan; the first box of the plan is where visits are made."""

    def __init__(self, bench: Bench, plan: Plan) -> None:
        self.bench = bench
        self.plan = plan
        self.cell = plan.patrols[0].cell
        self.number = bench.agency.grid.boxes[self.cell].number

    def near(self, dx: float, dy: float) -> tuple[float, float]:
        """A point of the plane, metres from the middle of the first box."""
        x, y = centre(self.cell)
        return x + dx, y + dy

    def park(self) -> None:
        """Stand where the car is for long enough to be parked."""
        last = self.bench.state.track.last
        assert last is not None
        for _ in range(7):
            self.bench.at(last.east, last.north)

    def signed_out(self) -> None:
        """A position and a plan, but nobody there."""
        self.bench.at(*self.near(900.0, -450.0))
        self.bench.adopt(self.plan)

    def signed_out_with_alarm(self) -> None:
        """The same, and something is wrong."""
        self.signed_out()
        self.bench.notices = (ALARM,)

    def starting(self) -> None:
        """Signed in before the first position."""
        self.bench.sign_in()

    def no_plan(self) -> None:
        """Signed in, and nothing assigned."""
        self.bench.at(*self.near(900.0, -450.0))
        self.bench.sign_in()

    def patrol(self) -> None:
        """Under way, boxes in every status around."""
        bench, patrols = self.bench, self.plan.patrols
        bench.at(*self.near(900.0, -620.0))
        bench.sign_in()
        bench.adopt(self.plan)
        bench.elsewhere(patrols[1].box, 3, hours_ago=0.3)
        bench.elsewhere(patrols[2].box, 1, hours_ago=0.3)
        bench.elsewhere(patrols[10].box, 3, hours_ago=0.2, early=True)
        closed = replace(patrols[3], suppressed="street fair")
        bench.adopt(replace(self.plan, version=2, patrols=(*patrols[:3], closed, *patrols[4:])))
        bench.drive(self.near(900.0, -620.0), self.near(480.0, -330.0), 40)
        self.park()

    def explained(self) -> None:
        """Under way by the approved plan, with a forecast."""
        self.patrol()
        self.bench.tell(TakeForecast(self.bench.mono, _made(self.plan), outlook(self.plan)))

    def own_plan(self) -> None:
        """Under way by a plan that the vehicle has computed, whose words are as long as they come."""
        patrols = tuple(replace(one, why=LONG_REASON) for one in self.plan.patrols[:6])
        plan = replace(self.plan, patrols=patrols, source="vehicle", digest="ab" * 32)
        self.bench.at(*self.near(900.0, -620.0))
        self.bench.sign_in()
        drawn = tuple((one.box, 500_000) for one in plan.patrols)
        computed = PlanComputed(plan.shift, plan.district, "cd" * 32, "ab" * 32, drawn)
        self.bench.tell(TakeForecast(self.bench.mono, _made(plan), outlook(plan), plan, computed))
        self.bench.drive(self.near(900.0, -620.0), self.near(480.0, -330.0), 40)
        self.park()

    def own_plan_visit(self) -> None:
        """In a visit of it, with an alarm."""
        self.own_plan()
        self.bench.drive(self.near(480.0, -330.0), self.near(20.0, -15.0), 45)
        self.bench.stay(self.cell, 100)
        self.bench.notices = (ALARM,)

    def arrive(self) -> None:
        """From the patrol into the first box: a visit opens."""
        self.patrol()
        self.bench.drive(self.near(480.0, -330.0), self.near(20.0, -15.0), 45)
        self.bench.stay(self.cell, 10)

    def arrive_with_long_words(self) -> None:
        """A visit whose words are as long as they come, without a link, with an alarm."""
        patrols = tuple(replace(one, crime_types=LONG_TYPES) for one in self.plan.patrols)
        self.plan = replace(self.plan, patrols=patrols)
        self.arrive()
        self.bench.link = LinkView("offline", 12_345, NO_BROKER)
        self.bench.notices = (ALARM,)

    def visit(self) -> None:
        """Six minutes in, a tactic just begun."""
        self.arrive()
        self.bench.stay(self.cell, 360)
        self.bench.tell(UseTactic(self.bench.mono, self.bench.agency.tactics[0].id))

    def visit_offline(self) -> None:
        """A visit without a link, with records waiting and an alarm."""
        self.arrive()
        self.bench.link = LinkView("offline", 27, NO_BROKER)
        self.bench.notices = (ALARM,)

    def move_on(self) -> None:
        """The prescribed time is up."""
        self.arrive()
        self.bench.stay(self.cell, 900)

    def over_stay(self) -> None:
        """And long past."""
        self.arrive()
        self.bench.stay(self.cell, 1230)

    def away(self) -> None:
        """Driven out of the box in mid-visit."""
        self.arrive()
        self.bench.stay(self.cell, 200)
        self.bench.drive(self.near(0.0, 0.0), self.near(350.0, 60.0), 32)
        self.park()

    def paused(self) -> None:
        """Called away in mid-visit, still in the box."""
        self.arrive()
        self.bench.tell(Pause(self.bench.mono, "call"))
        self.bench.stay(self.cell, 134)

    def lost(self) -> None:
        """The receiver has gone silent in mid-visit."""
        self.arrive()
        self.bench.silence(24)

    def uncertain(self) -> None:
        """The receiver says it is not sure, in mid-visit."""
        self.arrive()
        self.bench.stay(self.cell, 2, accuracy=48.0)

    def at_cap(self) -> None:
        """In a box that other cars have visited enough."""
        self.patrol()
        self.bench.elsewhere(self.plan.patrols[0].box, 3, hours_ago=0.1)
        self.bench.drive(self.near(480.0, -330.0), self.near(20.0, -15.0), 45)
        self.bench.stay(self.cell, 10)


def _made(plan: Plan) -> ForecastMade:
    return ForecastMade(plan.shift, (("robbery", "12" * 32),), 3, "34" * 32, "56" * 32)


SCENES: Final[dict[str, Callable[[Scene], None]]] = {
    "signed_out": Scene.signed_out,
    "signed_out_with_alarm": Scene.signed_out_with_alarm,
    "starting": Scene.starting,
    "no_plan": Scene.no_plan,
    "patrol": Scene.patrol,
    "explained": Scene.explained,
    "own_plan": Scene.own_plan,
    "own_plan_visit": Scene.own_plan_visit,
    "visit": Scene.visit,
    "visit_offline": Scene.visit_offline,
    "move_on": Scene.move_on,
    "over_stay": Scene.over_stay,
    "away": Scene.away,
    "paused": Scene.paused,
    "lost": Scene.lost,
    "uncertain": Scene.uncertain,
    "at_cap": Scene.at_cap,
}
