"""A thousand releases with something in them that is not what was signed: all refused, and the unit is as it was."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.errors import UserError
from provisioning.software.verified import MANIFEST
from tests.provisioning.release.town import write_release
from tests.provisioning.update.units import OLD, Unit, in_memory, named

MUTATIONS: Final = 1_000
FILES: Final = (MANIFEST, "roundsman-0.2.0-py3-none-any.whl", "lamp-1.0.0-py3-none-any.whl")


@pytest.fixture(scope="module")
def release() -> Iterator[Path]:
    """A good one."""
    folder = in_memory()
    write_release(folder / "good")
    yield folder / "good"
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def unit(release: Path) -> Unit:
    """With 0.1.0."""
    return Unit(release.parent / "unit").first_installed()


@pytest.fixture(scope="module")
def good(release: Path) -> str:
    """What it is called, unchanged."""
    return named(release)


def signed_as(release: Path) -> str | None:
    """What is signed; None where nothing is."""
    try:
        return named(release)
    except UserError:
        return None


def mutated(whole: bytes, how: str, at: int, byte: int) -> bytes:
    """Bytes with one changed, cut, put in, or taken out."""
    at %= len(whole)
    return {
        "flip": whole[:at] + bytes([whole[at] ^ (byte or 1)]) + whole[at + 1 :],
        "cut": whole[:at],
        "insert": whole[:at] + bytes([byte]) + whole[at:],
        "drop": whole[:at] + whole[at + 1 :],
        "double": whole[:at] + whole[:at] + whole[at:],
    }[how]


@settings(max_examples=MUTATIONS, deadline=None, database=None)
@given(
    name=st.sampled_from(FILES),
    how=st.sampled_from(["flip", "cut", "insert", "drop", "double"]),
    at=st.integers(0, 100_000),
    byte=st.integers(0, 255),
)
def test_a_mutated_release_is_refused(
    release: Path, unit: Unit, good: str, name: str, how: str, at: int, byte: int
) -> None:
    """Or says the very same, as where a blank was put between two fields of the envelope: then it is the one signed."""
    whole = (release / name).read_bytes()
    changed = mutated(whole, how, at, byte)
    try:
        (release / name).write_bytes(changed)
        if changed == whole or (name == MANIFEST and signed_as(release) == good):
            return
        with pytest.raises(UserError):
            unit.updater().offer(release)
    finally:
        (release / name).write_bytes(whole)
    assert unit.links == (OLD, OLD)
    assert unit.car.process == 1
    assert unit.memory.newest is None
    assert [one.name for one in unit.places.releases.iterdir()] == [OLD]
