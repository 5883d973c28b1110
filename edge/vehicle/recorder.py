"""Every input as a line of JSON, and a shift decided again from such a recording, bit for bit.

Must not be needed to patrol: a vehicle without ``record`` in its configuration writes none.
"""

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from edge.domain.events import Event
from edge.domain.inputs import Input
from edge.domain.patrol import decide
from edge.domain.state import Setting, State
from edge.domain.taps import TAPS, Tap
from edge.errors import UserError
from edge.text.mistakes import explain
from edge.text.words import Notice

INPUTS: Final = (*(kind for kind in get_args(Input) if kind is not Tap), *TAPS.values())
KINDS: Final[Mapping[str, type[Any]]] = {kind.__name__: kind for kind in (State, *INPUTS)}


@cache
def adapter(name: str) -> TypeAdapter[Any]:
    """How values of a kind are written and read: made when it is first needed, as most cars record nothing.

    Raises KeyError for a name that is no kind's.
    """
    return TypeAdapter(KINDS[name])


class Recorder:
    """Writes the state a daemon starts with, then every input as it is taken; each line goes to the file at once.

    ``trouble``: why it records no more. A full disk ends the recording, not the patrol.
    """

    def __init__(self, path: Path, state: State) -> None:
        """Raises UserError where the file cannot be opened."""
        self._path = path
        self.trouble: Notice | None = None
        try:
            torn = _ends_torn(path)
            self._file = path.open("ab", buffering=0)
        except OSError as error:
            msg = (
                f"record: {path} cannot be written ({error.strerror}); choose a file that the roundsman user can write"
            )
            raise UserError(msg) from error
        if torn:  # by a power cut or a full disk: what follows must begin a line
            self._write(b"\n")
        self(state)

    def __call__(self, value: State | Input) -> None:
        """Append one value, by the name of its kind."""
        if self.trouble is not None:
            return
        name = type(value).__name__
        self._write(b'{"%s":%s}\n' % (name.encode(), adapter(name).dump_json(value)))

    def _write(self, line: bytes) -> None:
        try:
            whole = self._file.write(line) == len(line)
        except OSError:
            whole = False
        if not whole:
            self.trouble = Notice("store.recording_stopped", {"file": str(self._path)}, "warning")

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def replay(path: Path, setting: Setting) -> Iterator[Event]:
    """The records that a recording's inputs lead to. Raises UserError where the file is no recording.

    A life of the daemon may have ended between an input and its commit. So what a life decided beyond the number that
    the next one began with was never kept, and is left out; the last life's is for the caller to judge.
    """
    state: State | None = None
    made: list[Event] = []
    for value in _values(path):
        if isinstance(value, State):
            begun_anew = state is not None and value.ledger != state.ledger
            yield from (event for event in made if begun_anew or event.seq <= value.seq)
            state, made = value, []
        elif state is not None:
            state, events = decide(setting, state, value)
            made += events
    yield from made


def _values(path: Path) -> Iterator[Any]:
    """Each line's value; one that was torn by a power cut, with nothing or a new life after it, is passed over."""
    lines = _lines(path)
    for number, line in enumerate(lines, 1):
        begins_anew = number == len(lines) or lines[number].startswith(b'{"State":')
        if not (begins_anew and _is_torn(line)):
            yield _value(line, path, number)


def _is_torn(line: bytes) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return line.startswith(b'{"'[: len(line)])
    return False


def _ends_torn(path: Path) -> bool:
    """Whether a file is there and does not end with a line's end."""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except OSError as error:
        msg = f"{path}: {error.strerror}; give a file written by the vehicle's `record` setting"
        raise UserError(msg) from error


def _value(line: bytes, path: Path, number: int) -> Any:
    try:
        ((name, body),) = json.loads(line).items()
        return adapter(name).validate_python(body)
    except ValidationError as error:
        msg = f"{path}, line {number}: {explain(error)}"
        raise UserError(msg) from error
    except (ValueError, KeyError, AttributeError) as error:
        msg = f"{path}, line {number}: not a recorded input; give a file written by the vehicle's `record` setting"
        raise UserError(msg) from error
