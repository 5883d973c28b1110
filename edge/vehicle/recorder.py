"""Every input as a line of JSON, and a shift decided again from such a recording, bit for bit.

Must not be needed to patrol: a vehicle without ``record`` in its configuration writes none.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import TypeAdapter, ValidationError

from edge.contract.agency import explain
from edge.domain.events import Event
from edge.domain.inputs import Input
from edge.domain.patrol import decide
from edge.domain.state import Setting, State
from edge.errors import UserError

KINDS: Final[dict[str, TypeAdapter[Any]]] = {kind.__name__: TypeAdapter(kind) for kind in (State, *get_args(Input))}


class Recorder:
    """Writes the state a daemon starts with, then every input as it is taken; each line goes to the file at once."""

    def __init__(self, path: Path, state: State) -> None:
        self._file = path.open("ab", buffering=0)
        self(state)

    def __call__(self, value: State | Input) -> None:
        """Append one value, by the name of its kind."""
        name = type(value).__name__
        self._file.write(b'{"%s":%s}\n' % (name.encode(), KINDS[name].dump_json(value)))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def replay(path: Path, setting: Setting) -> Iterator[Event]:
    """The records that a recording's inputs lead to. Raises UserError where the file is no recording."""
    state: State | None = None
    for number, line in enumerate(_lines(path), 1):
        value = _value(line, path, number)
        if isinstance(value, State):
            state = value
        elif state is not None:
            state, events = decide(setting, state, value)
            yield from events


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except OSError as error:
        msg = f"{path}: {error.strerror}; give a file that the vehicle's `record` named"
        raise UserError(msg) from error


def _value(line: bytes, path: Path, number: int) -> Any:
    try:
        ((name, body),) = json.loads(line).items()
        return KINDS[name].validate_python(body)
    except ValidationError as error:
        msg = f"{path}, line {number}: {explain(error)}"
        raise UserError(msg) from error
    except (ValueError, KeyError, AttributeError) as error:
        msg = f"{path}, line {number}: no recorded input; give a file that the vehicle's `record` named"
        raise UserError(msg) from error
