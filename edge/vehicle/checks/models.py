"""The risk models' own tests, in a child process: where a processor lacks an instruction, the child alone ends."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from edge.errors import UserError
from edge.text.plain import plain
from edge.vehicle.checks.finding import Finding
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import choose

CHILD: Final = "edge.plans.self_test"
PATIENCE_S: Final = 120.0
LONGEST: Final = 200


def findings(config: VehicleConfig) -> Iterator[Finding]:
    """Of the models of the bundle in force."""
    try:
        choice = choose(config)
    except UserError:
        return  # the bundle's own fault, said there
    if not choice.manifest.crime_types:
        yield Finding("ok", "the bundle has none: the car patrols by headquarters' plans")
        return
    yield from of_models(str(choice.directory), choice.key)


def of_models(directory: str, key: str, module: str = CHILD) -> Iterator[Finding]:
    """Have a child test every model of a bundle."""
    command = [sys.executable, "-P", "-m", module, directory, key]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired:
        yield Finding("warning", f"their test took over {PATIENCE_S:.0f} s; risk stays off where the car is so slow")
        return
    if done.returncode == -signal.SIGILL:
        why = "their runtime uses an instruction that this processor lacks"
        yield Finding("warning", f"{why}: risk stays off, patrols by headquarters' plans go on; use a supported board")
    elif done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        yield Finding("warning", f"their test ended with {_ending(done.returncode)} {plain(last, LONGEST)}".rstrip())
    else:
        yield from _told(json.loads(done.stdout))


def _ending(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}:"


def _told(told: dict[str, list[str]]) -> Iterator[Finding]:
    """The models that stood their test, and why each other did not."""
    yield from (Finding("warning", f"{refused}; build the bundle anew") for refused in told["refused"])
    if told["stood"]:
        yield Finding("ok", f"{', '.join(told['stood'])}: each stood its own test")
