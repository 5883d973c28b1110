"""Waiting for what other threads and the outer world bring about: bounded, and generous, for a machine may be busy."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE_S: Final = 60.0
"""Half of what an ordinary test may take, so that what did not come about is named before the test's own time is up."""


def wait_for(what: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Until ``what`` holds; fails where it does not in time, which says nothing of how long it usually takes."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"after {seconds:.0f} s it still does not hold: {_named(what)}"
        time.sleep(0.01)


def _named(what: Callable[[], object]) -> str:
    """Where the condition stands, for who reads the failure."""
    code = getattr(what, "__code__", None)
    return repr(what) if code is None else f"{code.co_filename}, line {code.co_firstlineno}"
