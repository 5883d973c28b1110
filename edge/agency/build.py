"""Builds an agency bundle from ``agency.toml``, GeoJSON and a risk directory: what `edge.contract.bundle` verifies.

The same input gives the same bytes, but for the manifest's version and times. With the private key at hand it is signed
at once. A directory appears whole or not at all. Must not overwrite anything that is no agency directory, and must not
put the private key into one.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel

from edge.agency.boxes import make_boxes
from edge.agency.bundle import check_models, signature_of
from edge.agency.directory import fresh_directory, refuse_foreign
from edge.agency.fit import fit_grid
from edge.agency.layers import make_map
from edge.agency.pack import USUAL, Terms, make_manifest, risk_files
from edge.agency.source import AgencySource, read_shapes, read_source
from edge.contract.agency import AgencyDoc, BoxDoc, GridDoc
from edge.contract.manifest import MANIFEST, SIGNATURE, Manifest
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.domain.grid import Box, Grid
from edge.errors import UserError


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built: counts, the grid's worst distance from UTM in millimetres, and what had to be repaired.

    ``size``: bytes of all files.
    """

    directory: Path
    epsg: int
    boxes: int
    opt_out_boxes: int
    districts: int
    beats: int
    worst_mm: float
    key_created: bool
    manifest: Manifest
    signed: bool
    size: int
    notes: tuple[str, ...]


def build_agency(
    source_toml: Path, out: Path, key: Path | None = None, risk: Path | None = None, terms: Terms = USUAL
) -> BuildReport:
    """Build ``out`` from ``agency.toml``; an agency directory there is replaced.

    ``key``: the Ed25519 private key that bundle and plans are signed with, made where it is missing; its public half
    goes into ``agency.json``. None: the bundle is not signed. ``risk``: counts, layers, days and models. Raises
    UserError for every mistake in the input.
    """
    try:
        return _build(source_toml, out, key, risk, terms)
    except OSError as error:
        msg = f"{error.filename or out}: cannot be used ({error.strerror}); mend that, and build again"
        raise UserError(msg) from error


def _build(source_toml: Path, out: Path, key: Path | None, risk: Path | None, terms: Terms) -> BuildReport:
    refuse_foreign(out)
    _refuse_inside(out, key)
    source = read_source(source_toml)
    shapes = read_shapes(source.sources, source_toml.parent)
    fit = fit_grid(shapes.boundary.bounds, shapes.boundary.centroid.x)
    boxes = make_boxes(fit, shapes)
    source.planner.check({box.district for box in boxes})
    drawn = make_map(fit, shapes)
    packed = risk_files(risk)
    created = key is not None and not key.exists()
    with _new_key_only_if_built(key if created else None):
        private = None if key is None else load_private_key(key) if key.exists() else create_private_key(key)
        agency = _agency_doc(source, source_toml, private, key)
        documents = {"agency.json": agency, "grid.json": _grid_doc(fit.grid, boxes), "map.json": drawn}
        files = {name: _json(document) for name, document in documents.items()} | packed
        manifest = make_manifest(out, agency.id, ZoneInfo(agency.zone), files, terms)
        size, notes = _write(out, files, manifest, private)
    return BuildReport(
        directory=out,
        epsg=fit.grid.epsg,
        boxes=len(boxes),
        opt_out_boxes=sum(box.opt_out for box in boxes),
        districts=len({box.district for box in boxes}),
        beats=len({box.beat for box in boxes}),
        worst_mm=fit.worst_m * 1000.0,
        key_created=created,
        manifest=manifest,
        signed=private is not None,
        size=size,
        notes=(*shapes.notes, *notes),
    )


def _write(
    out: Path, files: dict[str, bytes], manifest: Manifest, private: Ed25519PrivateKey | None
) -> tuple[int, tuple[str, ...]]:
    """Write all, have the models looked at as a car will, and put it in place; how many bytes, and notes."""
    whole = {**files, MANIFEST: manifest.canonical()}
    if private is not None:
        whole[SIGNATURE] = signature_of(manifest, private)
    with fresh_directory(out, whole) as fresh:
        try:
            notes = check_models(fresh, manifest)
        except UserError as error:
            raise UserError(str(error).replace(f"{fresh}/", "")) from error  # a folder that nobody will find
    return sum(map(len, whole.values())), notes


@contextmanager
def _new_key_only_if_built(key: Path | None) -> Iterator[None]:
    """A key that this build makes does not outlive its failure: the next build would take it for an old one."""
    try:
        yield
    except BaseException:  # whatever it is goes on; only the key must not stay
        if key is not None:
            key.unlink(missing_ok=True)
        raise


def _agency_doc(
    source: AgencySource, source_toml: Path, private: Ed25519PrivateKey | None, key: Path | None
) -> AgencyDoc:
    public = source.public_key if private is None else public_key_of(private)
    if source.public_key not in (None, public):
        msg = f"{source_toml}: public_key is not that of {key}; remove it here, or name the key that it belongs to"
        raise UserError(msg)
    return AgencyDoc(**{**source.model_dump(exclude={"sources"}), "public_key": public})


def _grid_doc(grid: Grid, boxes: tuple[Box, ...]) -> GridDoc:
    return GridDoc(
        epsg=grid.epsg,
        lat0=grid.lat0,
        lon0=grid.lon0,
        scale=grid.scale,
        reach=grid.reach,
        east=grid.east,
        north=grid.north,
        boxes=tuple(
            BoxDoc(cell=box.cell, number=box.number, district=box.district, beat=box.beat, opt_out=box.opt_out)
            for box in boxes
        ),
    )


def _refuse_inside(out: Path, key: Path | None) -> None:
    """The agency directory is handed to every vehicle: the private key must lie elsewhere."""
    if key is not None and out.resolve() in key.resolve().parents:
        msg = f"{key}: every vehicle gets the agency directory, so the private key must lie elsewhere"
        raise UserError(msg)


def _json(document: BaseModel) -> bytes:
    text = json.dumps(document.model_dump(mode="json"), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode() + b"\n"
