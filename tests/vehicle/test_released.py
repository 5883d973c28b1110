"""The date of the software is a lower bound of every clock, as the bundle's is."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from edge.vehicle.daemon import ZONES_S, earliest
from edge.vehicle.released import RELEASED

CHANGELOG = Path(__file__).parents[2] / "CHANGELOG.md"


def test_the_later_of_bundle_and_software_bounds_the_clock() -> None:
    """An old bundle in new software, and a new bundle in old software; a day is left for zones."""
    for made, later in ((RELEASED - timedelta(days=300), RELEASED), (RELEASED + timedelta(days=30),) * 2):
        assert earliest(made) == later.timestamp() - ZONES_S


def test_the_softwares_date_is_that_of_the_newest_version() -> None:
    """Not before the newest release that the changelog dates, and not in the future."""
    dated = re.findall(r"(?m)^## \[.*\] - (\d{4}-\d{2}-\d{2})$", CHANGELOG.read_text(encoding="utf-8"))
    assert all(datetime.fromisoformat(one).replace(tzinfo=UTC) <= RELEASED for one in dated)
    assert datetime.now(UTC) >= RELEASED
