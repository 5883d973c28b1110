"""The demo city: one seed, one city; a valid agency; a plan that its own rules accept."""

from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.map_file import MapDoc
from edge.demo.city import City, make_city
from edge.demo.city_files import write_city
from edge.domain.policy import Prescription
from edge.plans.plan_file import load_plan_file
from tests.demo.conftest import SHIFT


def test_the_same_seed_gives_the_same_files(city_folder: Path, tmp_path: Path) -> None:
    """Every file of a second city is equal byte for byte; another seed gives other streets."""
    write_city(make_city(), tmp_path, SHIFT)
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (city_folder / file.name).read_bytes()
    write_city(make_city(8), tmp_path, SHIFT)
    assert (tmp_path / "streets.geojson").read_bytes() != (city_folder / "streets.geojson").read_bytes()


def test_it_is_an_agency_of_two_districts_with_beats_that_fill_it(city: City, city_agency: Agency) -> None:
    """Two districts of 4 to 6 beats, without gap or overlap, and a map with all layers."""
    boxes = city_agency.grid.boxes.values()
    beats = {(box.district, box.beat) for box in boxes}
    assert all(beat.startswith(district) for district, beat in beats)
    assert [sum(district == name for district, _ in beats) for name in ("1", "2")] == [6, 5]
    covered = sum(shape.area for shape in city.layout.beats.values())
    assert covered == pytest.approx(city.layout.boundary.area, rel=1e-6)
    kinds = {layer.kind for layer in MapDoc.model_validate_json(city_agency.map_path.read_bytes()).layers}
    assert kinds == {"water", "street", "main_street", "opt_out", "beat", "district", "boundary"}


def test_opt_out_places_close_their_boxes(city_agency: Agency) -> None:
    """The clinics, the shelter and the places of worship are in the grid."""
    assert 5 <= sum(box.opt_out for box in city_agency.grid.boxes.values()) <= 20


def test_the_plan_is_valid_and_short(city: City, city_folder: Path, city_agency: Agency) -> None:
    """Eleven boxes of district 1 with 4 minutes each, while the agency's policy keeps the design's 15."""
    plan = load_plan_file(city_folder / "plan.toml", city_agency)
    assert (plan.shift, plan.district) == (SHIFT, "1")
    assert tuple(patrol.cell for patrol in plan.patrols) == city.boxes
    assert len(plan.patrols) == 11
    assert {patrol.prescription.minutes for patrol in plan.patrols} == {4.0}
    assert city_agency.policy.default == Prescription()


def test_every_street_can_be_reached(city: City) -> None:
    """The network hangs together: from the station there is a way to every street."""
    streets = city.streets
    station = streets.nearest(*city.station)
    seen, queue = {streets.edges[station.edge].start}, [streets.edges[station.edge].start]
    while queue:
        for index in streets.at[queue.pop()]:
            for node in (streets.edges[index].start, streets.edges[index].end):
                if node not in seen:
                    seen.add(node)
                    queue.append(node)
    assert seen == set(streets.at)
    assert min(edge.line.length for edge in streets.edges) >= 1.0
