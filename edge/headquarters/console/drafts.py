"""``/drafts``: the drafts of plans, for analysts to look at, change and approve.

Each form brings back the edition that its author saw, so that nobody changes or approves a draft that they have not
seen. Must not decide anything: `edge.headquarters.drafts` does.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge.domain.plan import DirectedPatrol
from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError
from edge.headquarters.console.context import context
from edge.headquarters.console.draft_map import draw_draft, risk_words, row_id
from edge.headquarters.console.table import Cell, Head, Line, Link, Note, PageTable
from edge.headquarters.drafts.review import Reviewed, described, edit, look, new_edit
from edge.headquarters.drafts.standing import standing
from edge.headquarters.drafts.words import state_of
from edge.headquarters.store import DraftEdit, Store, StoreError
from edge.plans.record import BoxRecord
from edge.text.words import word

blueprint: Final = Blueprint("drafts", __name__)

LIST: Final = (Head("Shift"), Head("District or unit"), Head("Boxes", "num"), Head("State"), Head("Review"))
BOXES: Final = (
    Head("Box", "num"),
    *map(Head, ("Beat", "For", "Prescribed", "Risk", "Caps leave", "Why")),
)
EDITS: Final = ("add", "suppress", "change")


@blueprint.get("/drafts")
def index() -> str:
    """The drafts of today's shifts and those to come."""
    here = context()
    today = datetime.fromtimestamp(here.now(), here.agency.calendar.zone).date().isoformat()
    with Store(here.database, make=False) as store:
        seen = [look(store, here.agency, one.shift, one.area, here.now()) for one in store.drafts(today)]
    lines = tuple(map(_listed, seen))
    return render_template("drafts.html", drafts=PageTable((LIST,), lines) if lines else None)


@blueprint.get("/drafts/<date>/<name>/<district>")
def show(date: str, name: str, district: str) -> str:
    """A draft as it stands, and the forms to change and approve it."""
    return _page(f"{date}/{name}", district)


@blueprint.post("/drafts/<date>/<name>/<district>")
def change(date: str, name: str, district: str) -> ResponseReturnValue:
    """Add, suppress or change a box."""
    here, shift = context(), f"{date}/{name}"
    try:
        new = _edit(shift, district)
        with Store(here.database, make=False) as store:
            edit(store, here.agency, new)
    except StoreError:
        raise
    except UserError as error:
        return _page(shift, district, str(error)), 400
    return redirect(request.path, 303)


@blueprint.post("/drafts/<date>/<name>/<district>/approval")
def approve(date: str, name: str, district: str) -> ResponseReturnValue:
    """Publish the draft as it stands."""
    here, shift = context(), f"{date}/{name}"
    try:
        if here.approve is None:
            msg = "headquarters has no key for plans; set keys.plan in its configuration"
            raise UserError(msg)
        here.approve(_new(shift, district, "approve", "", {}))
    except StoreError:
        raise
    except UserError as error:
        return _page(shift, district, str(error)), 400
    return redirect(url_for("drafts.show", date=date, name=name, district=district), 303)


def _page(shift: str, area: str, sentence: str = "") -> str:
    here = context()
    with Store(here.database, make=False) as store:
        if store.draft(shift, area) is None:
            abort(404, "There is no draft for this shift and district.")
        seen = look(store, here.agency, shift, area, here.now())
    records = {one.box: one for one in seen.record.boxes}
    table = PageTable((BOXES,), tuple(_box(one, records.get(one.box)) for one in seen.plan.patrols))
    return render_template(
        "draft.html",
        seen=seen,
        state=state_of(seen),
        boxes=table,
        map=draw_draft(seen, here.agency, here.layers),
        edits=[described(one, here.agency) for one in seen.edits],
        numbers=sorted(here.agency.grid.boxes[one.cell].number for one in seen.plan.patrols if not one.suppressed),
        crime_types=[(one, word("crime_type", one)) for one in CRIME_TYPES],
        sentence=sentence.splitlines(),
        address=_address("show", seen),
        approval=_address("approve", seen),
        files=_files(seen),
        waits=seen.approved is not None and "link" in here.troubles(),
    )


def _edit(shift: str, area: str) -> DraftEdit:
    """What the form asks for. Raises UserError where it is no edit."""
    action, number = request.form.get("action", ""), request.form.get("number", "")
    box = next((one for one in context().agency.grid.boxes.values() if str(one.number) == number.strip()), None)
    if action not in EDITS or box is None:
        msg = f"box {number}: the agency has no such box; give its number, as on the map"
        raise UserError(msg)
    given: dict[str, Any] = dict(_numbers())
    if action == "add":
        given["crime_types"] = request.form.getlist("crime_types")
    if action == "change" and not given:
        msg = "nothing to change; give minutes or visits"
        raise UserError(msg)
    return _new(shift, area, action, box.id, given)


def _numbers() -> Iterator[tuple[str, float]]:
    for name, form in (("minutes", float), ("visits", int)):
        if written := request.form.get(name, "").strip():
            try:
                yield name, form(written)
            except ValueError as error:
                msg = f"{name}: {written!r} is not a number"
                raise UserError(msg) from error


def _new(shift: str, area: str, action: str, box: str, given: dict[str, Any]) -> DraftEdit:
    viewer, seen = context().viewer(), request.form.get("edition", type=int)
    if seen is None:
        msg = "this form is incomplete; open the page again"
        raise UserError(msg)
    who = {"account": viewer.account, "role": viewer.role, "reason": request.form.get("reason", "").strip()}
    return new_edit(shift, area, seen, context().now(), action=action, box=box, given=given, **who)


def _address(view: str, seen: Reviewed) -> str:
    return url_for(f"drafts.{view}", **_named(seen))


def _named(seen: Reviewed) -> dict[str, Any]:
    date, _, name = seen.draft.shift.partition("/")
    return {"date": date, "name": name, "district": seen.draft.area}


def _files(seen: Reviewed) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be downloaded: of what, and by form its address. Nothing for whoever may not."""
    if not context().viewer().may("export"):
        return []
    parts = [("draft", "This draft"), *([("plan", "Newest published plan")] if seen.published else [])]
    return [
        (words, [(form, url_for(f"exports.{part}", form=form.lower(), **_named(seen))) for form in ("CSV", "GeoJSON")])
        for part, words in parts
    ]


def _listed(seen: Reviewed) -> Line:
    draft = seen.draft
    link = Link("Open", _address("show", seen), f"Open the draft for {draft.area}, {draft.shift}")
    boxes = sum(not one.suppressed for one in seen.plan.patrols)
    return Line(
        (Cell(draft.shift), Cell(draft.area), Cell(str(boxes), "num"), Cell(state_of(seen)), Cell("", links=(link,)))
    )


def _box(patrol: DirectedPatrol, record: BoxRecord | None) -> Line:
    box, rule = context().agency.grid.boxes[patrol.cell], patrol.prescription
    risk, left, kind = "–", "–", standing(patrol, record)
    if record is not None:
        risk = risk_words(record)
        shift, week = rule.cap_shift - record.in_shift, rule.cap_7_days - record.in_7_days
        left = f"{max(0, shift)} this shift, {max(0, week)} in 7 days"
    types = ", ".join(word("crime_type", one) for one in patrol.crime_types)
    why = f"Suppressed: {patrol.suppressed}" if patrol.suppressed else patrol.why
    cells = (box.beat, types, f"{rule.visits} × {rule.minutes:g} min", risk, left)
    last = Cell(why, note=Note("added") if kind == "added" else None)
    css = "dim" if kind == "suppressed" else ""
    return Line((Cell(str(box.number), "num"), *map(Cell, cells), last), css, row_id(box.number))
