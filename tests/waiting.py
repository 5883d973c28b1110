"""Waiting for what other threads and the outer world bring about: bounded, and generous, for a machine may be busy."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE_S: Final = 60.0
"""Half of what an ordinary test may take, so that what did not come about is named before the test's own time is up."""


LOOKS_S: Final = (0.01, 0.1)
"""How long after one look the next one is, at first and at most: a look is often a request to a process under test."""


def wait_for(what: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Until ``what`` holds; fails where it does not in time, which says nothing of how long it usually takes."""
    began = time.monotonic()
    while not what():
        waited = time.monotonic() - began
        assert waited < seconds, f"after {seconds:.0f} s it still does not hold: {_named(what)}"
        time.sleep(min(LOOKS_S[1], LOOKS_S[0] + waited / 20.0))


def _named(what: Callable[[], object]) -> str:
    """Where the condition stands, for who reads the failure."""
    code = getattr(what, "__code__", None)
    return repr(what) if code is None else f"{code.co_filename}, line {code.co_firstlineno}"
