"""Two officers in one car: records name both, a visit goes on as segments, and no second counts twice."""

from typing import Any

from edge.domain.events import Segment, SignedIn, VisitClosed
from edge.domain.inputs import Pause, SignIn, SignOut
from edge.domain.taps import SignInSecond, SignOutSecond
from tests.domain.script import accounts, at, meter, only
from tests.metering import OFFICER

SECOND = "4712"


def told(metered: Any, *kinds: str) -> list[tuple[str, str | None, str | None]]:
    """Kind, officer and second officer of records."""
    return [(one.data.type, one.officer, one.second) for one in metered.events if one.data.type in kinds]


def test_a_second_officer_beside_is_a_new_segment_of_the_same_visit() -> None:
    """4712 is beside from 40 to 70 of 100 s: one visit of 100 s, 40 + 30 + 30; the records in between name both."""
    metered = meter(at(0, 101, 400), SignInSecond(40, SECOND, "supervisor"), SignOutSecond(70))
    assert accounts(metered) == [("1-0", 0, 100, 100)]
    assert only(metered).segments == (Segment(OFFICER, 40), Segment(OFFICER, 30, SECOND), Segment(OFFICER, 30))
    assert told(metered, "second_signed_in", "visit_counted", "second_signed_out", "visit_closed") == [
        ("second_signed_in", OFFICER, SECOND),
        ("visit_counted", OFFICER, SECOND),
        ("second_signed_out", OFFICER, SECOND),
        ("visit_closed", OFFICER, None),
    ]


def test_a_visit_that_opens_with_two_is_both_s() -> None:
    """From its first second; a pause is both's, too."""
    metered = meter(at(0, 101, 400), SignInSecond(-1, SECOND), Pause(50, "call"))
    assert only(metered).segments == (Segment(OFFICER, 50, SECOND),)
    assert told(metered, "paused") == [("paused", OFFICER, SECOND)]


def test_the_second_may_take_over_and_the_first_leave() -> None:
    """4712 beside from 20 signs in as the officer at 40: from then on alone."""
    metered = meter(at(0, 101, 400), SignInSecond(20, SECOND), SignIn(40, SECOND))
    assert only(metered).segments == (Segment(OFFICER, 20), Segment(OFFICER, 20, SECOND), Segment(SECOND, 60))
    assert told(metered, "visit_closed") == [("visit_closed", SECOND, None)]


def test_another_first_officer_leaves_the_second_where_they_are() -> None:
    metered = meter(at(0, 101, 400), SignInSecond(20, SECOND), SignIn(40, "4713"))
    assert only(metered).segments[-1] == Segment("4713", 60, SECOND)


def test_a_sign_out_is_of_both() -> None:
    """The visit ends, and nobody is signed in."""
    metered = meter(at(0, 101, 400), SignInSecond(20, SECOND), SignOut(70))
    assert only(metered).reason == "signed_out"
    assert told(metered, "signed_out", "presence") == [("signed_out", OFFICER, SECOND), ("presence", None, None)]


def test_nobody_is_beside_themselves_and_no_third_fits() -> None:
    """Nor is anybody second in an empty car: such taps do nothing."""
    metered = meter(at(0, 101, 400), SignInSecond(10, OFFICER), SignInSecond(20, SECOND), SignInSecond(30, "4713"))
    assert told(metered, "second_signed_in") == [("second_signed_in", OFFICER, SECOND)]
    nobody = meter(at(0, 101, 400), SignInSecond(10, SECOND), SignOutSecond(20), officer=None)
    assert told(nobody, "second_signed_in", "second_signed_out") == []


def test_a_change_of_officer_is_no_sign_out() -> None:
    """The visit stays open under the same id; the record names the new officer and the roster's role."""
    metered = meter(at(0, 101, 400), SignIn(40, SECOND, "supervisor"))
    assert len([one for one in metered.events if isinstance(one.data, VisitClosed)]) == 1
    (signed_in,) = [one for one in metered.events if isinstance(one.data, SignedIn) and one.officer == SECOND]
    assert signed_in.data == SignedIn("supervisor")
    assert told(metered, "signed_out") == []
