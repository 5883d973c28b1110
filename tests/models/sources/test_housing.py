"""Housing and vacancy: an allow-list of columns, shared out over the boxes by area; every other column refused."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from edge.errors import UserError
from models.sources.document import HousingDoc
from models.sources.housing import ALLOWED, housing_parts
from tests.agency.square import collection
from tests.models.town import GROUND, HIGH, WIDE, polygon, write

CSV = "GEOID,B25001_001E,B25002_003E,B25035_001E,B02001_002E\n1,600,60,1950,7\n2,240,-666666666,1990,8\n3,9,9,9,9\n"


def document(**fields: Any) -> HousingDoc:
    """The town's survey."""
    said = {"source": "American Community Survey, 2016", "terms": "public domain", "as_of": "2016-12-31"}
    file = {"file": "acs.csv", "key": "GEOID", "tracts": "tracts.geojson", "tract_property": "geoid"}
    return HousingDoc.model_validate({**said, **file, "columns": ["B25001_001E"], **fields})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Tract 1 is the western half of the town, tract 2 two rows and a half of the east; tract 4 is far away."""
    half = WIDE / 2
    far = {"type": "Polygon", "coordinates": [[[10, 10], [11, 10], [11, 11], [10, 10]]]}
    shapes = collection(
        ({"geoid": 1, "race": "x"}, polygon(0, 0, HIGH, half)),
        ({"geoid": "2"}, polygon(0, half, 2.5, WIDE)),
        ({"geoid": 4}, far),
    )
    write(tmp_path / "tracts.geojson", json.dumps(shapes))
    write(tmp_path / "acs.csv", CSV)
    return tmp_path


def columns(folder: Path, *names: str) -> dict[str, np.ndarray]:
    """The features' columns as the town: rows and columns of boxes."""
    parts = housing_parts(document(columns=names), folder, GROUND)
    return {column.name: values.reshape(HIGH, WIDE) for column, values in parts}


def test_dwellings_are_shared_out_by_area(folder: Path) -> None:
    """600 dwellings over 60 boxes are 10 a box; 240 over 15 are 16, and 8 where half the box is in the tract."""
    units = columns(folder, "B25001_001E")["housing_units"]
    assert set(units[:, :6].ravel().tolist()) == {10.0}
    assert set(units[:2, 6:].ravel().tolist()) == {16.0}
    assert set(units[2, 6:].tolist()) == {8.0}
    assert set(units[3:, 6:].ravel().tolist()) == {0.0}
    assert units.sum() == 840.0


def test_a_median_is_a_mean_by_area(folder: Path) -> None:
    """A year is not shared out: it stands in every box of its tract; where no tract lies, the missing value."""
    year = columns(folder, "B25035_001E")["year_built"]
    assert set(year[:, :6].ravel().tolist()) == {1950.0}
    assert set(year[:3, 6:].ravel().tolist()) == {1990.0}
    assert set(year[3:, 6:].ravel().tolist()) == {ALLOWED["B25035_001E"].missing}


def test_a_figure_that_the_survey_does_not_have_is_missing(folder: Path) -> None:
    """The survey's negative numbers are no counts: the tract's boxes have the missing value."""
    vacant = columns(folder, "B25002_003E")["vacant_units"]
    assert set(vacant[:, :6].ravel().tolist()) == {1.0}
    assert set(vacant[:, 6:].ravel().tolist()) == {0.0}


def test_a_column_says_which_of_the_survey_it_is(folder: Path) -> None:
    """The Census Bureau's name stands in the definition; group, terms and date as the agency wrote them."""
    ((column, values),) = housing_parts(document(group="housing"), folder, GROUND)
    assert "B25001_001E" in column.definition
    assert (column.group, column.terms, column.as_of) == ("housing", "public domain", "2016-12-31")
    assert values.dtype == np.float32


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("B02001_002E", "census data on race"),
        ("B03002_012E", "census data on ethnicity"),
        ("B15003_022E", "census data on education"),
        ("C17002_001E", "census data on poverty"),
        ("B19013_001E", "census data on income"),
        ("B25003A_003E", "census data on race"),
        ("MedianHouseholdIncome", r"is about people \(income\)"),
        ("pct_black", r"is about people \(black\)"),
        ("B25077_001E", "not an allowed housing column"),
        ("anything", "not an allowed housing column"),
    ],
)
def test_every_other_column_is_refused_by_name(folder: Path, name: str, why: str) -> None:
    """Protection 1: race, income and education have their reason said; what is unknown is refused too."""
    with pytest.raises(UserError, match=why) as caught:
        columns(folder, "B25001_001E", name)
    assert repr(name) in str(caught.value)


def test_what_is_not_asked_for_does_not_reach_a_column(folder: Path) -> None:
    """Another column of the file, on race, may say what it likes: the values are the same bits."""
    before = columns(folder, "B25001_001E")["housing_units"]
    write(folder / "acs.csv", CSV.replace(",7\n", ",5000\n"))
    assert columns(folder, "B25001_001E")["housing_units"].tobytes() == before.tobytes()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"key": "TRACT"}, "no column 'TRACT'"),
        ({"tract_property": "number"}, "no property 'number'"),
        ({"columns": ["B25004_008E"]}, "no column 'B25004_008E'"),
        ({"file": "none.csv"}, "No such file"),
        ({"file": "words.csv"}, "'B25001_001E' is 'many', not a number"),
        ({"file": "others.csv"}, "none of its 'GEOID' is a tract"),
        ({"file": "far.csv"}, "none of its 'GEOID' is a tract of tracts.geojson near the agency"),
    ],
)
def test_a_mistake_is_one_sentence(folder: Path, fields: dict[str, Any], sentence: str) -> None:
    """Columns, tracts and files that are not there, words for numbers: named, with the mend."""
    write(folder / "words.csv", "GEOID,B25001_001E\n1,many\n")
    write(folder / "others.csv", "GEOID,B25001_001E\n99,1\n")
    write(folder / "far.csv", "GEOID,B25001_001E\n4,1\n")
    with pytest.raises(UserError, match=sentence):
        housing_parts(document(**fields), folder, GROUND)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_tracts_may_be_the_census_bureau_s_shapefile(folder: Path) -> None:
    """In the datum of 1983, numbers as a table has them: the same figures as of GeoJSON."""
    plain = columns(folder, "B25001_001E")["housing_units"]
    features = json.loads((folder / "tracts.geojson").read_text())["features"]
    shapes = np.array([shapely.to_wkb(shapely.from_geojson(json.dumps(one["geometry"]))) for one in features])
    numbers = np.array([float(one["properties"]["geoid"]) for one in features])
    pyogrio.raw.write(folder / "t.shp", shapes, [numbers], ["geoid"], geometry_type="Polygon", crs="EPSG:4269")
    parts = housing_parts(document(tracts="t.shp"), folder, GROUND)
    assert [values.reshape(HIGH, WIDE).tolist() for _, values in parts] == [plain.tolist()]
