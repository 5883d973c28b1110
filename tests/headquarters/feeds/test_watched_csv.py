"""A CSV that another program writes to."""

from pathlib import Path

from edge.headquarters.feeds.watched_csv import WatchedCsv


def test_each_row_is_read_once_and_once_it_is_whole(tmp_path: Path) -> None:
    """Whatever program wrote it, byte order mark, quotes and CRLF included."""
    path = tmp_path / "status.csv"
    path.write_bytes(b'\xef\xbb\xbfUnit,Status\r\n"car-1",AV\r\n')
    watched = WatchedCsv(path)
    assert watched.rows() == [{"Unit": "car-1", "Status": "AV"}]
    assert watched.rows() == []
    with path.open("ab") as file:
        file.write(b"car-2,B")
        file.flush()
        assert watched.rows() == []
        file.write(b"USY\n\ncar-3,AV\n")
    assert watched.rows() == [{"Unit": "car-2", "Status": "BUSY"}, {"Unit": "car-3", "Status": "AV"}]


def test_a_new_file_is_read_from_its_beginning(tmp_path: Path) -> None:
    """One that took the other's place, and one that was cut."""
    path = tmp_path / "status.csv"
    path.write_text("Unit,Status\ncar-1,AV\ncar-2,AV\n")
    watched = WatchedCsv(path)
    watched.rows()
    (tmp_path / "new.csv").write_text("Status,Unit\nAV,car-3\nAV,car-4\n")
    (tmp_path / "new.csv").rename(path)
    assert [row["Unit"] for row in watched.rows()] == ["car-3", "car-4"]
    path.write_text("Unit,Status\ncar-5,AV\n")
    assert [row["Unit"] for row in watched.rows()] == ["car-5"]
