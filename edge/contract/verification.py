"""Whether a signed plan may be obeyed here: signature, agency, district, shift, boxes.

The same check wherever a plan comes from: off the wire, or out of a vehicle's own documents after a restart.
"""

import hashlib

from edge.contract.agency import Agency
from edge.contract.messages import Signed, read_plan
from edge.contract.signing import verify
from edge.domain.plan import Plan
from edge.errors import UserError


def verified_plan(signed: Signed, agency: Agency, district: str) -> Plan:
    """The plan of a document, with the digest of what was signed. Raises UserError with what is wrong with it."""
    try:
        return _verified(signed, agency, district)
    except (UserError, ValueError) as error:
        msg = f"a plan was refused: {error}"
        raise UserError(msg) from error


def _verified(signed: Signed, agency: Agency, district: str) -> Plan:
    to_verify = signed.signed_bytes()
    if signed.kind != "plan":
        msg = f"it is a {signed.kind}"
        raise ValueError(msg)
    if agency.public_key is None or not verify(agency.public_key, to_verify, signed.signature):
        msg = "its signature is not the agency's"
        raise ValueError(msg)
    doc = read_plan(signed)
    if (doc.agency, doc.district) != (agency.id, district):
        msg = f"it is for {doc.agency}/{doc.district}"
        raise ValueError(msg)
    agency.calendar.shift(doc.shift)
    plan = doc.value(hashlib.sha256(to_verify).hexdigest())
    for patrol in plan.patrols:
        box = agency.grid.boxes.get(patrol.cell)
        if box is None or box.opt_out:
            msg = f"box {patrol.box} is {'in an opt-out area' if box else 'not of this agency'}"
            raise ValueError(msg)
    return plan
