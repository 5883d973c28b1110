"""Shared by all tests: where the development data lies, Chicago as an agency built from it, hypothesis at any speed."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.browsers import chromium
from tests.chicago import chicago_agency, chicago_report
from tests.order import in_order

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


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests have time; the order lets one worker wait while another computes."""
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.timeout(LONG_S), append=False)  # whatever its module gives the others
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    items[:] = in_order(items, lambda item: item.nodeid.partition("::")[0], workers)
