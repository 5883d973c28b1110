"""Bodies that grow: what is not known is passed over, unless it must be understood; what is old is read as ever."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.bundle import read_manifest, verified_bundle
from edge.contract.messages import PlanDoc, Signed, to_sign
from edge.contract.signed_documents import SignedKind, sign, verify_here
from edge.contract.signed_kinds import CONTEXT, KINDS, PLAN
from edge.contract.signing import public_key_of
from edge.contract.signing import sign as signature_of
from edge.errors import UserError
from tests.agency.square import square_agency
from tests.bundles import sign_again, signed_agency
from tests.contract.samples import CONTEXT as CONTEXT_DOC
from tests.vehicle.link.signing import plan_body

__all__ = ["square_agency"]
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture
def agency(square_agency: Agency) -> Agency:
    return replace(square_agency, public_key=public_key_of(KEY))


def bodies(agency: Agency) -> dict[str, dict[str, Any]]:
    """A good body of each kind that travels by MQTT."""
    return {"plan": plan_body(agency), "context": {**CONTEXT_DOC.model_dump(mode="json"), "gunfire": []}}


def signed(kind: SignedKind[Any], body: dict[str, Any]) -> Signed:
    """A body as another software may have signed it."""
    return Signed(kind=kind.name, body=body, signature=signature_of(KEY, to_sign(kind.name, body)))


@pytest.mark.parametrize("kind", [PLAN, CONTEXT], ids=lambda kind: kind.name)
def test_a_field_that_only_newer_software_knows_is_passed_over(kind: SignedKind[Any], agency: Agency) -> None:
    """It was signed, so it counts to the digest; it is in no value that this software makes."""
    body = bodies(agency)[kind.name]
    plain, newer = (verify_here(kind, signed(kind, one), agency) for one in (body, {**body, "moon": "full"}))
    assert newer.body == plain.body
    assert newer.digest != plain.digest
    assert newer.signed.body["moon"] == "full"


def test_a_patrol_of_newer_software_is_read_as_far_as_it_is_known(agency: Agency) -> None:
    """A patrol with a field more is a patrol."""
    body = plan_body(agency)
    patrols = [{**one, "on_foot": True} for one in body["patrols"]]
    document = verify_here(PLAN, signed(PLAN, {**body, "patrols": patrols}), agency)
    assert document.body.patrols == PlanDoc.model_validate(body).patrols


@pytest.mark.parametrize("kind", [PLAN, CONTEXT], ids=lambda kind: kind.name)
def test_what_must_be_understood_and_is_not_refuses_the_document_by_name(kind: SignedKind[Any], agency: Agency) -> None:
    """Before its form is looked at: the sentence says what is missing, and what to do."""
    body = {**bodies(agency)[kind.name], "must_understand": ["curfew", "agency"], "agency": agency.id, "curfew": 1}
    for one in (body, {**body, "version": "two", "number": "two"}):
        with pytest.raises(UserError) as refused:
            verify_here(kind, signed(kind, one), agency)
        assert str(refused.value) == (
            f"{kind.name} rejected: this {kind.name} needs curfew, which this software does not know; "
            "update the software"
        )


def test_what_must_be_understood_and_is_does_no_harm(agency: Agency) -> None:
    """A field of the body, or a rule of the kind's row."""
    body = {**plan_body(agency), "must_understand": ["patrols", "curfew"]}
    with pytest.raises(UserError, match="needs curfew"):
        verify_here(PLAN, signed(PLAN, body), agency)
    taught = replace(PLAN, rules=frozenset({"curfew"}))
    assert verify_here(taught, signed(PLAN, body), agency).body.must_understand == ("patrols", "curfew")


def test_nobody_signs_what_he_does_not_understand() -> None:
    """A name that is misspelt would have every vehicle refuse the document."""
    with pytest.raises(UserError, match="this context needs curfew"):
        sign(CONTEXT, CONTEXT_DOC.model_copy(update={"must_understand": ("curfew",)}), KEY)


@pytest.mark.parametrize("names", [[7], [{}], [["patrols"]], "curfew", [""], ["x" * 64], ["patrols"] * 21])
def test_a_list_of_names_that_is_none_is_refused(names: object, agency: Agency) -> None:
    """One sentence, whatever it is."""
    with pytest.raises(UserError, match=r"plan rejected: .*must_understand|plan rejected: this plan needs"):
        verify_here(PLAN, signed(PLAN, {**plan_body(agency), "must_understand": names}), agency)


def test_it_is_written_only_where_there_is_any(agency: Agency) -> None:
    """Software of before it refuses a document with a field that it does not know."""
    plan = PlanDoc.model_validate(plan_body(agency))
    for names in ((), ("agency",)):
        update = {"must_understand": names}
        for signed_one in (
            sign(PLAN, plan.model_copy(update=update), KEY).signed,
            sign(CONTEXT, CONTEXT_DOC.model_copy(update=update), KEY).signed,
        ):
            assert signed_one.body.get("must_understand") == (list(names) or None)


def test_every_kind_has_a_body_that_can_grow() -> None:
    """Whoever adds one cannot forget it."""
    for kind in KINDS.values():
        assert "must_understand" in kind.model.model_fields
        assert kind.model.model_config["extra"] != "forbid"


def test_a_bundle_grows_too(tmp_path: Any) -> None:
    """A newer manifest is verified as it was signed; one that must be understood refuses the bundle by name."""
    signed_agency(tmp_path)
    directory, key = tmp_path / "agency", tmp_path / "key.pem"
    assert b"must_understand" not in (directory / "manifest.json").read_bytes()
    newer = sign_again(directory, key, season="winter")
    bundle = verified_bundle(directory, None)
    assert bundle.manifest == newer == read_manifest(directory)
    assert bundle.signed.body["season"] == "winter"
    sign_again(directory, key, season="winter", must_understand=("agency",))
    assert verified_bundle(directory, None).manifest.must_understand == ("agency",)
