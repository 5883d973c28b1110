"""A file is there whole, or not at all."""

import os
from pathlib import Path

import pytest

from edge.errors import UserError
from edge.text.whole_file import whole_file, write_whole


def test_a_file_is_written_and_nothing_beside_it(tmp_path: Path) -> None:
    """Text is UTF-8; what was there is replaced."""
    path = tmp_path / "file.txt"
    write_whole(path, b"before")
    write_whole(path, "grün\n")
    assert path.read_bytes() == "grün\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_there_stays_where_writing_ends_early(tmp_path: Path) -> None:
    """An error in the middle leaves the old file, and no half of the new one."""
    path = tmp_path / "file.txt"
    write_whole(path, "before")
    with pytest.raises(ValueError, match="stopped"):
        _half_written(path)
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]


def _half_written(path: Path) -> None:
    with whole_file(path) as place:
        place.write_text("half", encoding="utf-8")
        msg = "stopped"
        raise ValueError(msg)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """The file that it names is replaced."""
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text(encoding="utf-8") == "text"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """As ``--out /dev/stdout`` is meant."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(path, "text")
    assert os.read(reading, 10) == b"text"
    assert path.is_fifo()
    os.close(reading)


@pytest.mark.parametrize("place", ["missing/file", "."])
def test_a_sentence_says_why_not(tmp_path: Path, place: str) -> None:
    """A folder that is not there, or a folder in the file's place."""
    with pytest.raises(UserError, match=r"cannot be written \(.*\); create its folder, or choose another file"):
        write_whole(tmp_path / place, "text")
