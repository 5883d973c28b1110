"""How much a car holds, in memory and on disk, at the end of a day. Must not change anything."""

import gc
import os
import time
from dataclasses import dataclass
from pathlib import Path

from edge.vehicle.view.published import Published


@dataclass(frozen=True, slots=True)
class Size:
    """How much the car holds after a day: nothing of it but the ledger may grow for ever."""

    day: int
    records: int
    rss_mb: float
    visits: int
    plans: int
    ledger_mb: float
    wal_mb: float
    breadcrumbs_mb: float
    documents_kb: float
    view_ms: float


def measure(day: int, folder: Path, published: Published) -> Size:
    """What the car of a data folder and a screen holds now."""
    began = time.perf_counter()
    published.snapshot()
    view_ms = (time.perf_counter() - began) * 1e3
    state, sizes = published.state, {path.name: path.stat().st_size for path in folder.iterdir()}
    return Size(
        day=day,
        records=state.seq,
        rss_mb=rss_mb(),
        visits=len(list(state.visits.all())),
        plans=len(state.plans),
        ledger_mb=sizes["ledger.sqlite3"] / 1e6,
        wal_mb=sum(size for name, size in sizes.items() if name.endswith("-wal")) / 1e6,
        breadcrumbs_mb=sizes["breadcrumbs.sqlite3"] / 1e6,
        documents_kb=sum(size for name, size in sizes.items() if name.startswith("documents")) / 1e3,
        view_ms=view_ms,
    )


def rss_mb() -> float:
    """The process's resident memory."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
