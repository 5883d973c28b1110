"""What a look found, for a person: a screen of plain English. Values are shown of columns of offences alone."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from models.ingest.warnings import rows as counted
from models.look.dates import When
from models.look.draft import FILL
from models.look.look import Look
from models.look.trial import Trial
from models.look.whats import What
from models.look.wheres import Where

_SHOWN: Final = 14
_LONGEST: Final = 60
_NAMES: Final = 12
_SIGNS: Final = {"\t": "a tab", ",": "a comma", ";": "a semicolon", "|": "a bar", "^": "a caret", "~": "a tilde"}


def lines(look: Look) -> Iterator[str]:
    """The report, line by line."""
    yield from _files(look)
    yield from _columns(look)
    for what in look.guesses.whats[:1]:
        yield from _offences(what)
    if look.doubts:
        yield "check:"
    yield from (f"  * {doubt}" for doubt in look.doubts)
    yield from _outcome(look)


def _files(look: Look) -> Iterator[str]:
    for place, one in enumerate(look.opened):
        rows = f"{counted(look.trial.report.inputs[place].rows)}, " if look.trial else ""
        written = f", {one.encoding}, values parted by {_SIGNS[one.delimiter]}" if one.text else ""
        yield f"{one.path.name}: {rows}{len(one.names) + len(one.persons)} columns{written}"
        yield from (f"  {remark}" for remark in one.remarks)


def _columns(look: Look) -> Iterator[str]:
    guesses = look.guesses
    for title, when in (("from", guesses.whens.begin), ("to", guesses.whens.end), ("reported", guesses.whens.reported)):
        if when:
            yield _row(title, _when(when))
    if guesses.whens.begin is None:
        yield _row("from", "no column seems to say when it happened")
    yield _row("place", _where(guesses.where))
    yield _row("zone", f"{guesses.zone} ({guesses.zone_by.removeprefix('CHECK: ')})" if guesses.zone else "not known")
    yield _row("id", " with ".join(map(_name, guesses.id.columns)) or "no column seems to number the incidents")
    if look.areas:
        yield _row("areas", ", ".join(f"{_name(one.name)} ({_values(len(one.counts))})" for one in look.areas))
    persons = [name for one in look.opened[:1] for name in one.persons]
    if persons:
        yield _row("persons", f"never read: {_names(persons)}")
    rest = [*guesses.whens.other, *look.other]
    if rest:
        yield _row("not used", _names(rest))


def _when(when: When) -> str:
    order = {"day": "; day first", "month": "; month first", "unknown": "; day or month first?", "both": "; mixed"}
    formats = ", ".join(when.formats) or "times already"
    unread = f"; {1 - when.how.read:.1%} in no form that is known" if when.how.read < 1 else ""
    return f"{' and '.join(map(_name, when.columns))} ({formats}{order.get(when.how.order, '')}{unread})"


def _where(where: Where | None) -> str:
    if where is None:
        return "no column seems to have a position"
    columns = "the geometry" if where.geometry else ", ".join(map(_name, where.columns))
    system = f"{where.system.authority}:{where.system.code} {where.system.name}" if where.system else "system not known"
    middle = f"; middle {where.middle[0]:.3f}, {where.middle[1]:.3f}" if where.middle else ""
    return f"{columns} ({system if where.x else 'degrees'}{middle})"


def _offences(what: What) -> Iterator[str]:
    """The values of ours, by type; the commonest of the rest."""
    kind = f", {what.table.upper()} codes" if what.table else ""
    yield f"offences, by {_name(what.column.name)}{kind}: proposed types"
    counts = what.column.counts
    found = {**what.types, **dict.fromkeys(what.gunshots, "gunfire")}
    for value, crime_type in list(found.items())[:_SHOWN]:
        yield f"  {counts[value]:>9,}  {_short(value)} -> {crime_type}"
    if more := list(found)[_SHOWN:]:
        yield f"  {sum(counts[value] for value in more):>9,}  in {len(more)} more values (the draft has all)"
    yield from _rest("never forecast", what.denied)
    yield from _rest("not forecast, unless you map them", what.others)
    if more:
        by_type: Counter[str] = Counter()
        for value, crime_type in found.items():
            by_type[crime_type] += counts[value]
        yield "  by type: " + ", ".join(f"{kind} {rows:,}" for kind, rows in by_type.most_common())


def _rest(title: str, values: dict[str, int]) -> Iterator[str]:
    if values:
        shown = ", ".join(f"{_short(value)} {rows:,}" for value, rows in list(values.items())[:5])
        more = f", and {len(values) - 5} more" if len(values) > 5 else ""  # noqa: PLR2004 - as above
        yield f"  {sum(values.values()):>9,}  {title}: {shown}{more}"


def _outcome(look: Look) -> Iterator[str]:
    blanks = [line.split("=")[0].strip() for line in look.text.splitlines() if FILL in line]
    if look.trial and not blanks:
        yield from _tried(look.trial)
    if blanks:
        yield f"to fill in before it is a mapping: {', '.join(blanks)}"


def _tried(trial: Trial) -> Iterator[str]:
    found, report, span = trial.found, trial.report, ""
    if len(found):
        first, last = (time.tz_convert(trial.mapping.zone) for time in (found["from_utc"].min(), found["to_utc"].max()))
        span = f", {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    yield f"tried: {report.kept:,} of {counted(report.rows)} would be kept{span}"
    yield from (f"  {rows:>9,}  left out: {reason}" for reason, rows in report.left_out.most_common(6) if rows)


def _values(number: int) -> str:
    return "1 value" if number == 1 else f"{number:,} values"


def _row(title: str, text: str) -> str:
    return f"  {title:<9} {text}"


def _name(name: str) -> str:
    return f'"{_short(name)}"'


def _names(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return ", ".join(map(_name, names[:_NAMES])) + more


def _short(value: str) -> str:
    """A text of a file, for a terminal: nothing in it that one obeys, and no longer than fits."""
    plain = "".join(sign if sign.isprintable() else "?" for sign in value)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
