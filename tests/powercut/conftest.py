"""Where nothing can be mounted these tests are skipped, and say why."""

import pytest

from edge.contract.agency import Agency
from tests.agency.square import square_agency
from tests.powercut.mount import why_not
from tests.powercut.recorded import Recorded, record
from tests.powercut.shift import lives

__all__ = ["square_agency"]


@pytest.fixture(scope="session")
def can_mount() -> None:
    """/dev/fuse, fuse3 and mfusepy."""
    if reason := why_not():
        pytest.skip(reason)


@pytest.fixture(scope="session")
def recorded(can_mount: None, square_agency: Agency, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """The long morning, with the store as it is."""
    return record(square_agency, tmp_path_factory.mktemp("mount"), lives(square_agency))
