"""The enrolment service as a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROUNDSMAN: Final = str(Path(sys.executable).with_name("roundsman"))


def started(folder: Path) -> subprocess.Popen[str]:
    """The service of a fleet's folder, once it says where it serves."""
    process = subprocess.Popen([ROUNDSMAN, "provision", "serve", "--fleet", folder], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("enrolment: https://")
    return process


@contextmanager
def service(folder: Path) -> Iterator[None]:
    """It runs, and ends as it is asked to."""
    process = started(folder)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        if process.stdout is not None:
            process.stdout.close()
