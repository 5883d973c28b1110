"""A ledger begun anew: what the state of the next one is."""

from dataclasses import replace

from edge.domain.state import State
from edge.domain.visits import VisitBook, VisitSummary
from edge.vehicle.store.begun_anew import Renaming


def _visit(id_: str) -> VisitSummary:
    unit = id_.partition(":")[0]
    return VisitSummary(id_, unit, "1-0", "2026-11-22/day", 10.0, 100.0, 90.0, counted=True, early=False)


def test_visits_whose_records_moved_have_their_new_ids_by_box_and_by_vehicle() -> None:
    """The one that headquarters holds and another car's stay; the book knows each vehicle's afterwards."""
    renaming = Renaming("car-1", "a", "b", common=5)
    visits = VisitBook().merge(map(_visit, ("car-1:a:3", "car-1:a:8", "car-2:x:5")))
    state = renaming.state(replace(State("car-1", "a", seq=9), visits=visits))
    assert state.visits == VisitBook().merge(map(_visit, ("car-1:a:3", "car-1:b:3", "car-2:x:5")))
    assert {visit.id for visit in state.visits.of_unit("car-1")} == {"car-1:a:3", "car-1:b:3"}
    assert (state.ledger, state.seq) == ("b", 4)
    assert state.visits.without([_visit("car-1:b:3")]).of_unit("car-1") != state.visits.of_unit("car-1")
