"""Which words speak of enforcement, and which only look like it."""

import pytest

from edge.domain.tactics import ENFORCEMENT_WORDS, enforcement_word


@pytest.mark.parametrize("word", ENFORCEMENT_WORDS)
def test_every_listed_word_is_found_in_a_sentence(word: str) -> None:
    """In any case, at any place."""
    assert enforcement_word(f"Walk and {word} people") is not None
    assert enforcement_word(word.upper()) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Arrests", "Issue citations", "Citing drivers", "Detained persons", "Enforcement zone", "Fines", "Searches",
        "Stop and frisk", "Frisking", "Towing", "Towed cars", "Writing tickets", "Ticketing", "Warrants", "Raids",
        "Seizure of goods", "Seizing goods", "Detention", "Suspects", "Summonses", "Traffic stops", "Pulling over",
        "Field interviews", "Handcuffing", "Arresting", "Pat-down", "Stop & search", "Raiding",
    ],
)  # fmt: skip
def test_forms_of_a_word_are_found(text: str) -> None:
    """Plurals, participles and nouns made of it."""
    assert enforcement_word(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Foot patrol", "Talk with businesses", "Check lighting", "Park visibly, lights on", "Bus stop presence",
        "Refine the walk", "Town hall visit", "Tower Park walk", "Research the area", "Confine to the square",
        "Lock-it leaflets", "School crossing", "Towards the river", "City walk", "Excited children's fair",
    ],
)  # fmt: skip
def test_harmless_words_are_let_be(text: str) -> None:
    """A word is not found inside another: a town is not a tow."""
    assert enforcement_word(text) is None


def test_the_word_that_was_found_is_told() -> None:
    """As it is written, so that the label can be mended."""
    assert enforcement_word("Foot patrol and Citations") == "Citations"
