"""A drawn plan as ``plan.toml``: a draft for an analyst, who reviews it, adds and suppresses boxes, and publishes it.

Must not approve, and must not overwrite a draft that somebody may have worked on.
"""

import json
from pathlib import Path

from edge.contract.agency import Agency
from edge.errors import UserError
from edge.plans.record import RECORD_SUFFIX, BoxRecord, PlanRecord

LONGEST_WHY = 200


def draft(record: PlanRecord, agency: Agency) -> str:
    """The text of the draft: what `plan check` and `hq publish-plan` take."""
    lines = [
        "# Draft: computed, not reviewed yet. Add boxes, suppress boxes with a reason, then publish it.",
        f"# {len(record.drawn)} boxes drawn; seed {record.seed[:16]}, inputs {record.inputs[:16]}.",
        *(f"# {' '.join(remark.split())}" for remark in record.remarks),
        "",
        f"shift = {json.dumps(record.shift)}",
        f"district = {json.dumps(record.district, ensure_ascii=False)}",
        "version = 1",
    ]
    for box in record.drawn:
        usual = agency.policy.prescription(box.for_types)
        lines += ["", "[[patrols]]", *_patrol(box, min(usual.visits, usual.cap_shift))]
    return "\n".join(lines) + "\n"


def save(record: PlanRecord, agency: Agency, path: Path) -> Path:
    """Write the draft, and the record beside it; its path. Raises UserError where one of them is there already."""
    if path.suffix != ".toml":
        msg = f"{path}: a draft plan must be a .toml file; its record is written next to it"
        raise UserError(msg)
    beside = path.with_suffix(RECORD_SUFFIX)
    for each in (path, beside):
        if each.exists():
            msg = f"{each}: already exists and may have been edited; choose another file, or move it away"
            raise UserError(msg)
    try:
        path.write_text(draft(record, agency), encoding="utf-8")
        beside.write_text(record.model_dump_json() + "\n", encoding="utf-8")
    except OSError as error:
        msg = f"{error.filename or path}: cannot be written ({error.strerror})"
        raise UserError(msg) from error
    return beside


def _patrol(box: BoxRecord, usual: int) -> list[str]:
    """One ``[[patrols]]``. What is policy's own is left to policy."""
    reasons = {one.crime_type: one.why for one in box.types}
    lines = [
        f"number = {box.number}  # {box.box}, beat {box.beat}; drawn with probability {box.probability / 1e4:.1f}%",
        f"crime_types = {json.dumps(box.for_types)}",
        f"why = {json.dumps(reasons[box.for_types[0]][:LONGEST_WHY], ensure_ascii=False)}",
    ]
    return lines if box.visits == usual else [*lines, f"visits = {box.visits}  # all that the caps allow"]
