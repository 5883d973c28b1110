"""Named arrays and one JSON text in a zip file (NumPy's npz): the same content gives the same bytes.

NumPy's own writer stamps each member with the time of day; here every stamp is 1980-01-01. Nothing pickled is ever
read. Must not know what the arrays mean.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from edge.text.coded import CodedError
from edge.text.words import os_error

_META: Final = "meta.json"
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_READABLE: Final = 0o644 << 16
_PACKED: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LOCKED: Final = 0x1

MOST_BYTES: Final = 1 << 29
"""Of a file unpacked: thirty times Chicago's seven years of counts. A few kB can claim to be far more."""

DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, MemoryError, NotImplementedError, RecursionError,
)  # fmt: skip
"""What reading a file raises that is none of ours."""


def save_npz(path: Path, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> None:
    """Write arrays (in the order of their names) and ``meta`` (JSON-able). Raises CodedError where it cannot."""
    members = {f"{name}.npy": _bytes(arrays[name]) for name in sorted(arrays)}
    members[_META] = json.dumps(meta, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=1).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
            file.writestr(info, content)
    try:
        path.write_bytes(packed.getvalue())
    except OSError as error:
        raise CodedError("risk_file.not_written", path=str(path), error=os_error(error)) from error


def load_npz(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays by name, and the JSON object. Raises CodedError where the file is missing or no such file."""
    try:
        with zipfile.ZipFile(path) as file:
            _check_members(file.infolist())
            arrays = {name[: -len(".npy")]: _array(file.read(name)) for name in file.namelist() if name != _META}
            meta = json.loads(file.read(_META))
    except OSError as error:
        raise CodedError("risk_file.unreadable", path=str(path), error=os_error(error)) from error
    except DAMAGE as error:
        raise CodedError("risk_file.not_npz", path=str(path), detail=str(error)) from error
    return arrays, meta if isinstance(meta, dict) else {}


def _check_members(members: Sequence[zipfile.ZipInfo]) -> None:
    """Raises BadZipFile where it is packed or locked in a way that `save_npz` does not, or too large unpacked."""
    if any(one.compress_type not in _PACKED or one.flag_bits & _LOCKED for one in members):
        msg = "compressed or encrypted in an unsupported way"
        raise zipfile.BadZipFile(msg)
    if sum(one.file_size for one in members) > MOST_BYTES:
        msg = f"uncompressed, it is larger than {MOST_BYTES:,} bytes"
        raise zipfile.BadZipFile(msg)


def _bytes(array: NDArray[Any]) -> bytes:
    content = io.BytesIO()
    np.lib.format.write_array(content, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    return content.getvalue()


def _array(content: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
    return array
