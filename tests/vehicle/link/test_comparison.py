"""The search for the last record in common: few questions, whatever the ledger's length."""

import hashlib

import pytest

from edge.contract.comparison import MOST, numbers, question
from edge.vehicle.link.comparison import Comparison


def hash_of(timeline: str, seq: int) -> bytes:
    """The hash after a record, which is one of a timeline."""
    return hashlib.sha256(f"{timeline} {seq}".encode()).digest()


@pytest.mark.parametrize(
    ("own", "theirs", "common"),
    [(1, 1, 0), (60, 100, 60), (120, 100, 60), (120, 100, 0), (5_000, 1_000_000, 4_999), (1_000_000, 999_999, 31_337)],
)
def test_the_last_common_record_is_found_in_few_questions(own: int, theirs: int, common: int) -> None:
    """A ledger that is behind (all of it common), or another from some record on; a million records take four."""

    def mine(seq: int) -> bytes | None:
        return hash_of("both" if seq <= common else "mine", seq) if seq <= own else None

    search, asked = Comparison(min(theirs, own + 1)), 0
    while search.found is None:
        seqs = numbers(question(search.questions()))
        assert 0 < len(seqs) <= MOST
        held = [seq for seq in seqs if seq <= theirs]
        search.heard([(seq, hash_of("both" if seq <= common else "theirs", seq).hex()) for seq in held], mine)
        asked += 1
    assert search.found == common
    assert asked <= 4


def test_without_an_answer_nothing_is_found() -> None:
    """Headquarters of before answers no question; the ledger stays as it is."""
    search = Comparison(1)
    search.heard((), lambda _: None)
    assert search.found is None


@pytest.mark.parametrize("value", ["", "0", "1,2", " 1", "1  2", "-1", "9" * 17, " ".join(["1"] * 33), "x"])
def test_a_question_that_is_none_asks_nothing(value: str) -> None:
    """Numbers from 1 on, at most 32."""
    assert numbers(value) == ()
