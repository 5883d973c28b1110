"""A drawn plan as ``plan.toml``: a draft for an analyst, who reviews it, adds and suppresses boxes, and publishes it.

Must not approve, and must not overwrite a draft that somebody may have worked on.
"""

import json
from datetime import date
from pathlib import Path
from textwrap import wrap

from edge.contract.agency import Agency
from edge.domain.policy import Prescription
from edge.errors import UserError
from edge.plans.record import RECORD_SUFFIX, BoxRecord, PlanRecord
from edge.plans.words import data_words, visits_words
from edge.text.whole_file import write_whole

LONGEST_WHY = 200
SEVERAL = 3
"""Visits a shift whose cost is told, where the cap allows as many."""
WIDTH = 110


def draft(record: PlanRecord, agency: Agency) -> str:
    """The text of the draft: what `plan check` and `hq publish-plan` take."""
    lines = [
        "# Draft: computed, not reviewed yet. Add boxes, suppress boxes with a reason, then publish it.",
        f"# {len(record.drawn)} boxes drawn; seed {record.seed[:16]}, inputs {record.inputs[:16]}; "
        f"{data_words(date.fromisoformat(record.known_to), record.shift)}.",
        *(f"# {line}" for line in wrap(_of_visits(agency.policy.default), WIDTH)),
        *(f"# {' '.join(remark.split())}" for remark in record.remarks),
        "",
        f"shift = {json.dumps(record.shift)}",
        f"district = {json.dumps(record.district, ensure_ascii=False)}",
        "version = 1",
        f"data_to = {record.known_to}",
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
    write_whole(path, draft(record, agency))
    write_whole(beside, record.model_dump_json() + "\n")
    return beside


def _patrol(box: BoxRecord, usual: int) -> list[str]:
    """One ``[[patrols]]``. What is policy's own is left to policy."""
    reasons = {one.crime_type: one.why for one in box.types}
    lines = [
        f"number = {box.number}  # {box.box}, beat {box.beat}; drawn with probability {box.probability / 1e4:.1f}%",
        f"crime_types = {json.dumps(box.for_types)}",
        f"why = {json.dumps(reasons[box.for_types[0]][:LONGEST_WHY], ensure_ascii=False)}",
        "why_by_model = true  # remove this line where you write a reason of your own",
    ]
    return lines if box.visits == usual else [*lines, f"visits = {box.visits}  # all that the caps allow"]


def _of_visits(rule: Prescription) -> str:
    """What is prescribed, and what several visits cost."""
    usual, most = min(rule.visits, rule.cap_shift), min(max(rule.visits, SEVERAL), rule.cap_shift)
    head = f"Visits a shift: {usual}, where a patrol does not say more."
    return head if most == 1 else f"{head} {visits_words(most, rule.cap_7_days)}"
