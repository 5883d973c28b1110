"""The oracle at shift boundaries and caps, by hand: 18:00 is second 32,400 of `tests.oracle_plane`."""

from edge.domain.policy import Prescription
from tests.oracle_plane import fix, stays, tell, visit


def test_a_shift_boundary_in_mid_visit() -> None:
    """Visit and stay are cut at the boundary; each part needs its own 60 s.

    18:00 is mono 32,400. In box 1 from 32,330.5 to 32,480.5 each second: 69.5 s before it, 80.5 s after, the interval
    over it split; both count, and the second is not early, being another shift's.
    """
    told = tell([fix(32_330.5 + t, 400) for t in range(151)])
    assert told.visits == (visit(1, 32_330.5, 32_400, 69.5), visit(1, 32_400, 32_480.5, 80.5))
    assert stays(told) == [("1-0", 32_330.5, 32_400, 69.5), ("1-0", 32_400, 32_480.5, 80.5)]


def test_a_shift_boundary_in_an_untrusted_interval() -> None:
    """Fixes at 32,398 and 32,402 (4 s, more than 3): the 2 s before the boundary were trusted then, those after not."""
    told = tell([fix(t, 400) for t in range(32_330, 32_481) if not 32_398 < t < 32_402])
    assert told.visits == (visit(1, 32_330, 32_400, 70), visit(1, 32_400, 32_480, 78))
    assert told.presence == {"1-0": 148}


def test_a_shift_boundary_in_a_run_outside() -> None:
    """Outside box 1 from 32,397 for good: the old visit has no dosage from then on, and a new one of no length opens.

    67 s before; what is not yet known to be gone at the boundary is presence in box 1 until it, then in box 2.
    """
    told = tell([fix(t, 400 if t < 32_397 else 600) for t in range(32_330, 32_421)])
    assert told.visits == (visit(1, 32_330, 32_400, 67), visit(1, 32_400, 32_400, 0))
    assert told.presence == {"1-0": 70, "2-0": 20}


def test_a_box_at_its_cap_opens_at_the_boundary() -> None:
    """With a cap of one a shift, the stay from 32,390 is at cap; the new shift has its own: open at 32,400."""
    fixes = [fix(t, 400 if t < 32_260 or t >= 32_390 else 600) for t in range(32_190, 32_481)]
    told = tell(fixes, prescription=Prescription(cap_shift=1))
    assert told.visits == (visit(1, 32_190, 32_260, 70), visit(1, 32_400, 32_480, 80))


def test_a_shift_boundary_between_first_second_and_arrival() -> None:
    """Inside from 32,397, arrived at 32,402: the visit opens at the boundary, presence began at 32,397."""
    told = tell([fix(t, 200 if t < 32_397 else 400) for t in range(32_380, 32_481)])
    assert told.visits == (visit(1, 32_400, 32_480, 80),)
    assert told.presence == {"0-0": 17, "1-0": 83}


def test_a_shift_boundary_while_lost_closes() -> None:
    """Before the 10 s of a loss are over a boundary cuts as ever; after them it closes what is away.

    Last good fix at 32,395 (after 65 s), boundary at 32,400: closed at it, without those 5 s; the new visit rests until
    32,420. Last good fix at 32,385: closed there, and there is a fresh arrival at 32,420.
    """
    open_still = tell([fix(t, 400) for t in range(32_330, 32_481) if not 32_395 < t < 32_420])
    assert open_still.visits == (visit(1, 32_330, 32_400, 65), visit(1, 32_400, 32_480, 60))
    away = tell([fix(t, 400) for t in range(32_320, 32_481) if not 32_385 < t < 32_420])
    assert away.visits == (visit(1, 32_320, 32_385, 65), visit(1, 32_420, 32_480, 60))


def test_early_and_caps() -> None:
    """Minute visits, 200 s apart: the second is early. With a cap of one a shift the second is presence only."""
    fixes = [fix(t, 400 if t % 270 < 70 else 600) for t in range(540)]
    assert tell(fixes).visits == (visit(1, 0, 70, 70), visit(1, 270, 340, 70, early=True))
    capped = tell(fixes, prescription=Prescription(cap_shift=1))
    assert capped.visits == (visit(1, 0, 70, 70),)
    assert capped.presence["1-0"] == 140
