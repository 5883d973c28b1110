"""What is on the car's disk, opened and loaded: records, documents, the bundle in force. Must not start anything."""

from contextlib import ExitStack, closing
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from edge.contract.messages import Signed
from edge.contract.signed_documents import SignedKind, Verified, verify_here
from edge.domain.plan import Plan
from edge.domain.state import State
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import Choice, keep
from edge.vehicle.in_force import InForce
from edge.vehicle.recorder import Recorder
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Disk:
    """What is on disk, opened, and what was loaded from it. ``new_plans``: those that the state does not have yet."""

    vault: Vault
    reader: Reader
    recorder: Recorder | None
    bundle: Choice
    state: State
    new_plans: list[Plan]
    in_force: InForce


def open_disk(config: VehicleConfig, chosen: Choice, stops: ExitStack) -> Disk:
    """Open and load what is stored; the mirrors that close it go to ``stops``."""
    vault = stops.enter_context(closing(Vault(config.data, config.unit)))
    bundle = keep(chosen, config.data)

    def stored(kind: SignedKind[Any], signed: Signed) -> Verified[Any]:
        return verify_here(kind, signed, bundle.agency, config.district)

    state, new_plans = vault.load(stored)
    in_force = InForce(vault.load_documents(stored))
    vault.describe("bundle in force", bundle.described())
    vault.describe("device", {"unit": config.unit, "software": version("roundsman")})
    recorder = stops.enter_context(closing(Recorder(config.record, state))) if config.record is not None else None
    reader = stops.enter_context(closing(vault.reader()))
    return Disk(vault, reader, recorder, bundle, state, new_plans, in_force)
