"""The book of visits is a union: whatever the order, the grouping and the repeats, everybody holds the same."""

from hypothesis import given
from hypothesis import strategies as st

from edge.domain.visits import VisitBook, VisitSummary

DAY = "2026-03-02/day"


def _visit(number: int, opened: float, dosage: float, ended: float | None, *, counted: bool) -> VisitSummary:
    return VisitSummary(
        f"car-{number}:1", f"car-{number}", "1-0", DAY, opened, ended, dosage, counted=counted, early=False
    )


def _telling(number: int, opened: float, after: float | None) -> VisitSummary:
    """What a car says of its visit after some dosage, 90 s in the end (None); a step of its clock mends ``opened``."""
    if after is None:
        return _visit(number, opened, 90.0, opened + 90.0, counted=True)
    return _visit(number, opened, after, None, counted=after >= 60)


OPENED = st.sampled_from([0.0, 3600.0])
TELLINGS = st.lists(
    st.builds(_telling, st.integers(1, 3), OPENED, st.sampled_from([0.0, 59.0, 60.0, None])), max_size=8
)


@given(TELLINGS, TELLINGS, TELLINGS)
def test_merging_is_commutative_associative_and_idempotent(
    one: list[VisitSummary], other: list[VisitSummary], third: list[VisitSummary]
) -> None:
    """Any tellings of the same visits, in any order, in any parts, however often: the same book."""
    book = VisitBook().merge([*one, *other, *third])
    assert VisitBook().merge([*third, *other, *one]) == book
    assert VisitBook().merge(one).merge(VisitBook().merge([*other, *third]).all()) == book
    assert book.merge(one).merge(book.all()) == book


@given(TELLINGS, TELLINGS)
def test_merging_lowers_no_count(one: list[VisitSummary], other: list[VisitSummary]) -> None:
    """Whatever else is told, a counted visit stays counted, an ended one ended, and no dosage shrinks."""
    before, after = VisitBook().merge(one), VisitBook().merge(one).merge(other)
    assert after.counted_in_shift("1-0", DAY) >= before.counted_in_shift("1-0", DAY)
    for old in before.all():
        new = after.get(old)
        assert new is not None
        assert new.dosage_s >= old.dosage_s
        assert old.ended is None or new.ended is not None


@given(TELLINGS, TELLINGS, st.sampled_from([0.0, 1.0, 9999.0]))
def test_the_changes_lead_from_one_book_to_the_next(
    one: list[VisitSummary], other: list[VisitSummary], since: float
) -> None:
    """What is new or told anew, and what is gone: with both, the earlier book becomes the later one."""
    before = VisitBook().merge(one)
    after = before.merge(other).since(since)
    told, gone = after.changes(before)
    kept = [visit for visit in before.all() if visit.id not in {lost.id for lost in gone}]
    assert VisitBook().merge([*kept, *told]) == after
    assert all(before.get(visit) != visit and after.get(visit) == visit for visit in told)
    assert after.changes(after) == ([], [])


def test_the_seven_days_begin_after_their_first_second() -> None:
    """A visit that opened exactly seven days ago is out, one a second later is in; one of the future is not yet."""
    week = 7 * 86_400.0
    book = VisitBook().merge(
        _visit(number, opened, 90.0, opened + 90, counted=True)
        for number, opened in enumerate((0.0, 1.0, week, week + 1))
    )
    assert book.counted_in_7_days("1-0", week) == 2
    assert book.counted_in_7_days("2-0", week) == 0


def test_only_what_opened_since_is_kept() -> None:
    """An empty box goes too."""
    book = VisitBook().merge([_visit(1, 10.0, 90.0, 100.0, counted=True)])
    assert book.since(10.0) == book
    assert book.since(10.1) == VisitBook({})


@given(TELLINGS, TELLINGS, TELLINGS)
def test_the_visits_of_a_vehicle_are_those_of_it_among_all(
    one: list[VisitSummary], other: list[VisitSummary], gone: list[VisitSummary]
) -> None:
    """However the book came about: merged, with some gone, without the old."""
    book = VisitBook().merge(one).merge(other).without(gone).merge(other[:1])
    for each in (book, book.since(1.0), book.newest(1)):
        for number in range(1, 4):
            unit = f"car-{number}"
            own = {visit.id: visit for visit in each.of_unit(unit)}
            assert own == {visit.id: visit for visit in each.all() if visit.unit == unit}
        assert {*each.by_unit} == {visit.unit for visit in each.all()}
