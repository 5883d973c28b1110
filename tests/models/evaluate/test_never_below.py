"""Never below a simple rival: on later weeks a type's D² is not under its best rival's by more than its interval."""

from typing import Final

import numpy as np
import pytest

from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import Counts
from models.train.settings import Settings
from tests.models.made_city import halved_before, made_city, without_days
from tests.models.rivals import over_best_rival
from tests.risk.small_world import FIRST, world_of

pytestmark = pytest.mark.timeout(300)  # trains

YEAR: Final = 365
TESTED: Final = 56
FEW: Final = Settings(rounds=40, rate=0.1, least_sample=10)
SPAN: Final = YEAR + TESTED
CASES: Final = {
    "a small agency's year": ("theft", made_city(1, SPAN)),
    "its robberies": ("robbery", made_city(1, SPAN)),
    "a type of one a month": ("homicide", made_city(3, SPAN)),
    "a month missing": ("theft", without_days(made_city(2, SPAN), 200, 230)),
    "a month missing in the weeks held out": ("robbery", without_days(made_city(3, SPAN), YEAR - 50, YEAR - 20)),
    "counts double from a day held out": ("theft", halved_before(made_city(4, SPAN), YEAR - 30, seed=5)),
    "counts double from a day tested": ("robbery", halved_before(made_city(6, SPAN), YEAR + 20, seed=7)),
}


@pytest.mark.parametrize(("crime_type", "counts"), CASES.values(), ids=CASES)
def test_no_type_is_below_its_best_rival(crime_type: str, counts: Counts) -> None:
    """A year of history, types of six or two incidents a day and one or two a month, gaps and steps in recording."""
    days = np.arange(FIRST + YEAR, FIRST + YEAR + TESTED)
    found = over_best_rival(world_of(counts), CRIME_TYPES.index(crime_type), days, FEW)
    assert found["high"] >= 0.0, found
