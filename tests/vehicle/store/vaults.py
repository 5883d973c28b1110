"""What the vault's tests share: a vault in one life, a shift played into it, a file that is damaged."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from edge.contract.messages import PlanDoc, Signed
from edge.contract.signed_documents import Verified
from edge.domain.events import Event
from edge.domain.inputs import AdoptPlan, Input
from edge.domain.lived import DAY_S
from edge.domain.patrol import decide
from edge.domain.plan import Plan
from edge.domain.state import Setting, State
from edge.text.coded import CodedError
from edge.vehicle.store.vault import Vault
from tests.vehicle.town_shift import UTC

UNIT = "car-1"


NOBODY = 65534


@contextmanager
def opened(folder: Path, unit: str = UNIT) -> Iterator[Vault]:
    """A vault in one life."""
    with closing(Vault(folder, unit)) as vault:
        yield vault


def signed(of: Plan) -> Signed:
    """A plan's document, as headquarters would send it."""
    body = PlanDoc.of(of, "squaretown", "analyst", "because").model_dump(mode="json")
    return Signed(kind="plan", body=body, signature="ab" * 64)


def play(vault: Vault, rules: Setting, state: State, given: list[Input]) -> tuple[State, list[Event]]:
    """Decide and commit every input, as the engine does."""
    made: list[Event] = []
    for one in given:
        if isinstance(one, AdoptPlan):
            vault.keep_plan(signed(one.plan), one.plan)
        state, events = decide(rules, state, one)
        vault.commit(events, state)
        made += events
    return state, made


def lived_two_days(state: State) -> State:
    """A car that knew the time two days before the shift, and was at work since."""
    return replace(state, lived=2 * DAY_S, marks=((0, int(UTC - 2 * DAY_S)),))


def set_aside(folder: Path) -> list[Path]:
    """The ledgers that were set aside, without the files that SQLite keeps beside one."""
    return [each for each in folder.glob("ledger.sqlite3.damaged-*") if not each.name.endswith(("-wal", "-shm"))]


def damage(path: Path) -> None:
    """Overwrite all of a file but its first bytes with noise."""
    body = bytearray(path.read_bytes())
    body[100 : len(body)] = b"\xa5" * (len(body) - 100)
    path.write_bytes(bytes(body))


def no_room(*_: object) -> None:
    """A full disk."""
    raise OSError(28, "No space left on device")


def refused(*_: object) -> Verified[Any]:
    """The agency's key has changed."""
    raise CodedError("signature.not_agencys")
