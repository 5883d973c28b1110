"""A site of its own for each test that asks for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.agency.build import BuildReport
from tests.brokers import Mosquitto
from tests.brokers import mosquitto as mosquitto
from tests.chicago import chicago_agency as chicago_agency
from tests.chicago import chicago_report as chicago_report
from tests.system.site import Site


@pytest.fixture
def chicago_site(tmp_path: Path, chicago_report: BuildReport, mosquitto: Mosquitto) -> Iterator[Site]:
    """Chicago, with a broker that runs, and nothing else yet."""
    key = chicago_report.directory.parent / "key.pem"
    site = Site(tmp_path, chicago_report.directory, key, mosquitto)
    yield site
    site.stop()
