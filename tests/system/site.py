"""An agency's whole site as processes of this machine: broker, headquarters, vehicles. Each can be killed."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from edge.contract.agency import load_agency
from tests.brokers import Mosquitto, free_port
from tests.touchscreen_client import TouchscreenClient
from tests.waiting import PATIENCE_S

ROUNDSMAN: Final = Path(sys.executable).with_name("roundsman")
READY_S: Final = PATIENCE_S


def wait_for(what: str, ready: Callable[[], bool], timeout_s: float = READY_S) -> None:
    """Wait until something holds; the test fails with ``what`` where it does not."""
    until = time.monotonic() + timeout_s
    while not ready():
        if time.monotonic() > until:
            pytest.fail(f"after {timeout_s} s: not {what}")
        time.sleep(0.1)


class Daemon:
    """One roundsman process: `start`, `kill`, `stop`, as often as need be. ``environment``: beside the test's own.

    ``program``: what calls it, where it is not this software's own script.
    """

    def __init__(self, *arguments: str, log: Path, program: Sequence[str] = (str(ROUNDSMAN),)) -> None:
        self._command = [*program, *arguments]
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self.environment: dict[str, str] = {}

    def start(self) -> None:
        """Start it; it may take a while to answer."""
        with self._log.open("ab") as log:
            environment = {**os.environ, **self.environment}
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, env=environment)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to end; its exit status."""
        return self._end(signal.SIGTERM)

    def send(self, what: signal.Signals) -> None:
        """Send it a signal, such as SIGSTOP."""
        assert self._process is not None
        self._process.send_signal(what)

    def ended(self, timeout_s: float) -> int:
        """Wait until it has ended by itself; its exit status."""
        assert self._process is not None
        status = self._process.wait(timeout_s)
        self._process = None
        return status

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def said(self) -> str:
        """All that it has printed."""
        return self._log.read_text(encoding="utf-8")

    def frozen(self) -> bool:
        """Whether SIGSTOP has taken effect."""
        status = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8")
        return status.rpartition(")")[2].split()[0] == "T"

    def running(self) -> bool:
        """Whether it has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    def _end(self, how: signal.Signals) -> int:
        if self._process is None:
            return 0
        self._process.send_signal(how)
        status = self._process.wait(PATIENCE_S)
        self._process = None
        return status


class Site:
    """Broker, headquarters and any number of vehicles over one agency directory."""

    def __init__(self, folder: Path, agency: Path, key: Path, broker: Mosquitto) -> None:
        self.folder = folder
        self.agency = agency
        self.broker = broker
        self.hq_port = free_port()
        self.database = folder / "hq.sqlite3"
        self.hq_toml = folder / "hq.toml"
        self.hq_toml.write_text(
            f'agency = "{agency}"\ndatabase = "{self.database}"\nsigning_key = "{key}"\n'
            f"[broker]\nport = {broker.port}\n[web]\nport = {self.hq_port}\n",
            encoding="utf-8",
        )
        self.headquarters = Daemon("hq", "run", "--config", str(self.hq_toml), log=folder / "hq.log")
        self.vehicles: dict[str, Vehicle] = {}

    def vehicle(self, unit: str, district: str, gps: Mapping[str, str | int | float]) -> "Vehicle":
        """A vehicle with its own configuration, not yet started."""
        made = Vehicle(self, unit, district, gps)
        self.vehicles[unit] = made
        return made

    def publish_plan(self, plan: Path) -> None:
        """Publish an analyst's plan as headquarters would, once its database is set up."""
        wait_for("headquarters' database", self.is_set_up)
        config = str(self.hq_toml)
        self.run("hq", "publish-plan", str(plan), "--config", config, "--role", "analyst", "--reason", "test")

    def is_set_up(self) -> bool:
        """Whether headquarters' database is there, with its tables."""
        if not self.database.is_file():
            return False
        with closing(sqlite3.connect(self.database)) as raw:
            return bool(raw.execute("PRAGMA user_version").fetchone()[0])

    def report(self, shift: str) -> dict[str, Any]:
        """The Shift Report's values."""
        text = self.run("hq", "report", shift, "--config", str(self.hq_toml))
        document: dict[str, Any] = json.loads(text)["report"]
        return document

    def run(self, *arguments: str) -> str:
        """One roundsman command; the test fails where it does not exit with 0."""
        done = subprocess.run(
            [str(ROUNDSMAN), *arguments], capture_output=True, text=True, check=False, timeout=2 * PATIENCE_S
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stop(self) -> None:
        """End every process."""
        for vehicle in self.vehicles.values():
            vehicle.daemon.stop()
        self.headquarters.stop()


class Vehicle(TouchscreenClient):
    """One vehicle's process, and its touchscreen as a browser reaches it."""

    def __init__(self, site: Site, unit: str, district: str, gps: Mapping[str, str | int | float]) -> None:
        self.port = free_port()
        self.data = site.folder / unit
        self.recording = site.folder / f"{unit}.jsonl"
        self.toml = site.folder / f"{unit}.toml"
        key = load_agency(site.agency).public_key
        source = "\n".join(f"{key} = {json.dumps(value)}" for key, value in gps.items())
        self.toml.write_text(
            f'unit = "{unit}"\nagency = "{site.agency}"\nagency_key = "{key}"\ndistrict = "{district}"\n'
            f'data = "{self.data}"\n'
            f'record = "{self.recording}"\n'
            f"[gps]\n{source}\n[broker]\nport = {site.broker.port}\n[touchscreen]\nport = {self.port}\n"
            'backlight = "none"\n',
            encoding="utf-8",
        )
        self.daemon = Daemon("vehicle", "run", "--config", str(self.toml), log=site.folder / f"{unit}.log")
