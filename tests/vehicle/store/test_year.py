"""A year of a car's ledger: what headquarters holds goes in time, and the file stays as small as it is said to be."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from edge.contract.records import GENESIS, chain
from edge.domain.events import SignedIn
from edge.domain.lived import DAY_S, marked
from edge.domain.state import State
from edge.vehicle.store.ledger import Ledger, Reader
from edge.vehicle.store.retention import Retention
from tests.contract.samples import event

BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
DAILY: Final = 1_500
BATCH: Final = 50
SETTLED: Final = 30
MOST_MB: Final = 20.0


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_year_of_records_fits_in_20_mb_and_headquarters_has_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """1,500 a day, acknowledged each evening: each was held once, in one chain; after a month it grows no more."""
    path, held, head, sizes = tmp_path / "ledger.sqlite3", 0, GENESIS, []
    with closing(Ledger(path, "car-1")) as ledger, closing(Reader(path)) as reader:
        state, tending = State("car-1", ledger.id), Retention()
        for day in range(365):
            lived = day * DAY_S
            state = replace(state, lived=lived, marks=marked(state.marks, lived, BEGAN.timestamp() + lived))
            for batch in range(DAILY // BATCH):
                at = BEGAN + timedelta(days=day, minutes=40 * batch)
                new = [event(SignedIn(), ledger.seq + n, "car-1", ledger.id) for n in range(1, BATCH + 1)]
                ledger.commit([replace(one, time=at) for one in new], b"state")
                tending.tend(ledger, state)
            while rows := reader.after(held, 1_000):
                for seq, body, stored in rows:
                    held, head = seq, chain(head, body)
                    assert head == stored
            ledger.acknowledged = held
            sizes.append(path.stat().st_size / 1e6)
        assert held == ledger.seq == 365 * DAILY
        assert ledger.seq - ledger.purged < 16_000
    settled = sizes[SETTLED:]
    assert max(settled) < MOST_MB
    assert max(settled) < 1.1 * settled[0]
    with capsys.disabled():
        print(f"\n{held} records in a year: {sizes[-1]:.1f} MB, {held - ledger.purged} still here")  # noqa: T201 - a figure
