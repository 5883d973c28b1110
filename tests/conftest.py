"""Shared by all tests: where the development data lies, Chicago as an agency built from it, hypothesis at any speed."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.browsers import chromium
from tests.chicago import chicago_agency, chicago_report

__all__ = ["chicago_agency", "chicago_report", "chromium", "shared_data"]

settings.register_profile("roundsman", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("roundsman")  # a busy machine is slow; no test asserts a speed

LONG_S = 7200
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data beside the checkout; a clone without it skips the test."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs ../shared/data, which is not part of the repository")
    return SHARED_DATA


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests have time; the whole path's come first, the longest before them: they wait, the rest runs beside."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(LONG_S), append=False)  # whatever its module gives the others
    items.sort(key=lambda item: ("test_real_time" not in item.nodeid, "tests/system/" not in item.path.as_posix()))
