"""The models that the demo ships are what the project's own commands make of the generated city's incidents."""

import json
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

from edge.agency.build import build_agency
from edge.contract.agency import Agency
from edge.contract.manifest import MODEL_PARTS
from edge.demo.site import SHIPPED_RISK, make_site
from edge.demo.train import make_risk
from edge.domain.policy import CRIME_TYPES
from edge.risk.bundle import open_models
from edge.risk.counts import load_counts
from edge.risk.forecast import forecast, open_bundle
from edge.risk.update import load_world
from models.export.write import LIBRARIES

pytestmark = pytest.mark.timeout(300)  # trains

TABLES = ("counts.npz", "layers.npz", "days.npz")
ONE = "theft"
"""It has trees; the others together take minutes (marked long)."""

SHIFT = "2026-11-05/evening"
LATER = 1_840_000_000.0
"""22 April 2028, early in the morning."""


@pytest.fixture
def unpacked(tmp_path: Path) -> Iterator[Path]:
    """A folder for what is made anew, gone afterwards."""
    folder = tmp_path / "made"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


def test_one_of_the_models_is_made_anew(unpacked: Path, city_folder: Path, city_agency: Agency, tmp_path: Path) -> None:
    """Export, import, features, training: counts and features are the same bytes, and so is the model."""
    check(make_risk(unpacked, ONE), (ONE,), city_folder, city_agency, tmp_path)


@pytest.mark.long
def test_all_of_the_models_are_made_anew(
    unpacked: Path, city_folder: Path, city_agency: Agency, tmp_path: Path
) -> None:
    """`make demo-bundle` would change nothing."""
    made = make_risk(unpacked)
    assert names(made) == names(SHIPPED_RISK)
    check(made, CRIME_TYPES, city_folder, city_agency, tmp_path)


def check(made: Path, types: tuple[str, ...], city_folder: Path, agency: Agency, tmp_path: Path) -> None:
    """The tables' bytes are those shipped; so are the models' and their cards', where the libraries are the same ones.

    Processors differ in the last bit of a sum, and so may models: then the forecasts are the same within 1e-3.
    Models of other libraries are held against that alone, too.
    """
    assert [(made / name).read_bytes() == (SHIPPED_RISK / name).read_bytes() for name in TABLES] == [True] * 3
    changed = [crime_type for crime_type in types if not same(made, f"{crime_type}.onnx")]
    assert all(same(made, f"{crime_type}.card.md") for crime_type in types if crime_type not in changed)
    if changed:
        ours, theirs = (
            risks(risk, city_folder, agency, tmp_path / name)
            for name, risk in (("made anew", made), ("shipped", SHIPPED_RISK))
        )
        for crime_type in changed:
            assert np.abs(ours[crime_type] / theirs[crime_type] - 1.0).max() < 1e-3, libraries(crime_type)


def same(made: Path, name: str) -> bool:
    """Whether a file of a model is the one shipped, byte for byte."""
    return (made / "models" / name).read_bytes() == (SHIPPED_RISK / "models" / name).read_bytes()


def risks(
    risk: Path, city_folder: Path, agency: Agency, out: Path
) -> dict[str, "np.ndarray[tuple[int], np.dtype[np.float64]]"]:
    """Every box's risk of each type in a shift, by a risk directory's models."""
    build_agency(city_folder / "agency.toml", out, None, risk)
    done = forecast(open_bundle(out, agency), load_world(out, agency), agency, SHIFT)
    return {name: one.scores.risk for name, one in done.types.items()}


def libraries(crime_type: str) -> str:
    """What a failure is told with: the libraries of the model shipped and those of this machine."""
    card = json.loads((SHIPPED_RISK / "models" / f"{crime_type}.card.json").read_text(encoding="utf-8"))
    here = {name: version(name) for name in LIBRARIES}
    return f"{crime_type} was made with {card['software']}, here are {here}; run `make demo-bundle`"


def names(folder: Path) -> list[str]:
    """Every file below a folder."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_is_shipped_is_small_and_of_every_type() -> None:
    """Seven models with cards and self-tests, in 1.5 MB."""
    held = names(SHIPPED_RISK)
    assert {f"models/{crime_type}{part}" for crime_type in CRIME_TYPES for part in MODEL_PARTS} | {*TABLES} <= {*held}
    assert sum((SHIPPED_RISK / name).stat().st_size for name in held) < 1_500_000


def test_a_demo_in_2028_has_fresh_counts_and_no_warning(tmp_path: Path) -> None:
    """All models are used, the incidents are counted up to the day before, and no card is past its expiry."""
    site = make_site(tmp_path, LATER)
    bundle = tmp_path / "agency"
    models, refused = open_models(bundle, site.agency)
    assert (sorted(models), refused) == (sorted(CRIME_TYPES), ())
    done = forecast(open_bundle(bundle, site.agency), load_world(bundle, site.agency), site.agency, "2028-04-22/day")
    assert done.remarks == ()
    assert done.known_to.isoformat() == "2028-04-21"
    assert load_counts(bundle / "counts.npz").known.max() == done.known_to.toordinal()
