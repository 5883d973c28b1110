"""When failed logins lock: so many within a while, and not for ever."""

from hypothesis import given
from hypothesis import strategies as st

from edge.headquarters.accounts.lock_out import LOCK_S, TRIES, WINDOW_S, Of, Tries, counted, left_s, taken_back

OF: tuple[Of, ...] = ("account", "address")


@given(st.sampled_from(OF), st.lists(st.floats(0.0, 1.0), min_size=40, max_size=60))
def test_so_many_failed_logins_lock_for_a_while(of: Of, gaps: list[float]) -> None:
    """Not one fewer; the lock ends by itself, and then it counts from one again."""
    tries, now, wrong = Tries(), 1000.0, 0
    for gap in gaps:
        now += gap
        if left_s(tries, now):
            break
        tries, wrong = counted(tries, of, now), wrong + 1
    assert wrong == TRIES[of]
    assert left_s(tries, now) > LOCK_S - 2.0
    assert left_s(tries, now + LOCK_S) == 0.0
    assert counted(tries, of, now + LOCK_S) == Tries(1, now + LOCK_S)


@given(st.sampled_from(OF), st.integers(1, 100))
def test_one_mistake_now_and_then_locks_nobody(of: Of, times: int) -> None:
    """Each begins another count."""
    tries = Tries()
    for number in range(1, times):
        tries = counted(tries, of, number * WINDOW_S)
        assert tries.until is None


def test_the_right_password_at_the_last_try_opens() -> None:
    """It was counted before it was looked at."""
    tries = Tries()
    for _ in range(TRIES["account"]):
        tries = counted(tries, "account", 5.0)
    assert taken_back(tries) == Tries(TRIES["account"] - 1, 5.0)
