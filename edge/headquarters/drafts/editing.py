"""What analysts' edits make of a draft: values in, values out.

A draft is a plan file's content (`edge.plans.plan_file`), which says what may stand in it; an edit adds a box, takes
one out with a reason, or changes what is prescribed in it. Must not read a clock, and must not check what the plan
file's own checks do.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from edge.contract.agency import Agency
from edge.domain.grid import Box, parse_box_id
from edge.errors import UserError
from edge.headquarters.store import DraftEdit

Document: TypeAlias = Mapping[str, Any]
"""A plan file's content."""


def edited(document: Document, edits: Iterable[DraftEdit], agency: Agency, at: float) -> Document:
    """A draft with the edits that hold at an instant (POSIX) on top, in their order.

    Raises UserError where one adds a box that is assigned, or suppresses or changes one that is not.
    """
    patrols: list[dict[str, Any]] = [dict(one) for one in document["patrols"]]
    for edit in edits:
        if edit.action != "approve" and (edit.expires is None or edit.expires > at):
            _apply(edit, patrols, agency.grid.boxes[parse_box_id(edit.box)])
    return {**document, "patrols": patrols}


def _apply(edit: DraftEdit, patrols: list[dict[str, Any]], box: Box) -> None:
    listed = next((one for one in patrols if one.get("number") == box.number or one.get("box") == box.id), None)
    given = json.loads(edit.given)
    if edit.action == "add" and listed is None:
        patrols.append({"box": box.id, "why": edit.reason, **given})
    elif edit.action == "add" and listed is not None:
        if "suppressed" not in listed:
            msg = f"box {box.number} is in the draft already; change it instead"
            raise UserError(msg)
        del listed["suppressed"]
        listed.pop("why_by_model", None)
        listed.update(given, why=edit.reason)
    elif listed is None or "suppressed" in listed:
        is_so = "is not in the draft" if listed is None else "is suppressed in the draft"
        msg = f"box {box.number} {is_so}; add it first"
        raise UserError(msg)
    elif edit.action == "suppress":
        listed["suppressed"] = edit.reason
    else:
        listed.update(given)
