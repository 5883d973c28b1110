"""A signed plan stays within the bundle in force: what goes beyond its policy, areas or tactics is refused by name."""

from typing import Any, Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.messages import PlanDoc, Signed, to_sign
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import PLAN
from edge.contract.signing import load_private_key, sign
from edge.domain.plan import DirectedPatrol, Plan
from edge.errors import UserError
from edge.text.coded import CodedError
from tests.bundles import signed_agency
from tests.words import sentences_in

TYPES: Final = ("robbery", "theft")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Agency, Ed25519PrivateKey]:
    """A square town of two districts, and the key that signs its plans."""
    folder = tmp_path_factory.mktemp("town")
    return signed_agency(folder), load_private_key(folder / "key.pem")


def boxes_of(agency: Agency, district: str) -> list[str]:
    """Boxes of a district that may be offered."""
    return [box.id for box in agency.grid.boxes.values() if box.district == district and not box.opt_out]


def body_of(agency: Agency) -> dict[str, Any]:
    """A plan of district 1 with one box, exactly as policy has it."""
    cell = next(box.cell for box in agency.grid.boxes.values() if box.id == boxes_of(agency, "1")[0])
    rule = agency.policy.prescription(TYPES)
    one = DirectedPatrol(cell, TYPES, rule, "why", ("foot-patrol",))
    doc = PlanDoc.of(Plan("2026-11-22/night", "1", 1, (one,)), agency.id, "analyst", "because")
    body: dict[str, Any] = doc.model_dump(mode="json")
    return body


def read(made: tuple[Agency, Ed25519PrivateKey], body: dict[str, Any]) -> PlanDoc:
    """The plan as a car reads it."""
    agency, key = made
    signed = Signed(kind="plan", body=body, signature=sign(key, to_sign("plan", body)))
    return verify_here(PLAN, signed, agency).body


BEYOND: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "a cap of a shift": ({"cap_shift": 10**9}, "cap_shift is 1000000000, but agency policy is at most 3"),
    "one more than the cap": ({"cap_shift": 4}, "cap_shift is 4, but agency policy"),
    "a cap of seven days": ({"cap_7_days": 10**9}, "cap_7_days is 1000000000, but agency policy is at most 7"),
    "no spacing": ({"spacing_s": 0}, "spacing_s is 0, but agency policy is at least 7200"),
    "more visits than the cap": ({"visits": 4}, "visits is 4, but agency policy is at most 3"),
    "no minutes": ({"minutes": 0.001}, "minutes is 0.001, but agency policy is at least 1"),
    "an unknown tactic": ({"tactics": ["foot-patrol", "raid"]}, "tactic 'raid' is not in the agency's list"),
    "no box": ({"box": "1-1"}, "box 1-1 is not in this agency"),
}


def test_a_plan_as_policy_has_it_is_accepted(made: tuple[Agency, Ed25519PrivateKey]) -> None:
    """And one that is stricter."""
    body = body_of(made[0])
    assert read(made, body).patrols[0].cap_shift == 3
    body["patrols"][0] |= {
        "cap_shift": 1,
        "visits": 1,
        "cap_7_days": 1,
        "spacing_s": 14400,
        "minutes": 5,
        "tactics": [],
    }
    assert read(made, body).patrols[0].cap_7_days == 1


@pytest.mark.parametrize("case", BEYOND)
def test_a_value_beyond_the_bundles_policy_is_refused_by_name(
    case: str, made: tuple[Agency, Ed25519PrivateKey]
) -> None:
    """However well it is signed: the key for plans chooses boxes, and no other caps."""
    changed, says = BEYOND[case]
    body = body_of(made[0])
    body["patrols"][0] |= changed
    with pytest.raises(CodedError) as refused:
        read(made, body)
    assert [*sentences_in(refused.value.why)] == []
    assert str(refused.value).startswith("plan rejected: box ")
    assert says in str(refused.value)


def test_the_strictest_of_a_boxs_crime_types_is_the_bound(tmp_path: Any) -> None:
    """A box for two types has the tighter cap of the two."""
    agency = signed_agency(tmp_path)
    tight = (tmp_path / "agency.toml").read_text() + "[policy.by_type.theft]\ncap_shift = 2\n"
    (tmp_path / "agency.toml").write_text(tight)
    agency = signed_agency(tmp_path, version=2)
    made = agency, load_private_key(tmp_path / "key.pem")
    body = body_of(agency)
    assert read(made, body).patrols[0].cap_shift == 2
    body["patrols"][0]["cap_shift"] = 3
    with pytest.raises(UserError, match="cap_shift is 3, but agency policy is at most 2"):
        read(made, body)


def test_a_box_of_another_district_is_refused(made: tuple[Agency, Ed25519PrivateKey]) -> None:
    """A district's key has no say in the next one's; a special unit's plan may have any box of its districts."""
    body, other = body_of(made[0]), boxes_of(made[0], "2")[0]
    body["patrols"][0]["box"] = other
    with pytest.raises(UserError, match=f"box {other} is in district 2, not in 1"):
        read(made, body)


def test_a_district_that_is_not_there_and_a_box_named_twice_are_refused(
    made: tuple[Agency, Ed25519PrivateKey],
) -> None:
    """Each by its name."""
    body = body_of(made[0])
    with pytest.raises(UserError, match="district '9' is not a district of this agency; it has 1, 2"):
        read(made, {**body, "district": "9"})
    with pytest.raises(UserError, match=r"box \d+-\d+ is listed twice"):
        read(made, {**body, "patrols": body["patrols"] * 2})
