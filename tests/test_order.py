"""The order in which workers get the tests."""

from pathlib import Path

import pytest

from tests.order import COMPUTES_S, WAITERS, WAITS_S, in_order

ROOT = Path(__file__).resolve().parents[1]
MODULES = [*COMPUTES_S, *[f"tests/test_{number}.py" for number in range(60)], *sorted(WAITS_S)]
TESTS = [f"{module}::test_{number}" for module in MODULES for number in range(7)]


def module_of(test: str) -> str:
    """The part before the colons."""
    return test.partition("::")[0]


def cut(tests: list[str], workers: int) -> list[list[str]]:
    """What worksteal gives each worker at first."""
    runs = []
    for left in range(workers, 0, -1):
        share = len(tests) // left
        runs.append(tests[:share])
        tests = tests[share:]
    return runs


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 5, 12])
def test_every_test_is_in_it_once(workers: int) -> None:
    """However many workers there are."""
    assert sorted(in_order(TESTS, module_of, workers)) == sorted(TESTS)


def test_what_waits_begins_some_runs_and_what_computes_the_others() -> None:
    """Of six equal runs, as worksteal cuts them, the first four begin with waits, the longest at the front."""
    runs = cut(in_order(TESTS, module_of, 6), 6)
    begins = [module_of(run[0]) for run in runs]
    longest = sorted(WAITS_S, key=lambda name: -WAITS_S[name])
    assert begins[:WAITERS] == longest[:WAITERS]
    assert set(begins[WAITERS:]) <= set(COMPUTES_S)
    assert not {module_of(test) for run in runs[WAITERS:] for test in run} & set(WAITS_S)


def test_a_few_tests_chosen_by_hand_are_run_whatever_they_are() -> None:
    """Fewer than there are workers, or none of those that take long."""
    assert in_order(["tests/a.py::test"], module_of, 4) == ["tests/a.py::test"]
    assert in_order([], module_of, 4) == []


def test_every_module_named_is_there() -> None:
    """A module that has been renamed or removed is named here."""
    assert [name for name in [*WAITS_S, *COMPUTES_S] if not (ROOT / name).is_file()] == []
