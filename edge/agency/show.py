"""What is in a bundle, for a person and as JSON: boxes, policy, models with their cards' figures, expiry, sizes.

Shows what the files say; whether they may be believed is `edge.agency.bundle`'s to check. Must not load a model.
"""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from edge.contract.agency import load_agency
from edge.contract.bundle import listed_files, read_manifest
from edge.contract.manifest import SIGNATURE
from edge.errors import UserError
from edge.risk.card import Card
from edge.text.mistakes import explain


def bundle_values(directory: Path) -> dict[str, Any]:
    """Everything that is shown, JSON-able. Raises UserError where the directory is no whole agency directory."""
    manifest = read_manifest(directory)
    agency = load_agency(directory)
    boxes = agency.grid.boxes.values()
    return {
        "agency": {"id": agency.id, "name": agency.name, "zone": agency.calendar.zone.key, "key": agency.public_key},
        "version": manifest.version,
        "created": f"{manifest.created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "expires": f"{manifest.expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "hash": agency.hash,
        "signed": (directory / SIGNATURE).is_file(),
        "keys": manifest.model_dump(mode="json").get("keys", {}),
        "boxes": len(boxes),
        "opt_out_boxes": sum(box.opt_out for box in boxes),
        "districts": sorted({box.district for box in boxes}),
        "beats": len({box.beat for box in boxes}),
        "shifts": {rule.name: rule.starts.isoformat("minutes") for rule in agency.calendar.rules},
        "tactics": {"version": agency.tactics_version, "labels": [one.label for one in agency.tactics]},
        "models": {crime_type: _card(directory, crime_type) for crime_type in manifest.crime_types},
        "files": {name: _size(directory / name) for name, *_ in listed_files(directory, manifest)},
        "bytes": sum(_size(directory / name) for name, *_ in listed_files(directory, manifest)),
    }


def _card(directory: Path, crime_type: str) -> dict[str, Any]:
    path = directory / "models" / f"{crime_type}.card.json"
    try:
        return Card.model_validate_json(path.read_bytes()).model_dump(mode="json")
    except OSError as error:
        msg = f"{path}: {error.strerror}; a model needs its card, so rebuild the bundle"
        raise UserError(msg) from error
    except ValidationError as error:
        msg = f"{path}: {explain(error)}; retrain the model"
        raise UserError(msg) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        msg = f"{path}: {error.strerror}; rebuild the bundle"
        raise UserError(msg) from error


def bundle_lines(values: dict[str, Any]) -> Iterator[str]:
    """`bundle_values` for a person to read."""
    agency = values["agency"]
    yield f"{agency['name']} ({agency['id']}, {agency['zone']}), bundle version {values['version']}"
    signed = f"signed for key {agency['key']}" if values["signed"] else "NOT SIGNED"
    yield f"made {values['created']}, expires {values['expires']}; {signed}"
    yield f"hash {values['hash']}"
    for role, keys in values["keys"].items():
        yield from (f"{role} key {one['key']}, until {one['expires']}" for one in keys)
    yield (
        f"{values['boxes']} boxes, {values['opt_out_boxes']} opt-out; districts {', '.join(values['districts'])}; "
        f"{values['beats']} beats; shifts {', '.join(f'{name} {start}' for name, start in values['shifts'].items())}"
    )
    yield f"tactics {values['tactics']['version']}: {', '.join(values['tactics']['labels'])}"
    if not values["models"]:
        yield "no models: risk is off; patrols come from an analyst's plan"
    for crime_type, card in values["models"].items():
        yield from _card_lines(crime_type, card)
    yield from (f"{size:>12,}  {name}" for name, size in values["files"].items())
    yield f"{values['bytes']:>12,}  bytes"


def _card_lines(crime_type: str, card: dict[str, Any]) -> Iterator[str]:
    window = card["data"]["window"]
    yield (
        f"{crime_type}: {card['data']['incidents']:g} incidents {window['first']} to {window['last']}, "
        f"expires {card['expires']}{'' if card['base_only'] is None else '; base only: ' + card['base_only']}"
    )
    for group in card["groups"]:
        yield f"    {group['name']}: {len(group['features'])} features, {group['trees']} trees, {group['evaluated']}"
    for figure in card["figures"]["each"]:
        between = "" if figure["low"] is None else f" ({figure['low']:.4g} to {figure['high']:.4g})"
        yield f"    {figure['name']} {figure['value']:.4g}{between}"
