"""The trail of fixes: in batches, for eight days, for nobody but the vehicle."""

import sqlite3
from contextlib import closing
from pathlib import Path

from edge.domain.inputs import Fix
from edge.vehicle.store.breadcrumbs import BATCH, KEEP_S, Breadcrumbs


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
            trail.add(fix(float(second)))
        assert stored(path) == []
        trail.add(fix(float(BATCH - 1)))
        assert len(stored(path)) == BATCH
        trail.add(fix(float(BATCH)))
        assert len(stored(path)) == BATCH
    assert stored(path)[-1] == (float(BATCH), 40.0, -99.0, None, 3.0)


def test_what_is_older_than_eight_days_goes(tmp_path: Path) -> None:
    """By the fixes' own time, whatever the computer's clock says; a new life goes on with the file."""
    path = tmp_path / "trail.sqlite3"
    with closing(Breadcrumbs(path)) as trail:
        trail.add(fix(0.0))
        trail.add(fix(100.0))
    with closing(Breadcrumbs(path)) as trail:
        trail.add(fix(KEEP_S + 50.0))
    assert [row[0] for row in stored(path)] == [100.0, KEEP_S + 50.0]


def test_nothing_to_write_writes_nothing(tmp_path: Path) -> None:
    """Flushed twice, or without a fix ever."""
    with closing(Breadcrumbs(tmp_path / "trail.sqlite3")) as trail:
        trail.flush()
        trail.add(fix(1.0))
        trail.flush()
        trail.flush()
    assert len(stored(tmp_path / "trail.sqlite3")) == 1
