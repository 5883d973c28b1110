"""Runs a unit's enrolment, or renewal, again and again, each time in a process that is killed at a later step.

A step is whatever touches the disk: a file opened for writing, synced, renamed, linked or removed, a folder made. The
unit of a life is killed before its n-th step, once more at another one as it starts again, and then left alone. Run as
``python -m tests.provisioning.killed FOLDER enrol|renew``: prints a line for each unit, its name and the steps it had.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from edge.text.config import load
from provisioning.device import enrolment
from provisioning.device.config import EnrolmentConfig
from provisioning.device.service import asking

STEPS: Final = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.chmod")
WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
DAYS: Final = 61
"""After which a certificate is renewed."""


def main(folder: Path, what: str) -> None:
    """One unit after the other, until one lives through all its steps."""
    for number, disk in enumerate(sorted(folder.iterdir(), key=lambda one: int(one.name.removeprefix("car-"))), 1):
        config = load(EnrolmentConfig, disk / "enrolment.toml")
        live = partial(_live, config, what)
        whole = not killed(live, number)
        killed(live, number * 7 % 23 + 1)
        assert not killed(live, 0), f"{disk.name} does not get through"
        print(f"{disk.name} {number}", flush=True)  # noqa: T201 - for the test
        if whole:
            return
    raise SystemExit("there are more steps than units")


def _live(config: EnrolmentConfig, what: str) -> None:
    """One life."""
    ask = asking(config.service, config.ca, time.time)
    if what == "enrol":
        enrolment.enrol(config, ask)
    else:
        enrolment.renew(config, time.time() + DAYS * 86_400.0, ask)


def killed(live: Callable[[], object], at: int) -> bool:
    """Whether a process that lives one life was killed before its n-th step; 0: none is."""
    child = os.fork()
    if child == 0:
        _die_before(at)
        try:
            live()
        except BaseException as error:  # noqa: BLE001 - the process ends here
            print(repr(error), file=sys.stderr)  # noqa: T201 - for the test
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _die_before(at: int) -> None:
    taken = [0]

    def step() -> None:
        taken[0] += 1
        if taken[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS or (event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITES):
            step()

    real: Callable[[int], None] = os.fsync

    def fsync(descriptor: int) -> None:
        step()
        real(descriptor)

    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(hook)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
