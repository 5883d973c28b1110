"""How often one may tap."""

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
