"""Reports with a year of fifty cars held, and what readers cost the receiver. Must not judge a figure.

A page is asked for once: each time another night, from a process that makes reports already. The receiver's time is
taken as in `receiving`, alone and while eight readers ask for one night after the other; a ninth asks for ``/healthz``.
"""

import itertools
import multiprocessing
import shutil
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median
from typing import Final

import paho.mqtt.client as mqtt
from werkzeug.wrappers import Response

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.contract.messages import Ack, decode
from edge.headquarters.accounts.roles import permissions_of
from edge.headquarters.address import Address
from edge.headquarters.config import HeadquartersConfig, WebConfig
from edge.headquarters.console.context import Context
from edge.headquarters.console.report_process import Asked, ReportProcess
from edge.headquarters.console.viewer import Viewer
from edge.headquarters.daemon import Headquarters
from edge.mqtt.broker import BrokerConfig
from tests.agency.square import write_square
from tests.benchmarks import receiving
from tests.benchmarks.held_year import CARS, HeldYear, make_year
from tests.benchmarks.table import Figure, Goal
from tests.benchmarks.town import Town
from tests.brokers import Mosquitto, free_port
from tests.headquarters.ledgers import TOPICS, a_busy_ledger
from tests.headquarters.postgres import empty_database
from tests.headquarters.visitors import client_of

NIGHTS: Final = 9
READERS: Final = 8
READ_DAYS: Final = 4
LEDGERS: Final = 8
RECORDS: Final = 16_000
ROUNDS: Final = 3
LONGEST: Final = Goal("figure", 0.3)
QUARTER: Final = Goal("ratio", 0.75, least=True)


def figures(town: Town, folder: Path) -> Sequence[Figure]:
    """All of it."""
    file = folder / "year.sqlite"
    on_sqlite = list(_of_year(town, file, "SQLite"))
    file.unlink()
    with empty_database() as server:
        on_postgresql = list(_of_year(town, server, "PostgreSQL"))
    alone, beside, health = receiver(folder)
    return [
        *on_sqlite,
        *on_postgresql,
        Figure(
            f"headquarters receives, {READERS} readers",
            beside,
            "records/s",
            "none",
            alone,
            Goal("ratio", 0.75, least=True),
        ),
        Figure("… slowest /healthz then", health, "s"),
    ]


def _of_year(town: Town, database: Address, name: str) -> Iterator[Figure]:
    """What a year of the fleet takes, and the pages with it."""
    year = make_year(database, town.site.agency)
    report, shifts = _pages(town, year)
    yield Figure(f"a year of {CARS} cars written to {name}, without most records", year.megabytes / 1e3, "GB")
    yield Figure("… in", year.seconds, "s")
    yield Figure(f"Shift Report of a night of {CARS} cars then, {name}", report, "s", goal=LONGEST)
    yield Figure(f"list of shifts then, {name}", shifts, "s", goal=LONGEST)


def _pages(town: Town, year: HeldYear) -> tuple[float, float]:
    """Seconds of a report and of the list of shifts: medians."""
    nights = [shift for shift in year.shifts if shift.endswith("/night")][-2 - NIGHTS :]
    process = ReportProcess(town.site.folder / "agency", year.database)
    try:
        _timed(partial(process, _page(nights[0])))
        report = median(_timed(partial(process, _page(night))) for night in nights[2:])
    finally:
        process.stop()
    with client_of(Context(town.site.agency, year.database)) as client:
        client.get("/")
        return report, median(_timed(partial(client.get, "/")) for _ in range(NIGHTS))


READER: Final = Viewer("reader", "analyst", permissions_of("analyst"))


def _page(night: str) -> Asked:
    return Asked(f"/reports/shift/{night}", "http://localhost/", READER)


def _timed(call: Callable[[], Response]) -> float:
    began = time.perf_counter()
    answer = call()
    assert answer.status_code == 200, answer.status
    return time.perf_counter() - began


def receiver(parent: Path | None = None) -> tuple[float, float, float]:
    """Records a second alone and with readers, and the slowest ``/healthz``: medians of rounds in turn."""
    ledgers = [a_busy_ledger(RECORDS // LEDGERS, f"new-{number}") for number in range(LEDGERS)]
    alone, beside, health = list[float](), list[float](), list[float]()
    with tempfile.TemporaryDirectory(dir=parent) as name:
        folder = Path(name)
        folder.chmod(0o777)  # started by root, mosquitto drops to its own user
        build_agency(write_square(folder), folder / "agency")
        held = folder / "held.sqlite"
        shifts = make_year(held, load_agency(folder / "agency"), READ_DAYS, bodies=0).shifts
        broker = Mosquitto(folder, receiving.BROKER)
        broker.start()
        try:
            for readers in (0, READERS) * ROUNDS:
                receiving._publish(broker.port, ledgers)
                database = folder / f"{time.time_ns()}.sqlite"
                shutil.copy(held, database)
                with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
                    given = (broker.port, database, shifts, readers)
                    seconds, slowest = pool.submit(_receive, *given).result()
                (beside if readers else alone).append(RECORDS / seconds)
                health += [slowest] if readers else []
                database.unlink()
        finally:
            broker.stop()
    return median(alone), median(beside), max(health)


def _receive(port: int, database: Path, shifts: Sequence[str], readers: int) -> tuple[float, float]:
    """Seconds until every record is acknowledged, and the slowest answer of ``/healthz`` meanwhile."""
    awaited, done = {f"new-{number}" for number in range(LEDGERS)}, threading.Event()

    def on_ack(_client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        ack = decode(Ack, bytes(message.payload))
        if ack.seq == RECORDS // LEDGERS:
            awaited.discard(ack.unit)
        if not awaited:
            done.set()

    ear = receiving._session(port, "ear", TOPICS.acks("+"), on_ack)
    web = WebConfig(port=free_port())
    config = HeadquartersConfig(
        agency=database.parent / "agency", database=database, broker=BrokerConfig(port=port), web=web
    )
    daemon = Headquarters(config)
    daemon.start_web()
    try:
        with _reading(web.port, shifts, readers) as slowest:
            began = time.perf_counter()
            daemon.start_intake()
            daemon.start_link()
            assert done.wait(receiving.PATIENCE_S), f"not acknowledged: {awaited}"
            seconds = time.perf_counter() - began
        return seconds, max(slowest, default=0.0)
    finally:
        daemon.stop()
        receiving._close(ear)


@contextmanager
def _reading(port: int, shifts: Sequence[str], readers: int) -> Iterator[list[float]]:
    """Have so many readers ask from a process of their own; the answers of ``/healthz``, in seconds, at the end."""
    slowest = list[float]()
    if not readers:
        yield slowest
        return
    spawn = multiprocessing.get_context("spawn")
    stop, (mine, theirs) = spawn.Event(), spawn.Pipe()
    process = spawn.Process(target=_read, args=(port, list(shifts), readers, stop, theirs), daemon=True)
    process.start()
    assert mine.recv() == "reading"
    yield slowest
    stop.set()
    slowest += mine.recv()
    process.join(receiving.PATIENCE_S)


def _read(port: int, shifts: Sequence[str], readers: int, stop: Event, pipe: Connection) -> None:
    def get(path: str) -> float:
        began = time.perf_counter()
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=120) as answer:
            answer.read()
        return time.perf_counter() - began

    def pages(first: int) -> None:
        for number in itertools.count(first):
            if stop.is_set():
                return
            get(f"/reports/shift/{shifts[number % len(shifts)]}")

    get(f"/reports/shift/{shifts[0]}")
    threads = [threading.Thread(target=pages, args=(number,), daemon=True) for number in range(readers)]
    for thread in threads:
        thread.start()
    pipe.send("reading")
    health = []
    while not stop.is_set():
        health.append(get("/healthz"))
        time.sleep(0.05)
    pipe.send(health)


if __name__ == "__main__":
    print(receiver())  # noqa: T201 - what it is run for
