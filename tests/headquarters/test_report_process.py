"""Reports are made in a process of their own: the same pages, one after the other, and nobody waits for a dead one."""

import os
import re
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.test import TestResponse

from edge.agency.build import build_agency
from edge.contract.agency import load_agency
from edge.headquarters.accounts.roles import permissions_of
from edge.headquarters.console.context import Context
from edge.headquarters.console.report_process import WAITING, Asked, ReportProcess
from edge.headquarters.console.viewer import NOBODY, Viewer
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from tests.agency.square import write_square
from tests.headquarters.drives import two_cars
from tests.headquarters.ledgers import SHIFT, TOPICS
from tests.headquarters.visitors import client_of

PAGE = f"/reports/shift/{SHIFT}"
FORM_TOKEN = re.compile(rb'name="csrf_token" value="[^"]+"')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """An agency, and a database with a night of two cars."""
    folder = tmp_path_factory.mktemp("site")
    build_agency(write_square(folder), folder / "agency")
    with Store(folder / "hq.sqlite") as store:
        for car in two_cars(load_agency(folder / "agency"))[0]:
            Receiver(store, TOPICS, lambda: 1.0).handle(car.ledger.messages())
    return folder / "agency", folder / "hq.sqlite"


@pytest.fixture
def process(site: tuple[Path, Path]) -> Iterator[ReportProcess]:
    """The process, not started yet. It gives way to every other one, so it has all the time of a test."""
    made = ReportProcess(*site, patience_s=100.0)
    yield made
    made.stop()


def headers(answer: TestResponse) -> dict[str, str]:
    """All but the cookie, which holds the form's token."""
    return {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}


def client(site: tuple[Path, Path], process: ReportProcess | None) -> FlaskClient:
    """A browser; reports are made elsewhere, or in its thread."""
    context = Context(load_agency(site[0]), site[1])
    return client_of(replace(context, elsewhere=process))


@pytest.mark.parametrize("path", [f"{PAGE}.json", f"{PAGE}.csv", "/reports/presence?since=2026-11-20", f"{PAGE}x"])
def test_what_is_made_elsewhere_is_what_would_be_made_here(
    path: str, site: tuple[Path, Path], process: ReportProcess
) -> None:
    """Status, headers and bytes, but for the instant at which it was made and the form's token; errors too."""
    here, elsewhere = client(site, None).get(path), client(site, process).get(path)
    assert (here.status_code, headers(here)) == (elsewhere.status_code, headers(elsewhere))
    if path.endswith("json"):
        assert here.get_json()["report"] == elsewhere.get_json()["report"]
    else:
        assert FORM_TOKEN.sub(b"", here.data) == FORM_TOKEN.sub(b"", elsewhere.data)


def test_a_role_goes_with_the_question(site: tuple[Path, Path], process: ReportProcess) -> None:
    """What a role may not read here, it may not read there."""
    auditor = Viewer("somebody", "auditor", permissions_of("auditor"))
    assert process(Asked(PAGE, "http://localhost/", auditor)).status_code == 200
    assert process(Asked(PAGE, "http://localhost/", NOBODY)).status_code == 404


def test_a_process_that_was_killed_is_started_anew(site: tuple[Path, Path], process: ReportProcess) -> None:
    """Between two reports: the next reader notices nothing."""
    browser = client(site, process)
    assert browser.get(PAGE).status_code == 200
    running = process._process
    assert running is not None
    assert running.pid is not None
    os.kill(running.pid, signal.SIGKILL)
    running.join(30.0)
    assert browser.get(PAGE).status_code == 200


def test_a_report_that_takes_too_long_is_given_up(site: tuple[Path, Path]) -> None:
    """503 with a sentence; the process is ended, and the next report is asked of another."""
    process = ReportProcess(*site, patience_s=0.0)
    try:
        for _ in range(2):
            answer = client(site, process).get(PAGE)
            assert (answer.status_code, "took longer than" in answer.text) == (503, True)
            assert process._process is None
    finally:
        process.stop()


def test_too_many_readers_are_asked_to_come_again(process: ReportProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many wait; one more is told at once, so that there are threads left for everything else."""
    waiting, go = threading.Semaphore(0), threading.Event()

    def slow(_asked: Asked) -> object:
        waiting.release()
        assert go.wait(30.0)
        raise ServiceUnavailable

    monkeypatch.setattr(process, "_ask", slow)
    asked, refused = Asked(PAGE, "http://localhost/", NOBODY), list[str]()

    def read() -> None:
        try:
            process(asked)
        except ServiceUnavailable as error:
            refused.append(str(error.description))

    threads = [threading.Thread(target=read) for _ in range(WAITING + 1)]
    for thread in threads:
        thread.start()
    assert waiting.acquire(timeout=30.0)
    for _ in range(3000):
        if refused:
            break
        go.wait(0.01)
    assert [("Try again in a few seconds" in one) for one in refused] == [True]
    go.set()
    for thread in threads:
        thread.join(30.0)
    assert len(refused) == WAITING + 1
