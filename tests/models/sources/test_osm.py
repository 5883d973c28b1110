"""OpenStreetMap: places by tag, and a box's water, green and roads, on a small extract and on a part of Baltimore."""

from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from edge.agency.fit import fit_grid
from edge.domain.grid import BOX_M, cell_of
from edge.errors import UserError
from models.sources.document import OsmDoc
from models.sources.ground import Ground
from models.sources.osm import default_categories, read_osm
from models.sources.people import refused
from models.sources.provenance import Provenance
from models.sources.terrain import AREAS, TERRAIN_TAGS, terrain_parts
from tests.models.osm_file import OsmFile, square
from tests.models.town import GROUND, WIDE, degrees

KNOWN = Provenance("OpenStreetMap, an extract", "ODbL 1.0, © OpenStreetMap contributors", "2026-11-01")


def terrain(path: Path, ground: Ground = GROUND) -> dict[str, np.ndarray]:
    """The terrain's columns of an extract."""
    parts = terrain_parts(ground, read_osm(path, TERRAIN_TAGS), "terrain", KNOWN)
    assert {column.group for column, _ in parts} == {"terrain"}
    return {column.name: values for column, values in parts}


def test_a_place_is_a_node_or_an_area(tmp_path: Path) -> None:
    """A bar as a node where it stands, a bar as a building at its middle; another tag or value is none."""
    file = OsmFile()
    file.node((1.5, 1.5), {"amenity": "bar", "name": "nobody's business"})
    file.node((2.5, 2.5), {"amenity": "bench"})
    file.way(square(3, 3, 4, 5), {"amenity": "bar", "building": "yes"})
    spots = read_osm(file.write(tmp_path / "a.osm.pbf"), ["amenity=bar"]).spots(["amenity=bar"])
    found = np.array([(spot.y, spot.x) for spot in spots])
    assert found == pytest.approx(np.array([degrees(1.5, 1.5), degrees(3.5, 4)]), abs=2e-6)


def test_a_share_is_what_the_areas_cover_once(tmp_path: Path) -> None:
    """Half a box of water; two parks that overlap count their common part once; a hole in a wood is none of it."""
    file = OsmFile()
    file.way(square(0, 0, 1, 0.5), {"natural": "water"})
    file.way(square(2, 2, 3, 2.6), {"leisure": "park"})
    file.way(square(2, 2.4, 3, 3), {"leisure": "garden"})
    outer, inner = file.way(square(4, 4, 6, 6), {}), file.way(square(4.5, 4.5, 5, 5), {})
    file.multipolygon(outer, inner, {"landuse": "forest"})
    found = terrain(file.write(tmp_path / "a.osm.pbf"))
    assert found["water_share"][0] == np.float32(0.5)
    assert np.count_nonzero(found["water_share"]) == 1
    assert found["green_share"][2 * WIDE + 2] == 1.0
    assert found["green_share"][4 * WIDE + 4] == np.float32(0.75)
    assert found["green_share"][5 * WIDE + 5] == 1.0


def test_roads_are_metres_within_the_box(tmp_path: Path) -> None:
    """A road along a row gives each of its boxes 250 m, half a box 125 m; kinds of road do not mix."""
    file = OsmFile()
    file.way([(1.5, 0), (1.5, 2.5)], {"highway": "primary"})
    file.way([(1.25, 0), (1.25, 1)], {"highway": "secondary_link"})
    file.way([(3.5, 3), (3.5, 4), (4, 4)], {"highway": "residential"})
    file.way([(5.5, 5), (5.5, 6)], {"highway": "footway"})
    file.way([(7.5, 1), (7.5, 2)], {"highway": "service"})
    found = terrain(file.write(tmp_path / "a.osm.pbf"))
    assert found["road_major_m"][WIDE : WIDE + 4].tolist() == [500.0, 250.0, 125.0, 0.0]
    assert found["road_minor_m"][3 * WIDE + 3] in (250.0, 375.0)  # its second part runs on the edge of the next box
    assert found["road_minor_m"].sum() + found["road_major_m"].sum() <= 250 * 3.5 + 250 + 125 * 2
    assert found["road_service_m"].sum() == 250.0
    assert found["road_major_m"][5 * WIDE + 5] == 0.0


def test_what_reaches_far_beyond_is_cut_where_the_grid_ends(tmp_path: Path) -> None:
    """A lake and a motorway of 40 km through the town: its boxes are full, and nothing else happens."""
    file = OsmFile()
    file.way(square(-80, -80, 80, 80), {"natural": "water"})
    file.way([(2.5, -80), (2.5, 80)], {"highway": "motorway"})
    found = terrain(file.write(tmp_path / "a.osm.pbf"))
    assert set(found["water_share"].tolist()) == {1.0}
    assert found["road_major_m"].sum() == pytest.approx(WIDE * 250.0, rel=0.01)


def test_a_shape_of_half_the_earth_is_cut_too() -> None:
    """Of a polygon over a continent the part where the grid holds is left: a square of that size in metres."""
    grid = GROUND.grid
    half = grid.scale * grid.reach
    (whole,) = GROUND.move(np.array([shapely.box(-179.0, -60.0, -10.0, 80.0)], dtype=object))
    held = shapely.box(grid.lon0 - half, grid.lat0 - half, grid.lon0 + half, grid.lat0 + half)
    assert whole.area == pytest.approx(shapely.transform(held, GROUND.plane).area, rel=1e-4)


def test_an_object_whose_nodes_are_not_in_the_extract_is_left_out(tmp_path: Path) -> None:
    """An extract cuts ways at its edge; what has no geometry is no error."""
    file = OsmFile()
    there = file.node((1, 1))
    file.broken_way([there, 9000], {"highway": "primary"})
    file.broken_way([there, 9001, 9002, there], {"natural": "water"})
    found = terrain(file.write(tmp_path / "a.osm.pbf"))
    assert not any(values.any() for values in found.values())


def test_a_file_that_is_no_extract_is_one_sentence(tmp_path: Path) -> None:
    """Missing, of another kind, or damaged: named, with the mend."""
    for name, content in (("none.osm.pbf", None), ("a.osm.pbf", b"hello there"), ("a.txt", b"x")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(UserError, match=rf"{name}: not a readable OpenStreetMap extract"):
            read_osm(tmp_path / name, ["amenity=bar"])


def test_the_categories_shipped_leave_sensitive_places_out() -> None:
    """Worship, clinics, hospitals, shelters: never features by default; and nothing is about people."""
    categories = default_categories()
    tags = [tag for tags in categories.values() for tag in tags]
    document = {"file": "a.osm.pbf", "source": KNOWN.source, "terms": KNOWN.terms, "as_of": KNOWN.as_of}
    assert OsmDoc.model_validate({**document, "categories": categories}).categories == categories
    sensitive = "worship|clinic|hospital|doctors|shelter|social_facility|community|religion|healthcare|pharmacy"
    assert not [tag for tag in tags if any(word in tag for word in sensitive.split("|"))]
    assert not [tag for tag in tags if refused(tag)]
    assert len(tags) == len(set(tags))


def test_baltimore_agrees_with_counts_of_its_own(shared_data: Path) -> None:
    """On the real extract: as many bars as nodes and areas carry the tag, and the roads' lengths of osmium itself."""
    path = shared_data / "baltimore" / "baltimore.osm.pbf"
    tags = ["amenity=bar", "amenity=pub"]
    shapes = read_osm(path, [*TERRAIN_TAGS, *tags])
    places = (
        entity
        for entity in osmium.FileProcessor(str(path))
        if isinstance(entity, osmium.osm.Node) or (isinstance(entity, osmium.osm.Way) and entity.is_closed())
    )
    bars = sum(entity.tags.get("amenity") in ("bar", "pub") for entity in places)
    assert len(shapes.spots(tags)) == bars > 30
    metres = 0.0
    for entity in osmium.FileProcessor(str(path)).with_locations():
        if isinstance(entity, osmium.osm.Way) and entity.tags.get("highway") in ("residential", "unclassified"):
            metres += osmium.geom.haversine_distance(entity.nodes)
    ground = around_baltimore()
    found = {column.name: values for column, values in terrain_parts(ground, shapes, "terrain", KNOWN)}
    metres += sum(
        shapely.length(shapely.transform(line, ground.plane))
        for tag in ("highway=tertiary", "highway=tertiary_link")
        for line in shapes.lines[tag]
    )
    assert found["road_minor_m"].sum() == pytest.approx(metres, rel=0.004)
    water = [area for tag in AREAS["water_share"] for area in shapes.areas.get(tag, [])]
    whole = shapely.union_all(ground.move(np.array(water, dtype=object)))
    assert found["water_share"].sum() * BOX_M**2 == pytest.approx(whole.area, rel=0.01)
    assert 0.1 < found["water_share"].max() <= 1.0


def around_baltimore() -> Ground:
    """Boxes over all of the extract and some way beyond."""
    west, south, east, north = -76.70, 39.20, -76.45, 39.36
    grid = fit_grid((west, south, east, north), -76.6).grid
    low, high = grid.project(south, west), grid.project(north, east)
    assert low is not None
    assert high is not None
    (x0, y0), (x1, y1) = cell_of(*low), cell_of(*high)
    return Ground(grid, np.array([(x, y) for y in range(y1, y0 - 1, -1) for x in range(x0, x1 + 1)]))
