"""Builds an agency bundle from ``agency.toml``, GeoJSON and a risk directory: what `edge.contract.bundle` verifies.

The same input gives the same bytes, but for the manifest's version and times. With the private key at hand it is signed
at once. A directory appears whole or not at all. Must not overwrite anything that is no agency directory, and must not
put the private key into one.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from edge.agency.boxes import make_boxes
from edge.agency.bundle import check_models, signature_of
from edge.agency.directory import fresh_directory, refuse_foreign
from edge.agency.fit import Fit, fit_grid
from edge.agency.grid_doc import grid_doc
from edge.agency.keys_file import NAME
from edge.agency.layers import make_map
from edge.agency.pack import USUAL, Terms, make_manifest, risk_files
from edge.agency.places import make_places
from edge.agency.seams import seam_notes
from edge.agency.signers import AtHand, Signers
from edge.agency.source import AgencySource, Shapes, read_shapes, read_source
from edge.contract.agency_file import AgencyDoc
from edge.contract.manifest import COUNTERSIGNATURE, MANIFEST, SIGNATURE, Manifest
from edge.contract.places import NO_NAME, PLACES, PlacesDoc
from edge.contract.signing import public_key_of
from edge.errors import UserError
from edge.text.words import word


@dataclass(frozen=True, slots=True)
class PlacesReport:
    """Of ``places.json``: street names, boxes that have one, bytes."""

    streets: int
    boxes: int
    size: int


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built: counts, the grid's worst distance from UTM in millimetres, and what had to be repaired.

    ``size``: bytes of all files; ``places``: None where no street has a name.
    """

    directory: Path
    epsg: int
    boxes: int
    opt_out_boxes: int
    districts: int
    beats: int
    worst_mm: float
    public_key: str | None
    key_created: bool
    manifest: Manifest
    signed: bool
    countersigned: bool
    size: int
    places: PlacesReport | None
    notes: tuple[str, ...]


def build_agency(
    source_toml: Path,
    out: Path,
    key: Path | None = None,
    risk: Path | None = None,
    terms: Terms = USUAL,
    keys: Path | None = None,
) -> BuildReport:
    """Build ``out`` from ``agency.toml``; an agency directory there is replaced.

    ``key``: the Ed25519 private key that the bundle is signed with, made where it is missing; its public half goes into
    ``agency.json``. None: the bundle is not signed. ``keys``: the folder whose ``keys.toml`` says which daily keys the
    bundle names; without one the key signs plans, too. ``risk``: counts, layers, days and models. Raises UserError for
    every mistake in the input.
    """
    try:
        return _build(source_toml, out, Signers.of(key, keys), risk, terms)
    except OSError as error:
        msg = f"{error.filename or out}: cannot be used ({error.strerror}); fix it and build again"
        raise UserError(msg) from error


def _build(source_toml: Path, out: Path, signers: Signers, risk: Path | None, terms: Terms) -> BuildReport:
    refuse_foreign(out)
    for path in signers.paths:
        _refuse_inside(out, path)
    source = read_source(source_toml)
    shapes = read_shapes(source.sources, source_toml.parent, source.zone)
    fit = _fit(source_toml.parent / source.sources.boundary, shapes)
    boxes = make_boxes(fit, shapes)
    grid = grid_doc(fit.grid, boxes)
    source.planner.check({box.district for box in boxes})
    seams = seam_notes(fit, shapes, boxes, source_toml.parent, source.sources)
    drawn = make_map(fit, shapes)
    places = make_places(fit, shapes.streets, boxes)
    packed = risk_files(risk)
    with signers.at_hand(make=True) as private:
        agency = _agency_doc(source, source_toml, private, signers)
        documents = {"agency.json": agency, "grid.json": grid, "map.json": drawn}
        files = {name: _json(document) for name, document in documents.items()} | packed
        optional = {PLACES: _json(places)} if places is not None else {}
        manifest, on_keys = make_manifest(
            out, agency.id, ZoneInfo(agency.zone), files, terms, signers.doc, grid.rules, optional
        )
        size, notes = _write(out, files | optional, manifest, private)
    return BuildReport(
        directory=out,
        epsg=fit.grid.epsg,
        boxes=len(boxes),
        opt_out_boxes=sum(box.opt_out for box in boxes),
        districts=len({box.district for box in boxes}),
        beats=len({box.beat for box in boxes}),
        worst_mm=fit.worst_m * 1000.0,
        public_key=agency.public_key,
        key_created=private.created,
        manifest=manifest,
        signed=private.agency is not None,
        countersigned=private.previous is not None,
        size=size,
        places=_report(places, optional),
        notes=(*shapes.notes, *seams, *on_keys, *notes, *_without_model(source, packed), *_overdue(source)),
    )


def _report(places: PlacesDoc | None, optional: dict[str, bytes]) -> PlacesReport | None:
    if places is None:
        return None
    named = sum(first != NO_NAME for first in places.boxes[::2])
    return PlacesReport(len(places.names), named, len(optional[PLACES]))


def _overdue(source: AgencySource) -> Iterator[str]:
    """A note on a list of tactics whose review is overdue."""
    review = source.tactics_review
    if review is not None and review < datetime.now(ZoneInfo(source.zone)).date():
        yield f"tactics: the review of list {source.tactics_version} was due on {review}; set tactics_review"


def _without_model(source: AgencySource, packed: Collection[str]) -> Iterator[str]:
    """A note on types that were given a weight, where there are models, and none of these types."""
    models = {Path(name).stem for name in packed if name.endswith(".onnx")}
    lacking = dict.fromkeys(row.crime_type for row in source.planner.weights if row.crime_type not in models)
    if models and lacking:
        types = ", ".join(word("crime_type", name) for name in lacking)
        yield f"{types}: in planner.weights, but without a model, so computed plans draw no box for it"


def _fit(path: Path, shapes: Shapes) -> Fit:
    """The grid of the boundary. Raises UserError, naming its file, where there is none."""
    try:
        return fit_grid(shapes.boundary.bounds, shapes.boundary.centroid.x)
    except UserError as error:
        msg = f"{path}: {error}"
        raise UserError(msg) from error


def _write(out: Path, files: dict[str, bytes], manifest: Manifest, private: AtHand) -> tuple[int, tuple[str, ...]]:
    """Write all, have the models looked at as a car will, and put it in place; how many bytes, and notes."""
    whole = {**files, MANIFEST: manifest.canonical()}
    if private.agency is not None:
        whole[SIGNATURE] = signature_of(manifest, private.agency)
    if private.previous is not None:
        whole[COUNTERSIGNATURE] = signature_of(manifest, private.previous)
    with fresh_directory(out, whole) as fresh:
        try:
            notes = check_models(fresh, manifest)
        except UserError as error:
            raise UserError(str(error).replace(f"{fresh}/", "")) from error  # a folder that nobody will find
    return sum(map(len, whole.values())), notes


def _agency_doc(source: AgencySource, source_toml: Path, private: AtHand, signers: Signers) -> AgencyDoc:
    own = signers.doc.agency if signers.doc is not None else source.public_key
    public = own if private.agency is None else public_key_of(private.agency)
    if source.public_key not in (None, public):
        whose = signers.key or NAME
        msg = f"{source_toml}: public_key does not match {whose}; remove it here, or give the matching key"
        raise UserError(msg)
    return AgencyDoc(**{**source.model_dump(exclude={"sources"}), "public_key": public})


def _refuse_inside(out: Path, key: Path) -> None:
    """The agency directory is handed to every vehicle: the private key must lie elsewhere."""
    if out.resolve() in key.resolve().parents:
        msg = f"{key}: every vehicle gets the agency directory; keep the private key somewhere else"
        raise UserError(msg)


def _json(document: BaseModel) -> bytes:
    text = json.dumps(document.model_dump(mode="json"), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"
