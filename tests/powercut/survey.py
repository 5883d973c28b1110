"""What is found when a vehicle starts on what a power cut has left: every broken promise as a sentence.

Must not assert: the weakened stores' tests count what is broken there.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from edge.contract.agency import Agency
from edge.contract.records import GENESIS, chain
from edge.domain.inputs import AdoptPlan
from edge.domain.plan import Plan
from edge.domain.state import State
from edge.errors import UserError
from edge.vehicle.store.ledger import Reader, Row
from edge.vehicle.store.vault import Vault
from tests.powercut.recorded import NAMES, Progress, Recorded, engine
from tests.powercut.shift import OVER, UNIT, start
from tests.vehicle.town_shift import as_said, fixes, plan

DAMAGE: Final = (sqlite3.Error, UserError, OSError, ValueError, KeyError, TypeError)
"""What opening and reading a broken store may raise."""

REBOOT_S: Final = 60.0


def survey(folder: Path, agency: Agency, recorded: Recorded, progress: Progress) -> list[str]:
    """What is wrong with a vehicle's data after a power cut; nothing where every promise is kept."""
    try:
        with closing(Vault(folder, UNIT)) as vault:
            return list(_wrong(vault, agency, recorded, progress))
    except DAMAGE as error:
        return [f"unusable: {error!r}"]


def _wrong(vault: Vault, agency: Agency, recorded: Recorded, progress: Progress) -> Iterator[str]:
    state, new_plans = vault.load(as_said)
    if vault.notices:
        yield f"noticed: {vault.notices}"
    with closing(Reader(vault.ledger_path)) as reader:
        rows = reader.after(0, 1_000_000)
        yield from _wrong_records(rows, recorded, progress)
        yield from _wrong_state(state, new_plans, rows, recorded, progress)
        yield from _wrong_papers(vault, recorded, progress)
        if vault.ledger.acknowledged > len(rows):
            yield "cursor: beyond the last record"
        before = vault.ledger.seq
        _go_on(vault, agency, state, new_plans)
        more = reader.after(before, 1_000_000)
        yield from _broken_chain([*rows, *more])
        if len(more) < 2 or vault.ledger.seq != more[-1][0]:
            yield "metering does not go on"


def _wrong_records(rows: list[Row], recorded: Recorded, progress: Progress) -> Iterator[str]:
    """Acknowledged ⊆ stored ⊆ committed or under way, the same bytes, in an unbroken chain."""
    acknowledged = _seq(recorded, progress.commits)
    if len(rows) < acknowledged:
        yield f"lost: {acknowledged - len(rows)} of {acknowledged} acknowledged records"
    if len(rows) not in (acknowledged, _seq(recorded, progress.commits + 1)):
        yield f"torn: {len(rows)} records are of no committed step"
    if [body for _, body, _ in rows] != recorded.bodies[: len(rows)]:
        yield "changed: the stored records are not those that were committed"


def _broken_chain(rows: list[Row]) -> Iterator[str]:
    head = GENESIS
    for number, (seq, body, stored) in enumerate(rows, 1):
        head = chain(head, body)
        if (seq, stored) != (number, head):
            yield f"chain: broken at record {number}"
            return


def _wrong_state(
    state: State, new_plans: list[Plan], rows: list[Row], recorded: Recorded, progress: Progress
) -> Iterator[str]:
    """The state is the last committed one, or the one that was under way; its number is that of the records.

    A plan whose document was there before the state that obeys it is new, and takes the place of the one it follows;
    one that is over may go before the state that has dropped it, and must not be new again after that.
    """
    if state.shift is not None and any(plan.shift == OVER for plan in new_plans):
        yield "plans: one that was dropped is new again"
    newer = {(plan.shift, plan.district) for plan in new_plans}
    known = progress.commits == 0 and state == State(UNIT, state.ledger)
    for possible in recorded.states[max(0, progress.commits - 1) : progress.commits + 1]:
        plans = tuple(plan for plan in possible.plans if (plan.shift, plan.district) not in newer)
        in_force = tuple(plan for plan in plans if plan.shift != OVER)
        known |= state in (replace(possible, plans=plans), replace(possible, plans=in_force))
    if not known:
        yield "state: the checkpoint is of no step that was committed last or under way"
    if state.seq != len(rows):
        yield f"state: of record {state.seq}, where {len(rows)} are stored"


def _wrong_papers(vault: Vault, recorded: Recorded, progress: Progress) -> Iterator[str]:
    """The documents are the version last put, or the one that was under way."""
    found = {name: vault.documents.get(name) for name in NAMES}
    possible = recorded.papers[max(0, progress.puts - 1) : progress.puts + 1]
    untouched = progress.puts == 0 and found == dict.fromkeys(NAMES)
    if found not in possible and not untouched:
        age = next((progress.puts - n for n, one in enumerate(recorded.papers, 1) if one == found), None)
        yield f"documents: {age} versions behind" if age else "documents: of no version that was put"


def _go_on(vault: Vault, agency: Agency, state: State, new_plans: list[Plan]) -> None:
    """A new boot, the plans that are new, and the first fix."""
    mono = state.mono + REBOOT_S
    one = engine(agency, vault, state)
    one.take(start(mono, "boot-after"))
    for new in new_plans:
        one.take(AdoptPlan(mono, new))
    cell = plan(agency).patrols[0].cell
    for fix in fixes(agency, cell, int(mono) + 5, 1):
        one.take(fix)


def _seq(recorded: Recorded, commits: int) -> int:
    """The last record's number after so many commits."""
    return recorded.states[min(commits, len(recorded.states)) - 1].seq if commits else 0
