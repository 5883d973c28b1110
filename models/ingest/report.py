"""What an import read, kept and left out, and why: a table for the person, JSON for the record.

It repeats values of the columns that say a crime type, and no others. Must not decide what is left out.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from edge.text.whole_file import write_whole
from models.ingest.files.account import printable

_SHOWN: Final = 15


@dataclass(frozen=True)
class Input:
    """One file that was read: its name, SHA-256, number of rows, and the latest time of an incident in it (UTC)."""

    file: str
    sha256: str
    rows: int
    last: str | None


@dataclass
class Report:
    """The counts of one import. ``left_out``: rows by reason; each row has one, the first that holds.

    ``denied`` and ``unmapped``: of rows left out for their crime type, the values of each column that says it;
    denied are those that may never be forecast. ``notes``: rows that were kept and mended, by what was mended.
    ``reported``: incidents that say when they were reported, and in how many days half, 90 % and 99 % were.
    ``warnings``: sentences of what may be wrong and what to do.
    """

    mapping: str
    mapping_sha256: str = ""
    inputs: list[Input] = field(default_factory=list)
    rows: int = 0
    kept: int = 0
    by_type: dict[str, int] = field(default_factory=dict)
    gunfire: int = 0
    initiated_by: dict[str, int] = field(default_factory=dict)
    first: str | None = None
    last: str | None = None
    left_out: Counter[str] = field(default_factory=Counter)
    denied: dict[str, Counter[str]] = field(default_factory=dict)
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    reported: dict[str, float] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The table, line by line."""
        for one in self.inputs:
            yield f"{one.file}: {one.rows:,} rows, SHA-256 {one.sha256[:16]}…"
        yield f"{self.kept:,} of {self.rows:,} rows kept" + (f", {self.first} to {self.last}" if self.first else "")
        yield from _rows("kept, by crime type", self.by_type)
        if self.gunfire:
            yield f"  {self.gunfire:>10,}  of these with gunfire"
        yield from _rows("kept, by who initiated it", self.initiated_by)
        yield from _rows("excluded, by reason", self.left_out)
        for column, values in self.denied.items():
            yield from _rows(f"never forecast (denied type), by {column}", values)
        for column, values in self.unmapped.items():
            yield from _rows(f"not mapped, by {column}", values)
        yield from _rows("kept with corrections", self.notes)
        if late := self.reported:
            within = ", ".join(f"{part} % within {late[f'p{part}_days']:g} days" for part in (50, 90, 99))
            yield f"reported: {late['incidents']:,} incidents, {within}"
        yield from (f"warning: {one}" for one in self.warnings)

    def write(self, path: Path) -> None:
        """Write it as JSON. Raises UserError where it can't be written."""
        write_whole(path, json.dumps(self, default=vars, indent=1, ensure_ascii=False) + "\n")


def _rows(title: str, counts: dict[str, int]) -> Iterator[str]:
    """The largest of some counts, and how many more there are."""
    ordered = sorted((item for item in counts.items() if item[1]), key=lambda item: (-item[1], item[0]))
    if ordered:
        yield f"{title}:"
    for name, rows in ordered[:_SHOWN]:
        yield f"  {rows:>10,}  {printable(name)}"
    if more := ordered[_SHOWN:]:
        yield f"  {sum(rows for _, rows in more):>10,}  in {len(more)} more (all are in --report)"
