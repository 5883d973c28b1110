"""An analyst's review of a draft: look at it, edit it, approve it; each upon the edition that was seen.

Of two who edit one draft at once the second is refused, and shown both edits. An approval goes out as every plan does.
Must not publish what the plan file's checks refuse.
"""

import json
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.signed_kinds import PLAN
from edge.domain.plan import Plan
from edge.errors import UserError
from edge.headquarters.drafts.editing import edited
from edge.headquarters.publish.document import Publisher, check_right
from edge.headquarters.publish.plan import publish_reviewed
from edge.headquarters.store import Draft, DraftEdit, Store, StoredDocument
from edge.plans.plan_file import read_plan
from edge.plans.record import PlanRecord

REASON: Final = range(3, 201)
"""Characters of a reason: as many as a plan may have."""


class ClashError(UserError):
    """Somebody else has changed the draft meanwhile; nothing of ours was stored."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft, what was done to it, the plan it comes to, and which versions of that plan the broker has taken."""

    draft: Draft
    edits: tuple[DraftEdit, ...]
    plan: Plan
    published: frozenset[int]

    @property
    def record(self) -> PlanRecord:
        """Of its draw."""
        return PlanRecord.model_validate_json(self.draft.record)

    @property
    def approved(self) -> int | None:
        """The version in which it was approved and published, where nothing was changed since."""
        if not self.edits or self.edits[-1].action != "approve":
            return None
        version = int(json.loads(self.edits[-1].given)["version"])
        return version if version in self.published else None


def look(store: Store, agency: Agency, shift: str, area: str, now: float) -> Reviewed:
    """A draft as it stands. Raises UserError where there is none, or the agency has not what it names any more."""
    with store.snapshot():
        draft, edits = store.draft(shift, area), tuple(store.draft_edits(shift, area))
        published = frozenset(one.version for one in store.plans(shift) if one.district == area)
    if draft is None:
        msg = f"there is no draft for {area}, shift {shift}; build it first: roundsman hq draft build"
        raise UserError(msg)
    return Reviewed(draft, edits, _plan(draft, edits, agency, now), published)


def edit(store: Store, agency: Agency, new: DraftEdit) -> Reviewed:
    """Store an edit upon the edition before its own; the draft with it.

    Raises UserError where it may not be made, ClashError where somebody else was faster; nothing is stored then.
    """
    if len(new.reason) not in REASON:
        msg = f"reason: must have {REASON.start} to {REASON.stop - 1} characters, and has {len(new.reason)}"
        raise UserError(msg)
    if new.expires is not None and new.expires <= max(new.made, agency.calendar.shift(new.shift).starts):
        msg = f"expires: the edit would be over before the shift {new.shift} begins; give a later time"
        raise UserError(msg)
    seen = look(store, agency, new.shift, new.area, new.made)
    _refuse_over(agency, new.shift, new.made)
    if seen.draft.edition == new.edition - 1:
        _plan(seen.draft, (*seen.edits, new), agency, new.made)
    if not store.put_edit(new):
        raise ClashError(_clash(store, new, agency))
    return look(store, agency, new.shift, new.area, new.made)


def approve(
    store: Store, agency: Agency, key: Ed25519PrivateKey, client: Publisher, approval: DraftEdit
) -> StoredDocument:
    """Publish a draft as it stands, as the next version of its plan.

    Raises UserError where the broker does not confirm, ClashError where it is not the draft that the approver saw; it
    is not approved then.
    """
    check_right(PLAN, agency, key, approval.role, approval.reason)
    seen = look(store, agency, approval.shift, approval.area, approval.made)
    _refuse_over(agency, approval.shift, approval.made)
    version = store.next_version(PLAN.name, f"{approval.shift} {approval.area}")
    approval = replace(approval, given=json.dumps({"version": version}))
    if not store.put_edit(approval):
        raise ClashError(_clash(store, approval, agency))
    try:
        plan = replace(seen.plan, version=version)
        return publish_reviewed(plan, agency, key, store, client, approval.role, approval.reason)
    except UserError:
        store.withdraw_edit(approval)
        raise


def new_edit(shift: str, area: str, seen: int, now: float, **values: Any) -> DraftEdit:
    """An edit made now (POSIX seconds) upon the edition that its author saw."""
    given = json.dumps(values.pop("given", {}), ensure_ascii=False)
    return DraftEdit(shift, area, seen + 1, given=given, made=now, **values)


def described(one: DraftEdit, agency: Agency) -> str:
    """Who did what to a draft, when and why, in one line."""
    numbers = {box.id: box.number for box in agency.grid.boxes.values()}
    given = ", ".join(f"{name} {_said(value)}" for name, value in json.loads(one.given).items())
    what = one.action if one.action == "approve" else f"{one.action} box {numbers.get(one.box, one.box)}"
    until = "" if one.expires is None else f", until {datetime.fromtimestamp(one.expires, UTC):%Y-%m-%d %H:%M} UTC"
    who = f"{datetime.fromtimestamp(one.made, UTC):%Y-%m-%d %H:%M} UTC {one.account} ({one.role})"
    return f"{who}: {what}{f' ({given})' if given else ''}: {one.reason}{until}"


def _said(value: Any) -> str:
    return " + ".join(map(str, value)) if isinstance(value, list) else str(value)


def _plan(draft: Draft, edits: tuple[DraftEdit, ...], agency: Agency, now: float) -> Plan:
    """What counts is what holds when the shift begins, or now where it has."""
    at = max(now, agency.calendar.shift(draft.shift).starts)
    called = f"the draft for {draft.area}, shift {draft.shift}"
    return read_plan(edited(tomllib.loads(draft.plan), edits, agency, at), agency, called)


def _refuse_over(agency: Agency, shift: str, now: float) -> None:
    if agency.calendar.ends(shift) <= now:
        msg = f"the shift {shift} is over; its draft cannot be changed or approved any more"
        raise UserError(msg)


def _clash(store: Store, new: DraftEdit, agency: Agency) -> str:
    held = store.draft(new.shift, new.area)
    edition = 0 if held is None else held.edition
    theirs = [described(one, agency) for one in store.draft_edits(new.shift, new.area, new.edition - 1)]
    lines = "".join(f"\n  theirs: {one}" for one in theirs or ["the draft was built anew"])
    return (
        f"this draft has changed since edition {new.edition - 1}, so your edit was not stored:{lines}\n"
        f"  yours:  {described(new, agency)}\nlook at edition {edition}, then try again"
    )
