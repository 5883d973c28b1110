"""An agency directory that newer software built: what only that knows is passed over, by car and headquarters."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.contract.agency import load_agency
from edge.errors import UserError
from edge.plans.ground import project_layers
from edge.vehicle.touchscreen.map_view import MapView
from tests.bundles import signed_agency

Document = dict[str, Any]


def change(directory: Path, name: str, how: Callable[[Document], Document]) -> None:
    """Change a file as newer software would have written it, and its SHA-256 in the manifest."""
    content = json.dumps(how(json.loads((directory / name).read_bytes()))).encode()
    (directory / name).write_bytes(content)
    manifest = json.loads((directory / "manifest.json").read_bytes())
    manifest["files"][name] = hashlib.sha256(content).hexdigest()
    (directory / "manifest.json").write_text(json.dumps(manifest))


def newer_agency(document: Document) -> Document:
    """With rules that nobody knows yet, deep within, too."""
    policy = {**document["policy"], "curfew": True}
    policy["metering"] = {**policy["metering"], "bicycle_s": 12.0}
    tactics = [{**tactic, "icon": "boots"} for tactic in document["tactics"]]
    return {**document, "motto": "to serve", "policy": policy, "tactics": tactics}


def newer_grid(document: Document) -> Document:
    """With a field more in each box."""
    return {**document, "boxes": [{**box, "floors": 3} for box in document["boxes"]]}


def newer_map(document: Document) -> Document:
    """With a layer of a kind that nobody can draw yet."""
    lines = document["layers"][0]["lines"]
    return {"style": "dark", "layers": [*document["layers"], {"kind": "bus_stop", "lines": lines, "colour": "red"}]}


def test_what_only_newer_software_knows_is_passed_over(tmp_path: Path) -> None:
    """The agency is the same, and so are both maps."""
    before = signed_agency(tmp_path)
    drawn = project_layers(before), MapView(before).text()
    for name, how in (("agency.json", newer_agency), ("grid.json", newer_grid), ("map.json", newer_map)):
        change(before.map_path.parent, name, how)
    after = load_agency(before.map_path.parent)
    assert replace(after, hash=before.hash) == before
    assert (project_layers(after), MapView(after).text()) == drawn


def test_what_is_known_must_have_its_form(tmp_path: Path) -> None:
    """A value out of range is refused by its file and key."""
    directory = signed_agency(tmp_path).map_path.parent
    change(directory, "agency.json", lambda document: {**document, "shifts": []})
    with pytest.raises(UserError, match=r"agency\.json: shifts"):
        load_agency(directory)
