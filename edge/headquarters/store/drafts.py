"""Drafts of plans with what analysts changed in them: each change once, upon the very draft that its author saw.

Must not know what a change means: `edge.headquarters.drafts` does.
"""

from dataclasses import asdict, dataclass, replace
from typing import Final, Literal, TypeAlias

from sqlalchemy import and_, select

from edge.headquarters.store.audit import Audit, Done
from edge.headquarters.store.columns import instant, octets, table, text, whole

Action: TypeAlias = Literal["add", "suppress", "change", "approve"]

drafts: Final = table(
    "drafts",
    *(text("shift", key=True), text("area", key=True)),
    whole("edition"),  # grows with all that happens to it
    text("plan"),  # plan.toml, as drawn
    octets("record"),  # of the draw, JSON
    instant("made"),
)
draft_edits: Final = table(
    "draft_edits",
    *(text("shift", key=True), text("area", key=True), whole("edition", key=True)),
    *(text("action"), text("box"), text("given"), text("account"), text("role"), text("reason")),
    instant("made"),
    instant("expires", nullable=True),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """The drawn plan of a district or special unit and a shift. ``plan``: plan.toml; ``record``: of its draw, JSON.

    ``made``: POSIX seconds.
    """

    shift: str
    area: str
    edition: int
    plan: str
    record: bytes
    made: float


@dataclass(frozen=True, slots=True)
class DraftEdit:
    """What somebody did to a draft, which became ``edition`` by it. ``given``: JSON, a patrol's fields.

    ``box``: its id, empty for an approval; ``account``: who; ``made``, ``expires``: POSIX seconds, None: it does not.
    """

    shift: str
    area: str
    edition: int
    action: Action
    box: str
    given: str
    account: str
    role: str
    reason: str
    made: float
    expires: float | None = None


class Drafts(Audit):
    """Drafts and edits. What writes here does so within its own transaction, the audit log's entry with it."""

    def drafts(self, since: str) -> list[Draft]:
        """Those of the shifts from an id on, in order."""
        query = select(drafts).where(drafts.c.shift >= since).order_by(drafts.c.shift, drafts.c.area)
        return [Draft(*row) for row in self.rows(query)]

    def draft(self, shift: str, area: str) -> Draft | None:
        """One draft."""
        row = self.row(select(drafts).where(drafts.c.shift == shift, drafts.c.area == area))
        return None if row is None else Draft(*row)

    def draft_edits(self, shift: str, area: str, after: int = 0) -> list[DraftEdit]:
        """What was done to a draft since an edition, in order."""
        own = and_(draft_edits.c.shift == shift, draft_edits.c.area == area, draft_edits.c.edition > after)
        return [DraftEdit(*row) for row in self.rows(select(draft_edits).where(own).order_by(draft_edits.c.edition))]

    def put_draft(self, draft: Draft) -> bool:
        """Store a draft as drawn, in place of one that nobody has edited; False where somebody has.

        The same plan and record again change nothing.
        """
        with self.transaction():
            new = self.insert(drafts).values(asdict(draft)).on_conflict_do_nothing()
            if self.row(new.returning(drafts.c.edition)) is not None:
                return True
            held = self.draft(draft.shift, draft.area)
            if held is None or self.draft_edits(draft.shift, draft.area):
                return False
            if (held.plan, held.record) == (draft.plan, draft.record):
                return True
            return self._moved(held, {"plan": draft.plan, "record": draft.record, "made": draft.made})

    def put_edit(self, edit: DraftEdit) -> bool:
        """Store an edit upon the draft that its author saw, of the edition before; False where it has changed since."""
        with self.transaction():
            held = self.draft(edit.shift, edit.area)
            if held is None or not self._moved(replace(held, edition=edit.edition - 1), {}):
                return False
            self.execute(self.insert(draft_edits).values(asdict(edit)))
            self.audit(_done(edit, f"draft.{edit.action}"), edit.made)
            return True

    def withdraw_edit(self, edit: DraftEdit) -> None:
        """Forget the last edit, which came to nothing; one upon which somebody has built stays."""
        own = and_(draft_edits.c.shift == edit.shift, draft_edits.c.area == edit.area)
        same = and_(drafts.c.shift == edit.shift, drafts.c.area == edit.area, drafts.c.edition == edit.edition)
        with self.transaction():
            if self.execute(drafts.update().where(same).values(edition=edit.edition - 1)):
                self.execute(draft_edits.delete().where(own, draft_edits.c.edition == edit.edition))
                self.audit(_done(edit, "draft.approval_failed"), edit.made)

    def _moved(self, held: Draft, values: dict[str, object]) -> bool:
        """Take a draft from the edition held to the next; False where it is another by now."""
        same = and_(drafts.c.shift == held.shift, drafts.c.area == held.area, drafts.c.edition == held.edition)
        return self.execute(drafts.update().where(same).values(edition=held.edition + 1, **values)) == 1


def _done(edit: DraftEdit, action: str) -> Done:
    detail = " ".join(one for one in (edit.box, edit.given, edit.reason) if one)
    return Done(edit.account, edit.role, action, f"{edit.shift} {edit.area}", detail)
