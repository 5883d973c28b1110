"""How often one may tap."""

import pytest

from edge.vehicle.touchscreen.rate import BURST, EACH_S, Rate


def test_taps_come_at_a_fingers_pace() -> None:
    """A burst, then one each fifth of a second; after a rest the burst again."""
    now = 100.0
    rate = Rate(lambda: now)
    assert [rate.take() for _ in range(BURST + 1)] == [True] * BURST + [False]
    now += EACH_S * 1.001
    assert [rate.take(), rate.take()] == [True, False]
    now += 3600.0
    assert sum(rate.take() for _ in range(100)) == BURST


def test_how_long_until_one_more_is_allowed() -> None:
    """No time while some are left; then what is lacking of one."""
    now = 100.0
    rate = Rate(lambda: now, burst=2, each_s=0.4)
    assert [rate.wait_s(), rate.take(), rate.wait_s(), rate.take()] == [0.0, True, 0.0, True]
    assert rate.wait_s() == pytest.approx(0.4)
    now += 0.3
    assert rate.wait_s() == pytest.approx(0.1)
