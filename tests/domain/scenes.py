"""Scenes for hypothesis: a few acts (drive, stand, lose the sky, tap, restart, …) that a `Stage` turns into inputs.

Acts are small values, so a failing scene shrinks to few of them. Everything happens on the made plane of
`tests.oracle_plane`, where the satellites' UTC is 09:00 plus the true seconds, unless an act steps it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, get_args

from hypothesis import strategies as st

from edge.domain.events import PauseReason
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
    UndoTactic,
    UseTactic,
)
from edge.domain.plan import DirectedPatrol, Plan
from edge.domain.policy import Prescription
from edge.domain.visits import VisitSummary
from tests.domain.script import BOUNDARY, DAY, LATE
from tests.oracle_plane import NINE

RULE = Prescription(minutes=1.5, spacing_s=300.0, cap_shift=3)
REASONS: tuple[PauseReason, ...] = get_args(PauseReason)


@dataclass(slots=True)
class Stage:
    """What acts write to: the inputs so far, the true second, this life's monotonic second, and where the car is."""

    now: float
    mono: float = 100.0
    x: float = 375.0
    ahead: float = 0.0
    boots: int = 1
    version: int = 0
    told: int = 0
    inputs: list[Input] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        """Time passes, unheard of."""
        self.now += seconds
        self.mono += seconds

    def fix(self, speed: float | None = 10.0, accuracy: float = 5.0, late: float = 0.0) -> None:
        """A fix where the car is, received ``late`` seconds ago."""
        utc = NINE + self.now + self.ahead
        self.inputs.append(Fix(utc - late, self.mono - late, 0.00125, self.x / 100_000.0, speed, accuracy))

    def say(self, make: Callable[[float], Input]) -> None:
        """An input of this second."""
        self.inputs.append(make(self.mono))

    def start(self) -> None:
        """The daemon starts, in this boot, by a computer clock that is right."""
        self.inputs.append(Start(self.mono, f"boot-{self.boots}", NINE + self.now, "test"))


Act: TypeAlias = Callable[[Stage], None]


def _named(name: str, act: Act) -> Act:
    act.__qualname__ = act.__name__ = name
    return act


def drive(to: float, seconds: int, interval: float) -> Act:
    """Drive in a line."""

    def act(stage: Stage) -> None:
        step = (to - stage.x) / seconds
        for _ in range(seconds):
            stage.wait(interval)
            stage.x += step
            stage.fix(abs(step) / interval)

    return _named(f"drive({to}, {seconds}, {interval})", act)


def stand(seconds: int, speed: float | None, accuracy: float) -> Act:
    """A fix a second in one place."""

    def act(stage: Stage) -> None:
        for _ in range(seconds):
            stage.wait(1.0)
            stage.fix(speed, accuracy)

    return _named(f"stand({seconds}, {speed}, {accuracy})", act)


TICKS_S = 200.0
"""An engine at work ticks, if not every second: one that does not for 300 s was asleep."""


def wait(seconds: float) -> Act:
    """Time passes, and nothing comes but a tick now and then."""

    def act(stage: Stage) -> None:
        left = seconds
        while (step := stage.inputs[-1].mono + TICKS_S - stage.mono) <= left:
            stage.wait(step)
            stage.say(lambda mono: Tick(mono, 0.0))
            left -= step
        stage.wait(left)

    return _named(f"wait({seconds})", act)


def jump(x: float) -> Act:
    """A fix somewhere else."""

    def act(stage: Stage) -> None:
        stage.x = x
        stage.wait(1.0)
        stage.fix()

    return _named(f"jump({x})", act)


def late_fix(late: float) -> Act:
    """A fix that is handed on after an input of a later second."""
    return _named(f"late_fix({late})", lambda stage: stage.fix(late=late))


def tap(make: Callable[[float], Input], name: str) -> Act:
    """An officer's tap."""
    return _named(name, lambda stage: stage.say(make))


def plan(shift: str, boxes: tuple[int, ...], suppressed: tuple[int, ...], *, newer: bool) -> Act:
    """A plan comes; an older or equal version is to be ignored."""

    def act(stage: Stage) -> None:
        stage.version += newer
        patrols = tuple(
            DirectedPatrol((x, 0), ("robbery",), RULE, suppressed="street closed" if x in suppressed else None)
            for x in boxes
        )
        stage.say(lambda mono: AdoptPlan(mono, Plan(shift, "1", max(1, stage.version), patrols)))

    return _named(f"plan({shift!r}, {boxes}, {suppressed}, newer={newer})", act)


def others(box: int, ago: float, *, counted: bool, early: bool, ended: bool) -> Act:
    """Another vehicle tells of a visit."""

    def act(stage: Stage) -> None:
        stage.told += 1
        opened = NINE + stage.now - ago
        visit = VisitSummary(
            f"car-{1 + stage.told}:1",
            f"car-{1 + stage.told}",
            f"{box}-0",
            DAY,
            opened,
            opened + 90 if ended else None,
            90.0,
            counted,
            early,
        )
        stage.say(lambda mono: MergeVisits(mono, (visit,)))

    return _named(f"others({box}, {ago}, counted={counted}, early={early}, ended={ended})", act)


def restart(off: float, *, same_boot: bool) -> Act:
    """The daemon, or the whole computer, is off for a while."""

    def act(stage: Stage) -> None:
        stage.wait(off)
        if not same_boot:
            stage.boots += 1
            stage.mono = 7.0
        stage.start()

    return _named(f"restart({off}, same_boot={same_boot})", act)


def step_clock(seconds: float) -> Act:
    """The receiver's UTC jumps."""

    def act(stage: Stage) -> None:
        stage.ahead += seconds

    return _named(f"step_clock({seconds})", act)


PLACES = st.sampled_from(
    [375.0, 400.0, 100.0, 245.0, 255.0, 300.0, 480.0, 520.0, 530.0, 625.0, 900.0, 1995.0, 2500.0, 9e5]
)
GAPS = st.sampled_from([0.0, 0.5, 1.0, 4.0, 9.0, 10.0, 11.0, 60.0, 119.0, 120.0, 121.0, 200.0, 301.0])
BOXES = st.sampled_from([(1, 2), (1, 2, 3), (1,), (2, 4), (0, 1, 2, 3, 4), ()])
SUPPRESSED = st.sampled_from([(), (), (1,), (2,)])
SPEEDS = st.sampled_from([5.0, 0.1, 0.4, 0.5, None])
ACCURACIES = st.sampled_from([5.0, 5.0, 5.0, 20.0, 30.0, 40.0])

DRIVING = st.one_of(
    st.builds(wait, GAPS),
    st.builds(stand, st.sampled_from([1, 4, 6, 11, 30, 70, 130]), SPEEDS, ACCURACIES),
    st.builds(stand, st.sampled_from([30, 70, 130]), SPEEDS, st.just(5.0)),
    st.builds(jump, PLACES),
    st.builds(drive, PLACES.filter(lambda x: x < 3000), st.sampled_from([5, 20, 60]), st.sampled_from([1.0, 0.5, 3.0])),
)
SIGN_INS = st.sampled_from(["1", "2"]).map(lambda who: tap(lambda mono: SignIn(mono, who), f"sign_in({who})"))
TAPS = st.one_of(
    SIGN_INS,
    SIGN_INS,
    st.sampled_from(["foot-patrol", "lighting", "unknown"]).map(
        lambda what: tap(lambda mono: UseTactic(mono, what), f"tactic({what})")
    ),
    st.just(tap(UndoTactic, "undo")),
    st.just(tap(Resume, "resume")),
    st.sampled_from(REASONS).map(lambda why: tap(lambda mono: Pause(mono, why), f"pause({why})")),
    st.just(tap(SignOut, "sign_out")),
)
NEWS = st.one_of(
    st.builds(plan, st.sampled_from([DAY, DAY, LATE]), BOXES, SUPPRESSED, newer=st.booleans()),
    st.builds(
        others,
        st.integers(0, 4),
        st.sampled_from([30.0, 400.0, 7100.0, 500_000.0]),
        counted=st.booleans(),
        early=st.booleans(),
        ended=st.booleans(),
    ),
    st.just(tap(lambda mono: Tick(mono, 0.0), "tick")),
    st.just(tap(Stop, "stop")),
)
RESTARTS = st.builds(restart, st.sampled_from([0.0, 3.0, 60.0, 290.0, 400.0]), same_boot=st.booleans())
LATE_FIXES = st.builds(late_fix, st.sampled_from([0.2, 0.9]))
CLOCKS = st.builds(step_clock, st.sampled_from([3.0, -3600.0, -30.0, 1.5, 30.0, 3600.0]))
STEADY = st.one_of(DRIVING, DRIVING, DRIVING, TAPS, TAPS, NEWS)
"""Acts in which the satellites' clock runs on and nothing is late."""
ANY = st.one_of(STEADY, STEADY, STEADY, LATE_FIXES, CLOCKS, RESTARTS)


def play_acts(acts: Iterable[Act], before_boundary: float) -> list[Input]:
    """The inputs of a scene: signed in, with boxes 1 and 2 assigned, then the acts, then time for all to end."""
    stage = Stage(BOUNDARY - before_boundary)
    stage.start()
    for act in (
        tap(lambda mono: SignIn(mono, "1"), "sign_in(1)"),
        plan(DAY, (1, 2), (), newer=True),
        plan(LATE, (1, 3), (), newer=True),
        *acts,
        wait(1000.0),
        tap(lambda mono: Tick(mono, 0.0), "tick"),
    ):
        act(stage)
    return stage.inputs


BEFORE_BOUNDARY = st.sampled_from([20_000.0, 20_000.0, 300.0, 75.0])


def scenes(acts: st.SearchStrategy[Act]) -> st.SearchStrategy[list[Input]]:
    """Whole scenes of some acts; a minimum, since short scenes have no visit in them (they shrink to ``wait(0.0)``)."""
    return st.builds(play_acts, st.lists(acts, min_size=12, max_size=40), BEFORE_BOUNDARY)
