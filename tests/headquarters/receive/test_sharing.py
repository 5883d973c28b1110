"""Which ledgers a receiver leaves to others while much comes."""

from hypothesis import given
from hypothesis import strategies as st

from edge.headquarters.receive.sharing import LEFT_S, LOAD, Share

NAMES = ("receiver-1", "receiver-2", "receiver-3")
LEDGERS = {(f"car-{number}", "a") for number in range(40)}


def share(name: str, *names: str) -> Share:
    """A receiver's, among some."""
    made = Share(name)
    made.among(names)
    return made


@given(st.sets(st.sampled_from(NAMES), min_size=1), st.sets(st.tuples(st.text(max_size=5), st.text(max_size=5))))
def test_each_ledger_is_one_receivers(names: set[str], keys: set[tuple[str, str]]) -> None:
    """What one does not leave to the others, all others leave to it."""
    own = [keys - share(name, *names).left(keys, LOAD, 0.0) for name in names]
    assert sum(map(len, own)) == len(keys)
    assert set().union(*own) == keys


def test_shares_are_about_even() -> None:
    """Of forty ledgers none of two has fewer than ten."""
    left = share("receiver-1", *NAMES[:2]).left(LEDGERS, LOAD, 0.0)
    assert 10 <= len(left) <= 30


def test_with_little_to_do_nothing_is_left() -> None:
    """A record on a quiet morning waits for nobody."""
    assert share("receiver-1", *NAMES).left(LEDGERS, LOAD - 1, 0.0) == set()


def test_who_is_alone_leaves_nothing() -> None:
    """Whether it has heard of itself or not."""
    assert share("receiver-1").left(LEDGERS, LOAD, 0.0) == set()
    assert share("receiver-1", "receiver-1").left(LEDGERS, LOAD, 0.0) == set()


def test_what_has_been_left_for_long_is_taken_over() -> None:
    """The other may be gone; once it was looked after, it is left again."""
    one = share("receiver-1", *NAMES[:2])
    left = one.left(LEDGERS, LOAD, 0.0)
    assert one.left(LEDGERS, LOAD, LEFT_S - 0.1) == left
    assert one.left(LEDGERS, LOAD, LEFT_S) == set()
    assert one.left(LEDGERS, LOAD, LEFT_S + 0.1) == left
