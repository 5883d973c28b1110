"""The vault: a state comes back as it was at any point of a shift, and so do visits."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from edge.contract.agency import Agency
from edge.domain.events import Event
from edge.domain.state import State
from edge.domain.visits import VisitBook, VisitSummary
from edge.errors import UserError
from edge.vehicle.store.vault import Vault
from tests.vehicle.store.vaults import UNIT, opened, play
from tests.vehicle.town_shift import as_said, inputs, setting


def test_a_new_vault_is_empty(tmp_path: Path) -> None:
    """A state of this unit and this ledger; the folder is made."""
    with opened(tmp_path / "new" / "data") as vault:
        state, plans = vault.load(as_said)
        assert state == State(UNIT, vault.ledger.id)
        assert plans == []
        assert vault.notices == []


def test_a_state_comes_back_as_it_was_at_any_point_of_a_shift(tmp_path: Path, square_agency: Agency) -> None:
    """In visit, paused, lost, suppressed: equal after every stretch, in a new life, with plans, visits and notices."""
    rules, everything = setting(square_agency), list(inputs(square_agency))
    for life in range(0, len(everything), 37):
        with opened(tmp_path) as vault:
            state, new = vault.load(as_said)
            assert new == []
            state, _ = play(vault, rules, state, everything[life : life + 37])
        with opened(tmp_path) as vault:
            back, _ = vault.load(as_said)
            assert back == state
            assert TypeAdapter(State).dump_python(back, exclude={"visits"}) == TypeAdapter(State).dump_python(
                state, exclude={"visits"}
            )
            assert vault.notices == []


def test_lives_make_the_same_records_as_one_life(tmp_path: Path, square_agency: Agency) -> None:
    """Saved and loaded between any two inputs, the rules decide as if nothing had been."""
    rules, everything = setting(square_agency), list(inputs(square_agency))
    with opened(tmp_path / "one") as vault:
        _, whole = play(vault, rules, replace(vault.load(as_said)[0], ledger="x"), everything)
    parts: list[Event] = []
    for life in range(0, len(everything), 50):
        with opened(tmp_path / "many") as vault:
            _, more = play(vault, rules, replace(vault.load(as_said)[0], ledger="x"), everything[life : life + 50])
            parts += more
    assert parts == whole


def test_a_folder_belongs_to_one_daemon(tmp_path: Path) -> None:
    """A second one is told so and touches nothing; when the first has ended, even by kill, the folder is free."""
    with opened(tmp_path), pytest.raises(UserError, match="in use by another vehicle daemon"):
        Vault(tmp_path, UNIT)
    with opened(tmp_path) as vault:
        assert vault.notices == []


def visit(number: int, *, dosage_s: float = 60.0, opened_at: float = 0.0) -> VisitSummary:
    """Another vehicle's visit."""
    return VisitSummary(f"car-2:x:{number}", "car-2", f"{number}-1", "s", opened_at, None, dosage_s, True, False)


def test_visits_are_kept_as_they_change_and_go_with_the_rules(tmp_path: Path) -> None:
    """Told, told longer, pruned: the disk follows the book; a commit without a change of the book writes none."""
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        book = VisitBook().merge([visit(1), visit(2, opened_at=900.0)])
        vault.commit((), replace(state, visits=book))
        book = book.merge([visit(2, dosage_s=80.0, opened_at=900.0)])
        vault.commit((), replace(state, visits=book))
        assert len(vault.ledger.visits()) == 2
        vault.commit((), replace(state, visits=book.since(500.0)))
    with opened(tmp_path) as vault:
        state, _ = vault.load(as_said)
        assert list(state.visits.all()) == [visit(2, dosage_s=80.0, opened_at=900.0)]
        vault.commit((), replace(state, visits=VisitBook()))
        assert vault.ledger.visits() == []
