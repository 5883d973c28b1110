"""A child process that writes, says what it has confirmed, and is ended by SIGKILL in the middle of it."""

import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from tests.waiting import PATIENCE_S

SPAWN = multiprocessing.get_context("spawn")

Writer = Callable[[Path, "Connection[int, int]"], None]
"""Writes to a path for ever; sends a growing number each time that something is confirmed."""


def write_and_kill(writer: Writer, path: Path, lottery: random.Random) -> int:
    """Start the writer, wait for a few confirmations and a random moment more, kill it; the last it confirmed."""
    here, there = SPAWN.Pipe(duplex=False)
    child = SPAWN.Process(target=writer, args=(path, there), daemon=True)
    child.start()
    there.close()
    confirmed = 0
    for _ in range(lottery.randint(1, 30)):
        assert here.poll(PATIENCE_S), "the writer confirms nothing"
        confirmed = here.recv()
    time.sleep(lottery.uniform(0.0, 0.003))  # so that the kill falls anywhere within a write
    child.kill()
    child.join(PATIENCE_S)
    with suppress(EOFError):
        while True:
            confirmed = here.recv()
    here.close()
    return confirmed
