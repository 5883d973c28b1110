"""Drafts and published plans as files: the same boxes in a GIS and in a spreadsheet, and each download is logged."""

import csv
import io
from typing import Any, Final

import shapely
from flask import Flask
from flask.testing import FlaskClient
from pyproj import Transformer

from edge.domain.grid import BOX_M, parse_box_id
from edge.headquarters.access.changes import KEYBOARD
from edge.headquarters.access.machines import add_key
from edge.headquarters.console.context import KEY
from edge.headquarters.store import Store
from tests.headquarters.console.drafted import BEFORE, DRAFT, numbers, post
from tests.headquarters.visitors import logged_in
from tests.risk.tiny import Tiny

PLAN: Final = DRAFT.replace("/drafts/", "/plans/")
FORMULA: Final = '=HYPERLINK("http://evil.example")'


def features(client: FlaskClient, address: str) -> list[dict[str, Any]]:
    """Of a GeoJSON file, as a program reads them."""
    answer = client.get(f"{address}.geojson")
    assert (answer.status_code, answer.mimetype) == (200, "application/geo+json")
    assert answer.json is not None
    assert answer.json["type"] == "FeatureCollection"
    return list(answer.json["features"])


def lines(client: FlaskClient, address: str) -> list[dict[str, str]]:
    """Of a CSV file."""
    answer = client.get(f"{address}.csv")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def edited(client: FlaskClient) -> tuple[str, str]:
    """The draft with a box suppressed and one added: their numbers."""
    suppressed, added = numbers(client, "assigned")[0], numbers(client, "free")[0]
    post(client, DRAFT, 1, action="suppress", number=suppressed, reason=FORMULA)
    post(client, DRAFT, 2, action="add", number=added, crime_types="robbery", minutes="12.5", visits="2")
    return suppressed, added


def test_a_polygon_is_the_box_in_degrees(app: Flask, tiny: Tiny) -> None:
    """As RFC 7946 has it: longitude first, closed, counterclockwise; back in the plane it is the box within 2 cm."""
    plane = Transformer.from_crs(4326, tiny.agency.grid.epsg, always_xy=True)
    found = features(logged_in(app), DRAFT)
    assert len(found) == 4
    for one in found:
        assert one["type"] == "Feature"
        assert one["geometry"]["type"] == "Polygon"
        (ring,) = one["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
        assert shapely.LinearRing(ring).is_ccw
        x, y = parse_box_id(one["properties"]["box"])
        box = shapely.box(x * BOX_M, y * BOX_M, (x + 1) * BOX_M, (y + 1) * BOX_M)
        assert shapely.hausdorff_distance(shapely.Polygon(list(plane.itransform(ring))), box) < 0.02
        lon, lat = shapely.Polygon(ring).centroid.coords[0]
        here = tiny.agency.grid.box_of(lat, lon)
        assert here is not None
        assert (here.id, here.number) == (one["properties"]["box"], one["properties"]["number"])


def test_both_files_have_the_same_boxes(app: Flask) -> None:
    """With what was done to them; a cell that a spreadsheet would compute is quoted."""
    client = logged_in(app)
    suppressed, added = edited(client)
    rows = {row["number"]: row for row in lines(client, DRAFT)}
    layer = {str(one["properties"]["number"]): one["properties"] for one in features(client, DRAFT)}
    assert rows.keys() == layer.keys()
    assert {row["plan"] for row in rows.values()} == {"draft, edition 3, not approved"}
    assert {(row["shift"], row["district"]) for row in rows.values()} == {("2026-11-22/night", "1")}
    assert (rows[suppressed]["standing"], layer[suppressed]["standing"]) == ("suppressed", "suppressed")
    assert (rows[suppressed]["suppressed"], layer[suppressed]["suppressed"]) == (f"'{FORMULA}", FORMULA)
    of_added = rows[added]
    assert (of_added["standing"], of_added["crime_types"], of_added["why"]) == (
        *("added", "robbery", "a crowd is expected"),
    )
    assert (of_added["minutes"], of_added["visits"]) == ("12.5", "2")
    for number, row in rows.items():
        assert 0 < float(row["risk"]) == layer[number]["risk"] < 1
        assert row["beat"] == layer[number]["beat"] == "11"


def test_a_published_plan_is_the_version_that_went_out(app: Flask) -> None:
    """What was changed in the draft since is not in it; before a plan is published there is no file."""
    client = logged_in(app)
    assert client.get(f"{PLAN}.csv").status_code == 404
    assert "Newest published plan" not in client.get(DRAFT).text
    post(client, f"{DRAFT}/approval", 1)
    post(client, DRAFT, 2, action="suppress", number=numbers(client, "assigned")[0])
    assert {row["plan"] for row in lines(client, PLAN)} == {"version 1"}
    assert {row["standing"] for row in lines(client, PLAN)} == {"assigned"}
    assert len(features(client, PLAN)) == 4
    assert f'href="{PLAN}.geojson"' in client.get(DRAFT).text


def test_each_download_is_in_the_audit_log(app: Flask) -> None:
    """Before anything is shown; the file is named after what it holds."""
    client = logged_in(app)
    answer = client.get(f"{DRAFT}.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=draft-2026-11-22-night-1.csv"
    client.get(f"{DRAFT}.geojson")
    with Store(app.extensions[KEY].database) as store:
        done = [(one.account, one.subject) for one in store.audit_rows() if one.action == "export"]
    assert sorted(done) == [("analyst", f"{DRAFT}.csv"), ("analyst", f"{DRAFT}.geojson")]


def test_a_machines_key_has_published_plans_and_no_drafts(app: Flask) -> None:
    """A draft is for those who may read drafts: `export` alone is not enough."""
    post(logged_in(app), f"{DRAFT}/approval", 1)
    with Store(app.extensions[KEY].database) as store:
        key = add_key(store, "gis", ["export"], BEFORE + 60, KEYBOARD, BEFORE)
    client, headers = app.test_client(), {"Authorization": f"Bearer {key}"}
    assert client.get(f"{PLAN}.geojson", headers=headers).status_code == 200
    assert client.get(f"{DRAFT}.geojson", headers=headers).status_code == 404
    assert client.get(f"{DRAFT}.geojson").status_code == 401
