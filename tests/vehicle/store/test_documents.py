"""The small documents: whole at every instant, the previous version kept, readable by a technician."""

import json
import random
from collections.abc import Callable
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from edge.vehicle.store.documents import AtomicStorage, Documents
from tests.vehicle.store.killing import write_and_kill


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "documents.json"


def previous(path: Path) -> Path:
    """Where the version before is kept."""
    return path.with_name("documents.previous.json")


def test_a_document_is_found_again_by_its_name(path: Path) -> None:
    """In a new life too; another name has none."""
    with closing(Documents(path)) as documents:
        documents.put("device", {"unit": "car-1"})
        documents.put("settings", {"brightness": 3})
        documents.put("device", {"unit": "car-2"})
    with closing(Documents(path)) as documents:
        assert documents.get("device") == {"unit": "car-2"}
        assert documents.get("settings") == {"brightness": 3}
        assert documents.get("plans") is None


def test_a_technician_can_read_it(path: Path) -> None:
    """Indented JSON with sorted keys, a name beside each body; nothing else lies about."""
    with closing(Documents(path)) as documents:
        documents.put("device", {"unit": "car-1", "software": "0.1.0"})
    text = path.read_text(encoding="utf-8")
    assert {"name": "device", "body": {"unit": "car-1", "software": "0.1.0"}} in json.loads(text)["_default"].values()
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True)
    assert '      "name": "device"' in text
    assert not path.with_suffix(".writing").exists()


def test_what_has_not_changed_is_not_written(path: Path) -> None:
    """A flash card is spared, and the previous version stays one that differs."""
    with closing(Documents(path)) as documents:
        documents.put("device", {"unit": "car-1"})
        before = path.stat().st_ino
        documents.put("device", {"unit": "car-1"})
        assert path.stat().st_ino == before
        documents.put("device", {"unit": "car-2"})
        assert path.stat().st_ino != before


def test_the_previous_version_is_kept_and_used_where_the_present_one_is_damaged(path: Path) -> None:
    """Cut short, emptied, overwritten with noise, or gone."""
    storage = AtomicStorage(path)
    storage.write({"t": {"1": {"n": 1}}})
    storage.write({"t": {"1": {"n": 2}}})
    assert json.loads(previous(path).read_bytes()) == {"t": {"1": {"n": 1}}}
    assert AtomicStorage(path).read() == {"t": {"1": {"n": 2}}}
    for damage in (path.read_bytes()[:-3], b"", b"\xff\x00\xfe", b"[]"):
        path.write_bytes(damage)
        assert AtomicStorage(path).read() == {"t": {"1": {"n": 1}}}
    path.unlink()
    assert AtomicStorage(path).read() == {"t": {"1": {"n": 1}}}
    previous(path).unlink()
    assert AtomicStorage(path).read() is None


class CutError(Exception):
    """The power went."""


def cut_at(call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on one step of a write is its last."""

    def go(*_: Any, **__: Any) -> Any:
        raise CutError(call)

    targets = {
        "fsync": "os.fsync",
        "link": "os.link",
        "unlink": "pathlib.Path.unlink",
        "rename": "pathlib.Path.replace",
    }
    monkeypatch.setattr(targets[call], go)


@pytest.mark.parametrize("step", ["fsync", "unlink", "link", "rename"])
@pytest.mark.parametrize("damage", [None, b"noise"], ids=["whole", "damaged before"])
def test_a_write_that_ends_at_any_step_leaves_a_whole_document(
    path: Path, step: str, damage: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one before the write; also where the present file was damaged already and the previous one stood in.

    A write that needs no such step ends as any other.
    """
    storage = AtomicStorage(path)
    storage.write({"t": {"1": {"n": 1}}})
    storage.write({"t": {"1": {"n": 2}}})
    if damage is not None:
        path.write_bytes(damage)
    before = storage.read()
    assert before is not None
    expected = before
    with monkeypatch.context() as patch, suppress(CutError):
        cut_at(step, patch)
        storage.write({"t": {"1": {"n": 3}}})
        expected = {"t": {"1": {"n": 3}}}
    assert AtomicStorage(path).read() == expected
    storage.write({"t": {"1": {"n": 4}}})
    assert AtomicStorage(path).read() == {"t": {"1": {"n": 4}}}


def test_a_write_is_on_disk_before_it_takes_the_name(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File synced, then renamed, then the folder synced: a power cut at any point leaves one version or the other."""
    done: list[str] = []

    def noting(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def note(*given: Any, **more: Any) -> Any:
            done.append(name)
            return step(*given, **more)

        return note

    import os  # noqa: PLC0415 - patched below

    monkeypatch.setattr("os.fsync", noting("sync", os.fsync))
    monkeypatch.setattr("pathlib.Path.replace", noting("rename", Path.replace))
    AtomicStorage(path).write({"t": {}})
    assert done == ["sync", "rename", "sync"]


def write_until_killed(path: Path, told: "Connection[int, int]") -> None:
    """Put a growing number, with a body of a few kilobytes, and say so when `put` has returned."""
    documents = Documents(path)
    number = (documents.get("plans") or {"n": 0})["n"]
    while True:
        number += 1
        documents.put("plans", {"n": number, "text": "x" * 5000})
        told.send(number)


def test_a_kill_while_it_writes_loses_nothing_confirmed(path: Path) -> None:
    """SIGKILL at a random instant, four lives: the present file itself is whole and no older than confirmed."""
    lottery = random.Random(2)  # noqa: S311 - a dice, not a secret
    for _ in range(4):
        confirmed = write_and_kill(write_until_killed, path, lottery)
        assert json.loads(path.read_bytes())
        with closing(Documents(path)) as documents:
            found = documents.get("plans")
        assert found is not None
        assert found["n"] in (confirmed, confirmed + 1)
        assert len(found["text"]) == 5000
