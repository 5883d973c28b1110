"""Files of arrays from elsewhere: none that is a bomb, locked, pickled or packed in another way is read."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from edge.errors import UserError
from edge.risk import npz
from edge.risk.npz import load_npz, save_npz


def member(header: str, content: bytes = b"") -> bytes:
    """An array's file with a header of one's own."""
    text = header.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text + content


def write(path: Path, members: dict[str, bytes], pack: int = zipfile.ZIP_DEFLATED) -> Path:
    """A zip file."""
    with zipfile.ZipFile(path, "w", pack) as file:
        for name, content in {**members, "meta.json": b"{}"}.items():
            file.writestr(name, content)
    return path


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    """Arrays and JSON; the same bytes each time."""
    path = tmp_path / "x.npz"
    save_npz(path, {"a": np.arange(3)}, {"kind": "x"})
    before = path.read_bytes()
    arrays, meta = load_npz(path)
    assert arrays["a"].tolist() == [0, 1, 2]
    assert meta == {"kind": "x"}
    save_npz(path, arrays, meta)
    assert path.read_bytes() == before


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few kB that would be many MB: refused before a byte of it is unpacked."""
    path = write(tmp_path / "x.npz", {"a.npy": b"\0" * 5_000_000})
    assert path.stat().st_size < 10_000
    monkeypatch.setattr(npz, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(npz, "_array", _unpacked)
    with pytest.raises(UserError, match="uncompressed, it is larger than 1,000,000 bytes"):
        load_npz(path)


def _unpacked(_content: bytes) -> None:
    pytest.fail("it was unpacked")


@pytest.mark.parametrize(
    "content",
    [
        member("{'descr': '<i8', 'fortran_order': False, 'shape': (1152921504606846975,), }"),
        member("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }", b"\0" * 80),
        member("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", b"cos\nsystem\n(S'true'\ntR."),
        b"no array",
    ],
)
def test_an_array_that_is_none_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    """One that claims to be larger than any memory, a pickle, nonsense."""
    with pytest.raises(UserError, match="damaged, or not the right kind of file"):
        load_npz(write(tmp_path / "x.npz", {"a.npy": content}))


def test_other_packing_locks_and_deep_json_are_refused(tmp_path: Path) -> None:
    """What `save_npz` never writes."""
    good = io.BytesIO()
    np.save(good, np.arange(3))
    for pack in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(UserError, match="compressed or encrypted in an unsupported way"):
            load_npz(write(tmp_path / "x.npz", {"a.npy": good.getvalue()}, pack))
    path = write(tmp_path / "x.npz", {"a.npy": good.getvalue()})
    bent = bytearray(path.read_bytes())
    bent[bent.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bent)
    with pytest.raises(UserError, match="compressed or encrypted in an unsupported way"):
        load_npz(path)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("meta.json", "[" * 100_000)
    with pytest.raises(UserError, match="damaged"):
        load_npz(path)
