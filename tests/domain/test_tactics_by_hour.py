"""Tactics: what they are for, when they are offered, and that none is enforcement in either language."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edge.domain.tactics import DAY_MIN, Tactic, enforcement_word, suited

MINUTES = st.integers(0, DAY_MIN - 1)
EVENING = Tactic("a", "Business check", (), ((18 * 60, 2 * 60),))


@pytest.mark.parametrize(
    "label",
    [
        "Arrestar a sospechosos", "Poner multas", "Detener vehículos", "Detención breve", "Cateo de casas", "Cachear",
        "Redada", "Remolcar autos", "Infracciones de tránsito", "Decomisar armas", "Orden de allanamiento",
    ],
)  # fmt: skip
def test_enforcement_is_refused_in_spanish_too(label: str) -> None:
    """Whatever its ending, and in capitals."""
    assert enforcement_word(label)
    assert enforcement_word(label.upper())


@pytest.mark.parametrize(
    "label",
    [
        "Patrulla a pie", "Hablar con vecinos", "Visitar comercios", "Estacionar a la vista", "Avisar luces apagadas",
        "Volantes antirrobo", "Foot patrol", "Multiple visits", "Talk with residents", "Report lights out",
    ],
)  # fmt: skip
def test_what_is_none_is_not_refused(label: str) -> None:
    """Ordinary words of both languages."""
    assert enforcement_word(label) is None


def test_hours_may_pass_midnight() -> None:
    """From 18:00 on, at 02:00 no more; without hours at any time."""
    assert [EVENING.at(60 * hour) for hour in (17, 18, 23, 0, 1, 2)] == [False, True, True, True, True, False]
    assert Tactic("b", "Foot patrol").at(300)


@given(MINUTES, MINUTES, MINUTES, MINUTES)
def test_within_a_shift_is_at_some_minute_of_it(begins: int, ends: int, shift_begins: int, shift_ends: int) -> None:
    """Whatever the hours, which the contract has differ, and the shift."""
    assume(begins != ends)
    tactic = Tactic("a", "Foot patrol", (), ((begins, ends),))
    length = (shift_ends - shift_begins) % DAY_MIN
    minutes = [(shift_begins + past) % DAY_MIN for past in range(length)] or [shift_begins]
    assert tactic.within(shift_begins, shift_ends) == any(map(tactic.at, minutes))


def test_the_plans_come_first_then_the_types_own() -> None:
    """Then what is for all, then the others."""
    one, two, three, four = (
        Tactic("x", "x", ("theft",)),
        Tactic("all", "all"),
        Tactic("own", "own", ("robbery",)),
        Tactic("plan", "plan", ("theft",)),
    )
    assert [each.id for each in suited((one, two, three, four), ("robbery",), ("plan",))] == ["plan", "own", "all", "x"]


def test_a_label_in_another_language() -> None:
    """The agency's own words where it gave none."""
    tactic = Tactic("a", "Foot patrol", labels=(("es", "Patrulla a pie"),))
    assert [tactic.label_in(language) for language in ("en", "es", "fr")] == [
        "Foot patrol",
        "Patrulla a pie",
        "Foot patrol",
    ]
