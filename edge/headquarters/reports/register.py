"""The register of reports: a report is a module of this folder that holds a ``REPORT``, and this finds it.

From a `Report` follow its page, its ``.json`` and ``.csv``, its command and its place in the navigation. Must not know
any report by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from edge.contract.agency import Agency
from edge.errors import UserError
from edge.headquarters import reports
from edge.headquarters.accounts.roles import Permission
from edge.headquarters.store import Store

Kind: TypeAlias = Literal["text", "count", "minutes", "box", "date", "moment"]
"""How a column's values are written: ``minutes`` are seconds, a ``moment`` is POSIX seconds, a ``box`` an id."""

MadeT = TypeVar("MadeT")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a report's table."""

    name: str
    title: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a reader may ask for. ``default``: from the question's agency and clock, where nothing is given."""

    name: str
    title: str
    kind: Literal["text", "date"] = "text"
    default: Callable[[Agency, float], str] = lambda _agency, _now: ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a report is made for: the open database, the agency, the clock (POSIX seconds), a value for each filter."""

    store: Store
    agency: Agency
    now: float
    values: Mapping[str, str]


Table: TypeAlias = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Report(Generic[MadeT]):
    """One report: ``make`` answers a question, ``rows`` and ``document`` are the answer as a table and as JSON.

    ``subject``: the filter that stands in its address, None where it has none; ``permission``: who may read it;
    ``notes``: what a reader must know.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    make: Callable[[Question], MadeT]
    rows: Callable[[MadeT, Agency], Table]
    document: Callable[[MadeT], Mapping[str, Any]]
    filters: tuple[Filter, ...] = ()
    subject: Filter | None = None
    permission: Permission = "reports.read"
    notes: tuple[str, ...] = ()

    def values(self, given: Mapping[str, str], agency: Agency, now: float) -> dict[str, str]:
        """A value for each filter. Raises UserError for one that the report has not."""
        own = [*self.filters, *([self.subject] if self.subject else [])]
        unknown = given.keys() - {one.name for one in own}
        if unknown:
            msg = f"{self.title} has no filter {sorted(unknown)[0]!r}; it has: {', '.join(one.name for one in own)}"
            raise UserError(msg)
        return {one.name: given.get(one.name) or one.default(agency, now) for one in own}


def all_reports() -> dict[str, "Report[Any]"]:
    """Every report, by its name."""
    names = sorted(module.name for module in iter_modules(reports.__path__))
    modules = [import_module(f"{reports.__name__}.{name}") for name in names if name != "register"]
    found = [module.REPORT for module in modules if hasattr(module, "REPORT")]
    return {report.name: report for report in found}
