"""A report's table as CSV, and its values as JSON, for other programs. Must not compute any figure anew."""

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from edge.domain.events import instant
from edge.headquarters.reports.register import Column, Table

UNSEEN: Final = "ZCM"
"""Unicode's spaces, control and invisible characters, and marks without a letter: some spreadsheets pass over them."""

FORMULA: Final = ("=", "+", "-", "@", "\N{MINUS SIGN}")
"""What a formula begins with. A full-width or small form is the same to some spreadsheets (NFKC)."""


def as_csv(columns: Sequence[Column], rows: Table) -> str:
    """A line of titles, and one for each row; minutes to the hundredth, instants as ISO 8601 in UTC."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow([column.name for column in columns])
    lines.writerows([_safe(_cell(column, row.get(column.name))) for column in columns] for row in rows)
    return text.getvalue()


def plain(value: object) -> Any:
    """A value as JSON has it; instants as ISO 8601 with ``Z``."""
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with ``Z``, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _cell(column: Column, value: Any) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if column.kind == "minutes":
        return f"{value / 60.0:.2f}"
    if column.kind == "moment":
        return iso(value if isinstance(value, datetime) else instant(value))
    return value


def _safe(value: object) -> object:
    """A text that a spreadsheet would take for a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and _is_formula(value) else value


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet might compute it: it begins so, in any width, after whatever cannot be seen."""
    seen = next((each for each in text if unicodedata.category(each)[0] not in UNSEEN), "")
    return unicodedata.normalize("NFKC", seen)[:1] in FORMULA or text[:1] in ("\t", "\r", "\n")
