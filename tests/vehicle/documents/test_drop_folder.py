"""The folder for documents that come without a link: taken once they lie there whole, refused with a sentence."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import encode
from edge.contract.signing import public_key_of
from edge.vehicle.documents.drop_folder import FOLDER, DropFolder
from edge.vehicle.inbox import DocumentVerified
from tests.contract.test_context import KEY, changed, signed
from tests.words import shown


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / FOLDER
    made.mkdir()
    return made


@pytest.fixture
def drop_folder(tmp_path: Path, square_agency: Agency) -> DropFolder:
    return DropFolder(tmp_path, replace(square_agency, public_key=public_key_of(KEY)), DISTRICT)


DISTRICT = "2"
GOOD = encode(signed(changed()))


def test_a_context_is_taken_once_it_is_whole(folder: Path, drop_folder: DropFolder) -> None:
    """A file that still grows is left alone; the file of a context that was taken is removed."""
    path = folder / "context.json"
    path.write_bytes(GOOD[:100])
    assert list(drop_folder.take()) == []
    path.write_bytes(GOOD)
    assert list(drop_folder.take()) == []
    (said,) = drop_folder.take()
    assert isinstance(said, DocumentVerified)
    assert said.document.body.number == 7
    assert not path.exists()
    assert drop_folder.trouble is None


def test_one_that_is_refused_is_set_aside(folder: Path, drop_folder: DropFolder) -> None:
    """With a sentence; it is not looked at again, and the next good one ends the sentence."""
    (folder / "context.json").write_bytes(encode(signed(changed(agency="elsewhere"))))
    for _ in range(3):
        assert list(drop_folder.take()) == []
    assert shown(drop_folder.trouble) == "incoming/context.json: context rejected: it is for elsewhere"
    assert [path.name for path in folder.iterdir()] == ["context.refused"]
    (folder / "next.json").write_bytes(GOOD)
    assert [*drop_folder.take(), *drop_folder.take()]
    assert drop_folder.trouble is None


def test_what_is_no_file_of_ours_is_left_alone(folder: Path, drop_folder: DropFolder, tmp_path: Path) -> None:
    """Links, pipes, folders, other names; nor does the folder have to be there."""
    (tmp_path / "real.json").write_bytes(GOOD)
    (folder / "link.json").symlink_to(tmp_path / "real.json")
    os.mkfifo(folder / "pipe.json")
    (folder / "folder.json").mkdir()
    (folder / "notes.txt").write_bytes(GOOD)
    assert [*drop_folder.take(), *drop_folder.take()] == []
    assert len(list(folder.iterdir())) == 4
    assert list(DropFolder(tmp_path / "none", drop_folder._agency, DISTRICT).take()) == []


def test_a_context_that_lies_there_whole_is_taken_at_first_sight(folder: Path, drop_folder: DropFolder) -> None:
    """A shot heard has seconds; nothing is waited for where the signature holds."""
    (folder / "context.json").write_bytes(GOOD)
    (said,) = drop_folder.take()
    assert isinstance(said, DocumentVerified)
    assert said.document.body.number == 7


def test_a_file_that_cannot_be_removed_is_taken_once(
    folder: Path, drop_folder: DropFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that another user made: no context comes again and again, no refused one is read for ever."""
    monkeypatch.setattr(Path, "unlink", _denied)
    monkeypatch.setattr(Path, "rename", _denied)
    (folder / "bad.json").write_bytes(b"{}")
    (folder / "good.json").write_bytes(GOOD)
    assert [len(list(drop_folder.take())) for _ in range(4)] == [1, 0, 0, 0]
    drop_folder.trouble = None
    assert not [*drop_folder.take(), *drop_folder.take()]
    assert drop_folder.trouble is None
    (folder / "good.json").write_bytes(GOOD + b" ")
    assert [len(list(drop_folder.take())) for _ in range(3)] == [0, 1, 0]


def _denied(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_the_folder_is_made(tmp_path: Path, square_agency: Agency) -> None:
    """For the daemon's user alone, so that it may remove what it took."""
    DropFolder(tmp_path, square_agency, DISTRICT)
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700
