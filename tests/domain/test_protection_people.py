"""Protection 1, places, never people: no record, message or document has a field in which a person would fit."""

from dataclasses import is_dataclass
from typing import Any, ClassVar, Literal, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

from edge.contract import agency, agency_file, context, grid_file, map_file, messages, roster
from edge.contract.agency_file import AgencyDoc, ShiftDoc
from edge.contract.places import PlacesDoc
from edge.domain import events, inputs, outlook, plan, state, visits
from edge.domain.shift import ShiftRule
from edge.plans import plan_file

TEXTS = {
    "agency", "agency_hash", "before", "boot", "box", "boxes", "crime_types", "digest", "district", "event", "head",
    "id", "label", "ledger", "number", "officer", "plan_shift", "problem", "reason", "role", "shift", "signature",
    "software", "suppressed", "tactic", "tactics", "undone", "unit", "visit", "visits", "why", "zone", "beat",
    "tactics_version", "public_key", "labels", "body", "by_box", "flags", "by_type", "forecast_shift", "models",
    "by_unit", "inputs", "output", "refused", "seed", "crime_type", "parts", "base", "values", "known_to",
    "by_area", "change", "must_understand", "key", "kind", "type", "fields",
    "pin_hash",  # of digits, which no name has
    "second",  # a roster id, as officer
    "tactics_approver",  # a role, as a weight's
    "hours",  # of the day
    "flag", "flagged", "pending_flagged", "against", "hashes", "waiting",
}  # fmt: skip
"""Every field that may hold text: ids, hashes, places, crime types, tactics, and an agency's reasons."""
NAMES_OF_NO_PERSON = {(AgencyDoc, "name"), (ShiftDoc, "name"), (ShiftRule, "name"), (PlacesDoc, "names")}


def _holds_text(hint: object) -> bool:
    if get_origin(hint) is Literal:
        return False
    return hint in (str, Any) or any(_holds_text(part) for part in get_args(hint))


def _classes() -> list[type]:
    of_agency = (agency, agency_file, grid_file, map_file)
    modules = (events, inputs, outlook, visits, plan, state, messages, context, roster, *of_agency, plan_file)
    found = {one for module in modules for one in vars(module).values() if isinstance(one, type)}
    documents = {one for one in found if issubclass(one, BaseModel) and one is not BaseModel}
    values = {one for one in found if is_dataclass(one) and one.__module__.startswith("edge.domain")}
    return sorted(documents | values - {state.Setting}, key=lambda one: one.__qualname__)


@pytest.mark.parametrize("kind", _classes(), ids=lambda kind: kind.__name__)
def test_protection_1_no_record_or_message_has_room_for_a_person(kind: type) -> None:
    """Every field of text is one that is known to hold none: a new one (a name, a race, …) has to be argued here."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if get_origin(hint) is not ClassVar}
    names = (
        set(hints) - {"model_config", *dir(BaseModel)} - {name for (owner, name) in NAMES_OF_NO_PERSON if owner is kind}
    )
    text = {name for name in names if _holds_text(hints[name])}
    assert text <= TEXTS
