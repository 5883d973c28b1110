"""A power cut while a car downloads a bundle or a release: what is taken is whole, and the next download ends."""

import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from edge.errors import UserError
from tests.bundles import key_in, signed_agency
from tests.powercut.crashes import crashes, laid_out
from tests.powercut.mount import mounted
from tests.powercut.operations import Operation
from tests.powercut.weakened import without_fsync
from tests.provisioning.release.town import write_release
from tests.provisioning.update.fetched import Fetching, begun, fetching

pytestmark = pytest.mark.usefixtures("can_mount")

BEGUN = "begun"
FETCHED = "fetched"
CUTS = 50
MANY = 150
TRIES = 3
"""A file that a power cut has left with wrong bytes is found out once it is whole, and asked for anew the next time."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squaretown's bundles ``1`` and ``2``, and the release ``new``."""
    folder = tmp_path_factory.mktemp("made")
    for version in (1, 2):
        signed_agency(folder, str(version), version=version)
    write_release(folder / "new")
    return folder


def record(folder: Path, made: Path, what: str) -> list[Operation]:
    """A car downloads on a recording file system."""
    with mounted(folder) as mount:
        one = begun(fetching(mount.folder, made, what, key_in(made)))
        mount.note(BEGUN)
        one.fetch()
        for _ in range(10):
            mount.note(FETCHED)  # a while passes
    return mount.log


def broken(
    log: list[Operation], made: Path, what: str, cuts: int, notes: tuple[str, ...] = (BEGUN, FETCHED)
) -> Iterator[str]:
    """What is wrong after power cuts, at once and after the next downloads. ``notes``: how far the car was."""
    for crash in crashes(log, cuts, seed=1):
        if crash.note.text in notes:
            with laid_out(crash.image) as folder:
                one = fetching(folder, made, what, key_in(made))
                yield from (f"{said} (power cut {crash.after})" for said in (one.wrong(), finished(one)) if said)


def finished(one: Fetching) -> str | None:
    """What is wrong after the next downloads."""
    for _ in range(TRIES - 1):
        with suppress(UserError):
            one.fetch()
            return one.missing()
    one.fetch()
    return one.missing()


@pytest.mark.parametrize("what", ["bundle", "release"])
def test_a_power_cut_leaves_a_download_that_the_next_one_finishes(tmp_path: Path, made: Path, what: str) -> None:
    """Whatever was not synced is there or not; the bundle in force stays in force."""
    assert list(broken(record(tmp_path / "mount", made, what), made, what, CUTS)) == []


@pytest.mark.long
@pytest.mark.parametrize("what", ["bundle", "release"])
def test_three_thousand_power_cuts_leave_downloads_that_end_whole(tmp_path: Path, made: Path, what: str) -> None:
    """The same at more places, with other luck."""
    assert list(broken(record(tmp_path / "mount", made, what), made, what, 1_500)) == []


@pytest.mark.parametrize("what", ["bundle", "release"])
def test_without_syncing_half_a_download_is_taken_for_whole(tmp_path: Path, made: Path, what: str) -> None:
    """So the check can fail."""
    with without_fsync(stat.S_ISREG):
        log = record(tmp_path / "mount", made, what)
    assert any("half a" in one for one in broken(log, made, what, MANY, (FETCHED,)))
