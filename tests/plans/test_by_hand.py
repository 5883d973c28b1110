"""A plan signed into a file: obeyed by a car, refused where it is not approved or the key is another's."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.agency.build import build_agency
from edge.cli import roundsman
from edge.contract.agency import load_agency
from edge.contract.messages import PlanDoc, Signed, decode
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import PLAN
from edge.contract.signing import create_private_key, load_private_key
from edge.errors import UserError
from edge.plans.by_hand import signed_plan
from tests.agency.square import write_square
from tests.headquarters.publish.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    build_agency(write_square(tmp_path), tmp_path / "agency", key=tmp_path / "key.pem")
    return Desk(load_agency(tmp_path / "agency"), load_private_key(tmp_path / "key.pem"), tmp_path)


def test_what_is_written_is_what_a_car_obeys(desk: Desk) -> None:
    """Verified as off the wire, with role and reason."""
    path, plan = desk.plan(1)
    out = desk.folder / "signed.json"
    command = [
        "plan",
        "sign",
        str(path),
        "--agency",
        str(desk.folder / "agency"),
        "--key",
        str(desk.folder / "key.pem"),
    ]
    result = CliRunner().invoke(
        roundsman, [*command, "--role", "analyst", "--reason", "robberies", "--out", str(out)], catch_exceptions=False
    )
    assert result.exit_code == 0
    document = verify_here(PLAN, decode(Signed, out.read_bytes()), desk.agency, "1")
    assert isinstance(document.body, PlanDoc)
    assert (document.body.role, document.body.reason) == ("analyst", "robberies")
    assert document.body.value("").patrols == plan.patrols


def test_an_empty_reason_or_a_strange_key_is_refused(desk: Desk) -> None:
    """Before anything is written."""
    path, _ = desk.plan(1)
    with pytest.raises(UserError, match="--role and --reason"):
        signed_plan(path, desk.agency, desk.key, "analyst", " ")
    strange = create_private_key(desk.folder / "strange.pem")
    with pytest.raises(UserError, match="plan rejected: not signed with this agency's key"):
        signed_plan(path, desk.agency, strange, "analyst", "robberies")
