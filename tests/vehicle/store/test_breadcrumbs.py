"""The trail of fixes: in batches, until they are past for sure, for nobody but the vehicle."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from edge.domain.inputs import Fix
from edge.vehicle.store.breadcrumbs import BATCH, Breadcrumbs

LONG_AGO = float("-inf")


def fix(utc: float) -> Fix:
    """A fix at an instant."""
    return Fix(utc, utc, 40.0, -99.0, None, 3.0)


def stored(path: Path) -> list[tuple[float | None, ...]]:
    """Everything in the file, by time."""
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT utc, lat, lon, speed, accuracy FROM fixes ORDER BY utc").fetchall()


def test_fixes_are_written_thirty_at_a_time(tmp_path: Path) -> None:
    """A flash card is spared; closing writes the rest."""
    path = tmp_path / "trail.sqlite3"
    with closing(Breadcrumbs(path)) as trail:
        for second in range(BATCH - 1):
            trail.add(fix(float(second)), LONG_AGO)
        assert stored(path) == []
        trail.add(fix(float(BATCH - 1)), LONG_AGO)
        assert len(stored(path)) == BATCH
        trail.add(fix(float(BATCH)), LONG_AGO)
        assert len(stored(path)) == BATCH
    assert stored(path)[-1] == (float(BATCH), 40.0, -99.0, None, 3.0)


def test_what_is_past_for_sure_goes(tmp_path: Path) -> None:
    """Whatever a fix says of its own date; a new life goes on with the file."""
    path = tmp_path / "trail.sqlite3"
    with closing(Breadcrumbs(path)) as trail:
        trail.add(fix(0.0), LONG_AGO)
        trail.add(fix(100.0), LONG_AGO)
    with closing(Breadcrumbs(path)) as trail:
        trail.add(fix(1e9), 50.0)
    assert [row[0] for row in stored(path)] == [100.0, 1e9]


def test_a_trail_while_time_is_not_known_is_bounded_in_bytes(tmp_path: Path) -> None:
    """Nothing is past for sure then: the earliest fixes go once the file is as large as it may be."""
    path, most = tmp_path / "trail.sqlite3", 40 * 1024
    with closing(Breadcrumbs(path, most)) as trail:
        for second in range(5000):
            trail.add(fix(float(second)), LONG_AGO)
    utc = [row[0] for row in stored(path)]
    assert BATCH < len(utc) < 3000
    assert utc[-1] == 4999.0
    assert path.stat().st_size < 2 * most


def test_nothing_to_write_writes_nothing(tmp_path: Path) -> None:
    """Flushed twice, or without a fix ever."""
    with closing(Breadcrumbs(tmp_path / "trail.sqlite3")) as trail:
        trail.flush()
        trail.add(fix(1.0), LONG_AGO)
        trail.flush()
        trail.flush()
    assert len(stored(tmp_path / "trail.sqlite3")) == 1


def test_how_good_each_fix_was_is_in_the_trail(tmp_path: Path) -> None:
    """Quality and flags beside the accuracy; a trail of earlier software gets the columns, and keeps its fixes."""
    path = tmp_path / "trail.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.execute(
            "CREATE TABLE fixes (utc REAL PRIMARY KEY, lat REAL NOT NULL, lon REAL NOT NULL, speed REAL, accuracy REAL)"
            " WITHOUT ROWID"
        )
        db.execute("INSERT INTO fixes VALUES (1.0, 40.0, -99.0, NULL, 3.0)")
        db.commit()
    for _ in range(2):
        with closing(Breadcrumbs(path)) as trail:
            trail.add(fix(2.0), past=0.0)
            trail.add(replace(fix(3.0), quality=6, flags=("dead_reckoning", "no_satellites")), past=0.0)
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT utc, quality, flags FROM fixes ORDER BY utc").fetchall()
    assert rows == [(1.0, None, None), (2.0, 1, None), (3.0, 6, "dead_reckoning no_satellites")]
