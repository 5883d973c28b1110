"""Retiring a vehicle: headquarters' own signed record that no more is to be expected of it, and what it makes of one.

A retirement holds until the vehicle is put back into service, or a record of it comes that was not held at the time.
Must not delete anything of the vehicle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from edge.contract.agency import Agency
from edge.contract.messages import Signed, explained
from edge.contract.retirement import LedgerStanding, RetirementDoc
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import RETIREMENT
from edge.errors import UserError
from edge.headquarters.publish.document import check_right, store_signed
from edge.headquarters.store import Key, Store

MOST_NAMED = 12
"""Known vehicles that are named where one is not."""


@dataclass(frozen=True, slots=True)
class Retirements:
    """Those in force, by vehicle; ``void``: those that cannot be verified, in words."""

    in_force: Mapping[str, RetirementDoc]
    void: tuple[str, ...] = ()


def retirements(store: Store, agency: Agency) -> Retirements:
    """What was signed of each vehicle last, as far as the bundle in force names the key."""
    held = _held(store)
    found, void = {}, []
    for stored in store.last_of_each(RETIREMENT.name):
        try:
            doc = verify_here(RETIREMENT, Signed.model_validate_json(stored.body), agency).body
        except (UserError, ValidationError) as error:
            why = explained(error) if isinstance(error, ValidationError) else str(error)
            void.append(f"{stored.slot}: {why}; retire it again")
            continue
        if doc.retired and not _came_since(doc, held):
            found[doc.unit] = doc
    return Retirements(found, tuple(void))


def retire(
    unit: str, agency: Agency, key: Ed25519PrivateKey, store: Store, role: str, reason: str, *, retired: bool = True
) -> RetirementDoc:
    """Retire a vehicle, or put it back into service. Raises UserError where that says nothing new, or may not be."""
    check_right(RETIREMENT, agency, key, role, reason)
    standings = _standings(unit, store)
    in_force = retirements(store, agency).in_force
    if retired == (unit in in_force):
        msg = (
            f"{unit} is already retired ({in_force[unit].reason})"
            if retired
            else f"{unit} is not retired; nothing to undo"
        )
        raise UserError(msg)
    body = {
        "agency": agency.id,
        "unit": unit,
        "number": store.next_version(RETIREMENT.name, unit),
        "retired": retired,
        "role": role.strip(),
        "reason": reason.strip(),
        "at": datetime.now(UTC).replace(microsecond=0),
        "ledgers": standings,
    }
    try:
        doc = RetirementDoc.model_validate(body)
    except ValidationError as error:
        msg = f"the retirement of {unit} cannot be recorded: {explained(error)}"
        raise UserError(msg) from error
    store_signed(RETIREMENT, doc, agency, key, store, role, reason)
    return doc


def _standings(unit: str, store: Store) -> tuple[LedgerStanding, ...]:
    """How far each ledger of a vehicle is held and was reported. Raises UserError for one that is not known."""
    held = {ledger: seq for (own, ledger), seq in _held(store).items() if own == unit}
    recorded = {one.ledger: one.recorded for one in store.reported_of((unit,)).values()}
    if not held and not recorded and store.document("status", unit) is None:
        known = sorted({one for one, _ in (*_held(store), *store.reported())})
        names = ", ".join(known[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
        msg = f"no vehicle {unit!r:.80} has ever reported; known vehicles: {names or 'none'}"
        raise UserError(msg)
    return tuple(
        LedgerStanding(ledger=ledger, held=held.get(ledger, 0), recorded=recorded.get(ledger, held.get(ledger, 0)))
        for ledger in sorted(held.keys() | recorded.keys())
    )


def _held(store: Store) -> dict[Key, int]:
    return {(ledger.unit, ledger.id): ledger.head.seq for ledger in store.ledgers()}


def _came_since(doc: RetirementDoc, held: Mapping[Key, int]) -> bool:
    """Whether a record is held that was not when it was signed."""
    then = {one.ledger: one.held for one in doc.ledgers}
    return any(seq > then.get(ledger, 0) for (unit, ledger), seq in held.items() if unit == doc.unit)
