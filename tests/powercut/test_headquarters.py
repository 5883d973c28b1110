"""Headquarters' store in power cuts: what a vehicle was told is held, is held; worse settings are found out."""

from collections import Counter
from pathlib import Path

import pytest

from tests.powercut.crashes import crashes, laid_out
from tests.powercut.headquarters import Feed, Promised, receive, survey
from tests.powercut.weakened import LESS_SYNCHRONOUS, NO_JOURNAL, Weakening

pytestmark = pytest.mark.usefixtures("can_mount")


def broken_promises(feed: Feed, points: int, seed: int) -> Counter[str]:
    """What is wrong after so many power cuts, by kind."""
    found: Counter[str] = Counter()
    for crash in crashes(feed.log, points, seed):
        with laid_out(crash.image) as folder:
            found.update(one.partition(":")[0] for one in survey(folder, feed, Promised.of(crash.note)))
    return found


def test_what_was_acknowledged_to_a_vehicle_survives_the_power_cut(tmp_path: Path) -> None:
    """100 cuts: acknowledged ⊆ stored, chains whole, stored plans there, receiving goes on to its end, each once."""
    assert broken_promises(receive(tmp_path), points=100, seed=1) == {}


@pytest.mark.long
def test_thousands_of_power_cuts_too(tmp_path: Path) -> None:
    """Three hundred places a seed."""
    feed = receive(tmp_path)
    for seed in range(1, 12):
        assert broken_promises(feed, points=300, seed=seed) == {}


@pytest.mark.parametrize(
    ("weakening", "kind"),
    [
        pytest.param(LESS_SYNCHRONOUS, "lost", id="synchronous NORMAL"),
        pytest.param(NO_JOURNAL, "unusable", id="journal OFF"),
    ],
)
def test_a_weakened_store_breaks_a_promise_and_is_found_out(weakening: Weakening, kind: str, tmp_path: Path) -> None:
    """One setting worse, the same receiving and the same check."""
    with weakening():
        feed = receive(tmp_path)
    assert broken_promises(feed, points=40, seed=1)[kind] > 0
