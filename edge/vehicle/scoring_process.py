"""The short-lived process that scores a shift: started, asked, waited for, ended where it takes too long.

Whatever goes wrong is the reply's problem. Must not import numpy, onnxruntime or `edge.risk`: what they take, the
process gives back when it ends.
"""

import os
import subprocess
import sys
import threading
import time
from typing import Final

from pydantic import ValidationError

from edge.plans.scoring import ScoringReply, ScoringRequest, reply_form
from edge.text.coded import LONGEST
from edge.text.plain import plain
from edge.text.words import Notice, os_error

PATIENCE_S: Final = 60.0
"""How long one run may take: Chicago takes a few seconds on one core."""

SLICE_S: Final = 0.25
CHILD: Final = "edge.plans.child"
ENVIRONMENT: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ORT_DISABLE_TELEMETRY": "1",
    "PYDANTIC_DISABLE_PLUGINS": "__all__",  # else every installed package's metadata are read at its start
}


def run_child(
    request: ScoringRequest,
    stop: threading.Event,
    *,
    module: str = CHILD,
    python: str = sys.executable,
    patience_s: float = PATIENCE_S,
) -> ScoringReply:
    """Have a process of its own answer; it is ended where it takes too long, or ``stop`` comes first."""
    try:
        child = subprocess.Popen(  # noqa: S603 - our own module, in our own interpreter
            [python, "-P", "-m", module],  # -P: no module of the folder it is started in
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **ENVIRONMENT},
        )
    except OSError as error:
        return ScoringReply(problem=Notice("scoring.not_started", {"error": os_error(error)}))
    with child:
        reply, errors, late = _answer(child, request.model_dump_json().encode(), stop, patience_s)
    if late:
        return ScoringReply(problem=Notice("scoring.late", {"most": patience_s}))
    if child.returncode != 0:
        last = errors.decode(errors="replace").strip().rpartition("\n")[2]
        values = {"status": child.returncode, "detail": plain(last, LONGEST)}
        return ScoringReply(problem=Notice("scoring.ended" if last else "scoring.ended_silently", values))
    try:
        return reply_form().validate_json(reply)
    except ValidationError:
        return ScoringReply(problem=Notice("scoring.unreadable"))


def _answer(
    child: subprocess.Popen[bytes], asked: bytes, stop: threading.Event, patience_s: float
) -> tuple[bytes, bytes, bool]:
    """What it wrote to stdout and stderr, and whether its time was over. Asks ``stop`` four times a second."""
    deadline = time.monotonic() + patience_s
    given: bytes | None = asked
    late = False
    while True:
        try:
            reply, errors = child.communicate(given, timeout=SLICE_S)
        except subprocess.TimeoutExpired:
            late = time.monotonic() > deadline
            if late or stop.is_set():
                child.kill()
        else:
            return reply, errors, late
        given = None
