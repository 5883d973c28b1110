"""The locks in the repository: each platform's has all that the vehicle's install needs, in versions allowed."""

import tomllib
from pathlib import Path
from typing import Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from provisioning.release.targets import Target, targets

PYPROJECT: Final = Path(__file__).parents[3] / "pyproject.toml"


def test_there_is_a_lock_for_each_platform() -> None:
    """Debian 12's Python and Trixie's, a Pi's processor and an MDT's."""
    assert [one.name for one in targets()] == ["cp311-aarch64", "cp311-x86_64", "cp313-aarch64", "cp313-x86_64"]


@pytest.mark.parametrize("target", targets(), ids=lambda one: one.name)
def test_a_lock_is_of_the_vehicles_requirements(target: Target) -> None:
    """A changed requirement shows here; `make lock` writes the locks anew. Every line has hashes."""
    needed = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    text = target.lock.read_text(encoding="utf-8").replace("\\\n", " ")
    held = {}
    for line in text.splitlines():
        name, _, rest = line.partition("==")
        version, *hashes = rest.split()
        assert hashes
        assert all(one.startswith("--hash=sha256:") for one in hashes)
        held[canonicalize_name(name)] = version
    for requirement in map(Requirement, needed):
        assert requirement.specifier.contains(held[canonicalize_name(requirement.name)]), requirement.name
