"""How fast one receiver and two side by side take the records of a fleet, on both databases.

The fleet sends as vehicles do, a window a car, and goes on with each acknowledgement. Each receiver is a whole
headquarters in a process of its own. A clock runs from the first record to the last acknowledgement. ``wait_s``: what
each commit takes longer, as over a network: half of it with all its locks held. Receivers, broker, database and cars
share the machine: what all of them take of its processors for a record bounds what any number of receivers can do.
``share``: of a core, what the kernel lets each receiver have: each on a slower computer of its own, so that it is they
that are measured, and not how many the machine can hold. Must not judge a figure.
"""

import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from typing import Final

from edge.agency.build import build_agency
from edge.headquarters import daemon
from edge.headquarters.address import Address
from edge.headquarters.config import HeadquartersConfig, WebConfig
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig
from tests.agency.square import write_square
from tests.benchmarks.cars import Received, fleet
from tests.benchmarks.processes import cpu_seconds, family
from tests.benchmarks.quota import bounded, possible
from tests.benchmarks.table import Figure, Goal
from tests.brokers import Mosquitto, free_port
from tests.headquarters.ledgers import a_busy_ledger
from tests.headquarters.postgres import empty_database

CARS: Final = 24
RECORDS: Final = 24_000
ROUNDS: Final = 3
PATIENCE_S: Final = 300.0
WAIT_S: Final = 0.010
SHARE: Final = 0.3
"""Of a core: two receivers with it leave this machine's two cores idle for a third of the time or more."""

BROKER: Final = "max_queued_messages 0\nmax_inflight_messages 0\nautosave_interval 0\n"


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it; microseconds of a processor for a record: of the receivers, and of all that takes part."""

    received: Received
    receivers_us: float
    all_us: float


class SlowStore(Store):
    """A store whose commits take longer."""

    wait_s = 0.0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Half of it on the way there, when all locks are held, and half on the way back."""
        with super().transaction():
            yield
            time.sleep(self.wait_s / 2.0)
        time.sleep(self.wait_s / 2.0)


def receive(name: str, folder: Path, database: Address, port: int, wait_s: float, stop: Event) -> None:
    """One headquarters, until it is stopped."""
    SlowStore.wait_s = wait_s
    daemon.Store = SlowStore  # type: ignore[attr-defined]  # what is measured, made slower
    config = HeadquartersConfig(
        name=name, agency=folder / "agency", database=database, broker=BrokerConfig(port=port),
        web=WebConfig(port=free_port()), anchors=folder / "hq.anchors",
    )  # fmt: skip
    headquarters = daemon.Headquarters(config)
    headquarters.start()
    stop.wait()
    headquarters.stop()


def measure(database: str, receivers: int, wait_s: float = 0.0, share: float | None = None) -> Taken:
    """Once, in an empty database."""
    records = RECORDS
    ledgers = [a_busy_ledger(records // CARS, f"car-{number}") for number in range(CARS)]
    context = multiprocessing.get_context("spawn")
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o777)  # started by root, mosquitto drops to its own user
        build_agency(write_square(folder), folder / "agency")
        where: Address = folder / "hq.sqlite" if database == "SQLite" else ends.enter_context(empty_database())
        broker = Mosquitto(folder, BROKER)
        broker.start()
        ends.callback(broker.stop)
        stop = context.Event()
        processes = [
            context.Process(target=receive, args=(f"receiver-{number}", folder, where, broker.port, wait_s, stop))
            for number in range(1, receivers + 1)
        ]
        for process in processes:
            process.start()
            if share is not None:
                ends.enter_context(bounded(share, process.name, process.pid or 0))
            ends.callback(process.join, 30)
        ends.callback(stop.set)
        _await(where, receivers)
        cars = ends.enter_context(fleet(broker.port, ledgers))
        cars.deliver(records // CARS // 8)  # warm
        pids = [process.pid for process in processes if process.pid is not None]
        before = _spent(pids)
        received = cars.deliver(records // CARS)
        each = 1e6 / (records * 7 / 8)
        own, everybody = (each * (now - then) for now, then in zip(_spent(pids), before, strict=True))
        return Taken(received, own, everybody)


def _spent(receivers: list[int]) -> tuple[float, float]:
    """Seconds of a processor so far: of the receivers, and of all processes of the measurement."""
    return sum(map(cpu_seconds, receivers)), sum(map(cpu_seconds, family(os.getpid())))


def _await(where: Address, receivers: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if not isinstance(where, Path) or where.exists():
            with Store(where) as store:
                if len(store.receivers(0.0)) == receivers:
                    break
        time.sleep(0.1)
    time.sleep(1.0)  # for the subscriptions


def figures() -> Iterator[Figure]:
    """One receiver and two, in turn: the median of each, with a goal for what they are to each other."""
    ways: list[tuple[float, float | None, float]] = [(0.0, None, 1.0), (WAIT_S, None, 1.5)]
    if possible():
        ways.append((WAIT_S, SHARE, 1.5))
    for database in ("SQLite", "PostgreSQL"):
        for wait_s, share, goal in ways:
            one, two = list[Taken](), list[Taken]()
            for _ in range(ROUNDS):
                one.append(measure(database, 1, wait_s, share))
                two.append(measure(database, 2, wait_s, share))
            delay = f", {wait_s * 1000:.0f} ms more a commit" if wait_s else ""
            bound = f", each with {share:.0%} of a core" if share else ""
            what = f"two receivers side by side, {database}{delay}{bound}"
            rates = [median(each.received.rate for each in taken) for taken in (two, one)]
            yield Figure(what, rates[0], "records/s", "one receiver", rates[1], Goal("ratio", goal, least=True))
            repeats = median(each.received.repeats for each in two)
            yield Figure("… of that: sent more than once", repeats, "%", goal=Goal("figure", 1.0))
            for taken, name in ((two, "two receivers"), (one, "one receiver")):
                own, everybody = (
                    median(values) for values in zip(*((t.receivers_us, t.all_us) for t in taken), strict=True)
                )
                beside = "with broker, database and cars"
                yield Figure(f"… processor time of {name} for a record", own, "µs", beside, everybody)
