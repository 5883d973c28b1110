"""What `make test-floors` installs is read from pyproject.toml: `make test` says so where it can't be."""

from pathlib import Path

from tests.floors import floors

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def test_every_requirement_is_read_and_has_one_floor() -> None:
    """A package that two extras name has the same floor in both: pip takes no two."""
    lines = set(floors(PYPROJECT))
    assert len(lines) > 40
    assert len({line.partition("==")[0] for line in lines}) == len(lines)


def test_a_part_of_a_package_has_its_floor(tmp_path: Path) -> None:
    """``name[extra-part]>=1.2`` is ``name`` at 1.2."""
    written = tmp_path / "pyproject.toml"
    written.write_text(
        '[project]\ndependencies = ["one[a-part,b]>=1.2"]\n[project.optional-dependencies]\nmore = ["two==3"]\n'
    )
    assert floors(written) == ["one==1.2", "two==3"]
