"""Memory and start-up of the vehicle's process, beside a process that only imports the same libraries.

The libraries are the third-party modules that a running daemon has loaded: `loaded_modules` lists them. A start lasts
from the process's creation until ``/healthz`` answers, an import until the process says that it is through; both from
compiled code, as an installation has it. Memory is the resident set, a second later.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Final

from edge.demo.broker import free_port
from tests.benchmarks.processes import ROUNDSMAN, await_answer, resident_mb, running
from tests.benchmarks.table import Figure, Goal
from tests.benchmarks.town import Town

ROUNDS: Final = 5
SETTLE_S: Final = 1.0
POLL_S: Final = 0.002
AT_MOST: Final = 1.3
NO_GPS: Final = 'source = "serial"\ndevice = "/dev/no-receiver"'
IMPORT: Final = """\
import importlib, pathlib, sys, time
for name in sys.argv[2:]:
    importlib.import_module(name)
pathlib.Path(sys.argv[1]).touch()
time.sleep(60)
"""


def figures(town: Town, folder: Path) -> list[Figure]:
    """Resident memory and start-up, each with its ratio."""
    port = free_port()
    toml = town.site.write_vehicle("car-start", NO_GPS, free_port(), port)
    names = _loaded(folder, toml, port)
    starts, imports = list[tuple[float, float]](), list[tuple[float, float]]()
    for _ in range(ROUNDS + 1):  # the first of each compiles, and does not count
        starts.append(_start(folder, toml, port))
        imports.append(_import(folder, names))
    (start_s, start_mb), (import_s, import_mb) = _medians(starts[1:]), _medians(imports[1:])
    beside, goal = f"importing its {len(names)} library modules", Goal("ratio", AT_MOST)
    return [
        Figure("resident memory of a vehicle", start_mb, "MB", beside, import_mb, goal),
        Figure("start-up until /healthz answers", start_s * 1e3, "ms", beside, import_s * 1e3, goal),
    ]


def _loaded(folder: Path, toml: Path, port: int) -> list[str]:
    script = Path(__file__).with_name("loaded_modules.py")
    done = subprocess.run(
        [sys.executable, str(script), str(toml), str(port)], capture_output=True, text=True, check=True, cwd=folder
    )
    names: list[str] = json.loads(done.stdout.splitlines()[-1])
    return names


def _start(folder: Path, toml: Path, port: int) -> tuple[float, float]:
    began = time.perf_counter()
    with running(folder, ROUNDSMAN, "vehicle", "run", "--config", str(toml)) as pid:
        await_answer(port, POLL_S)
        return time.perf_counter() - began, _settled_mb(pid)


def _import(folder: Path, names: list[str]) -> tuple[float, float]:
    done = folder / "imported"
    done.unlink(missing_ok=True)
    began = time.perf_counter()
    with running(folder, sys.executable, "-c", IMPORT, str(done), *names) as pid:
        while not done.exists():
            time.sleep(POLL_S)
        return time.perf_counter() - began, _settled_mb(pid)


def _settled_mb(pid: int) -> float:
    time.sleep(SETTLE_S)
    return resident_mb(pid)


def _medians(taken: list[tuple[float, float]]) -> tuple[float, float]:
    return median(one[0] for one in taken), median(one[1] for one in taken)
