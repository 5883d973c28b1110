"""What ``plan show`` and ``plan explain`` print. Must not compute anything but percentages."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from edge.domain.plan import Plan, data_age
from edge.errors import UserError
from edge.plans.record import BoxRecord, PlanRecord
from edge.text.toml_file import read_toml
from edge.text.words import Notice, say, word


def data_words(data_to: date, shift: str) -> str:
    """How old a plan's data are on its shift's date."""
    return say(Notice("plan.data", {"date": data_to.isoformat(), "days": data_age(data_to, shift)}))


def visits_words(visits: int, cap_7_days: int) -> str:
    """What it costs to prescribe several visits a shift: the figures are Chicago's, of theft (models/EVALUATION.md)."""
    shifts = -(-cap_7_days // visits)
    return say(Notice("plan.visits", {"visits": visits, "cap": cap_7_days, "shifts": shifts}))


def remarks_on(plan: Plan) -> Iterator[str]:
    """What an analyst should know before publishing: how old the plan's data are, and what several visits cost."""
    if plan.data_to is not None:
        yield data_words(plan.data_to, plan.shift)
    often = Counter((one.prescription.visits, one.prescription.cap_7_days) for one in plan.patrols)
    for (visits, cap), boxes in sorted(often.items()):
        if visits > 1:
            yield f"{boxes} box{'' if boxes == 1 else 'es'}: {visits_words(visits, cap)}"


def show_record(record: PlanRecord) -> Iterator[str]:
    """A drawn plan as a table."""
    yield f"{record.agency}, {record.shift}, {record.district}: {len(record.drawn)} boxes drawn, not reviewed"
    age = data_words(date.fromisoformat(record.known_to), record.shift)
    turns = "the best shifts of the day" if record.timetable is None else f"weekly timetable of {record.timetable}"
    yield (
        f"weights: {', '.join(f'{row.crime_type} {row.weight:g} ({row.source})' for row in record.weights)}; "
        f"at most {record.max_per_beat} boxes per beat; γ = {record.gamma}; {turns}; {age}"
    )
    yield f"{'box':>6}  {'id':<13} {'beat':<8} {'chance':>10}  {'score':>10}  {'visits':>6}  crime types"
    for box in record.drawn:
        yield (
            f"{box.number:>6}  {box.box:<13} {box.beat:<8} {_percent(box.probability):>10}  {box.score / 1e8:>10.4f}  "
            f"{box.visits:>6}  {', '.join(box.for_types)}"
        )
    yield from record.remarks


def show_draft(path: Path, record: PlanRecord | None) -> Iterator[str]:
    """An analyst's plan as a table; ``record``: what it was drawn from, where it was."""
    document = read_toml(path, "give a plan.toml")
    patrols = document.get("patrols")
    if not isinstance(patrols, list) or not all(isinstance(one, dict) for one in patrols):
        msg = f"{path}: contains no [[patrols]]; give the plan.toml of a district and shift"
        raise UserError(msg)
    shift, district, version = (document.get(key) for key in ("shift", "district", "version"))
    age = f"; {data_words(date.fromisoformat(record.known_to), record.shift)}" if record is not None else ""
    yield f"{shift}, {district}, version {version}: {len(patrols)} boxes{age}"
    yield f"{'box':>13}  {'chance':>10}  crime types"
    for patrol in patrols:
        named = str(patrol.get("box", patrol.get("number")))
        yield f"{named:>13}  {_origin(named, record):>10}  {_listed(patrol)}"


def explain_box(record: PlanRecord, named: str) -> Iterator[str]:
    """Why a box is in the plan, or is not: chance, score by type and weight, caps, best shifts, the model's reasons."""
    box = record.box(named)
    yield f"Box {box.number} ({box.box}), beat {box.beat}, {record.shift}: {_verdict(box, record)}"
    yield f"score {box.score / 1e8:.4f}"
    for one in sorted(box.types, key=lambda one: -one.score):
        share = f"{100 * one.score / box.score:.0f}% of the score" if box.score else "no score"
        yield f"  {one.crime_type}: {one.units / 1e6:.4f} expected, {share}"
        for row in record.weights:
            if row.crime_type == one.crime_type:
                yield f"    weight {row.weight:g} by the {row.source}, approved by {row.approver} on {row.approved}"
        yield f"    {one.why}"
        factors = ", ".join(f"{group} ×{factor:g}" for group, factor in one.factors)
        yield f"    ×{one.times:g} of the average box: {factors}"
    yield f"counted visits: {box.in_shift} in this shift, {box.in_7_days} in 7 days"
    yield f"eligible shifts: {', '.join(box.turn) or 'none'}"


def _verdict(box: BoxRecord, record: PlanRecord) -> str:
    if box.state != "eligible":
        return f"NOT IN THE DRAW: {word('box_state', box.state)}"
    verdict = "DRAWN" if box.drawn else "not drawn"
    told = f"{verdict}; its probability was {_percent(box.probability)}"
    beat = sum(one.probability for one in record.boxes if one.beat == box.beat)
    if beat >= record.max_per_beat * 1_000_000:
        told += f", limited because beat {box.beat} is at its maximum of {record.max_per_beat} boxes"
    return told


def _origin(named: str, record: PlanRecord | None) -> str:
    if record is None:
        return "-"
    drawn = next((box for box in record.drawn if named in (box.box, str(box.number))), None)
    return "added" if drawn is None else _percent(drawn.probability)


def _listed(patrol: Mapping[str, Any]) -> str:
    types = patrol.get("crime_types")
    told = ", ".join(map(str, types)) if isinstance(types, list) else ""
    return told + (f"; SUPPRESSED: {patrol['suppressed']}" if patrol.get("suppressed") else "")


def _percent(probability: int) -> str:
    return f"{probability / 1e4:.1f}%"
