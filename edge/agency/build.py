"""Builds an agency directory from ``agency.toml`` and GeoJSON: what `edge.contract.agency` reads.

The same input gives the same bytes. A directory appears whole or not at all. Must not overwrite anything that is no
agency directory, and must not put the private key into one.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from edge.agency.boxes import make_boxes
from edge.agency.fit import fit_grid
from edge.agency.layers import make_map
from edge.agency.source import read_shapes, read_source
from edge.contract.agency import FILES, AgencyDoc, BoxDoc, GridDoc
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.domain.grid import Box, Grid
from edge.errors import UserError


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built: counts, the grid's worst distance from UTM in millimetres, and what had to be repaired."""

    directory: Path
    epsg: int
    boxes: int
    opt_out_boxes: int
    districts: int
    beats: int
    worst_mm: float
    key_created: bool
    notes: tuple[str, ...]


def build_agency(source_toml: Path, out: Path, key: Path | None = None) -> BuildReport:
    """Build ``out`` from ``agency.toml``; an agency directory there is replaced.

    ``key``: the Ed25519 private key that plans will be signed with, made where it is missing; its public half goes into
    ``agency.json``. Raises UserError for every mistake in the input.
    """
    try:
        return _build(source_toml, out, key)
    except OSError as error:
        msg = f"{error.filename or out}: cannot be used ({error.strerror}); mend that, and build again"
        raise UserError(msg) from error


def _build(source_toml: Path, out: Path, key: Path | None) -> BuildReport:
    _refuse_foreign(out)
    _refuse_inside(out, key)
    source = read_source(source_toml)
    shapes = read_shapes(source.sources, source_toml.parent)
    fit = fit_grid(shapes.boundary.bounds, shapes.boundary.centroid.x)
    boxes = make_boxes(fit, shapes)
    drawn = make_map(fit, shapes)
    created = key is not None and not key.exists()
    with _new_key_only_if_built(key if created else None):
        public_key = _public_key(source, source_toml, key)
        agency = AgencyDoc(**{**source.model_dump(exclude={"sources"}), "public_key": public_key})
        _write(out, {"agency.json": agency, "grid.json": _grid_doc(fit.grid, boxes), "map.json": drawn})
    return BuildReport(
        directory=out,
        epsg=fit.grid.epsg,
        boxes=len(boxes),
        opt_out_boxes=sum(box.opt_out for box in boxes),
        districts=len({box.district for box in boxes}),
        beats=len({box.beat for box in boxes}),
        worst_mm=fit.worst_m * 1000.0,
        key_created=created,
        notes=shapes.notes,
    )


@contextmanager
def _new_key_only_if_built(key: Path | None) -> Iterator[None]:
    """A key that this build makes does not outlive its failure: the next build would take it for an old one."""
    try:
        yield
    except BaseException:  # whatever it is goes on; only the key must not stay
        if key is not None:
            key.unlink(missing_ok=True)
        raise


def _public_key(source: AgencyDoc, source_toml: Path, key: Path | None) -> str | None:
    if key is None:
        return source.public_key
    public = public_key_of(load_private_key(key) if key.exists() else create_private_key(key))
    if source.public_key not in (None, public):
        msg = f"{source_toml}: public_key is not that of {key}; remove it here, or name the key that it belongs to"
        raise UserError(msg)
    return public


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


def _refuse_foreign(out: Path) -> None:
    """Only an agency directory, an empty one or nothing at all may be replaced."""
    if not out.parent.is_dir():
        msg = f"{out}: the directory {out.parent} does not exist; make it first"
        raise UserError(msg)
    if not out.exists():
        return
    held = {each.name for each in out.iterdir()} if out.is_dir() else {out.name}
    if out.is_symlink() or not (held == {*FILES, "manifest.json"} or (out.is_dir() and not held)):
        msg = f"{out}: something other than an agency directory is there; name another directory, or move it away"
        raise UserError(msg)


def _refuse_inside(out: Path, key: Path | None) -> None:
    """The agency directory is handed to every vehicle: the private key must lie elsewhere."""
    if key is not None and out.resolve() in key.resolve().parents:
        msg = f"{key}: every vehicle gets the agency directory, so the private key must lie elsewhere"
        raise UserError(msg)


def _write(out: Path, documents: dict[str, BaseModel]) -> None:
    """Write beside, then rename. An older directory is set aside for the moment between two renames."""
    files = {name: _json(document.model_dump(mode="json")) for name, document in documents.items()}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files["manifest.json"] = _json({"files": hashes})
    try:
        with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as beside:
            fresh = Path(beside) / "new"
            fresh.mkdir()
            for name, content in files.items():
                _write_file(fresh / name, content)
            _swap(fresh, out, Path(beside) / "old")
    except OSError as error:
        msg = f"{out}: cannot be written ({error.strerror}); mend that, and build again"
        raise UserError(msg) from error


def _swap(fresh: Path, out: Path, aside: Path) -> None:
    if out.exists():
        out.rename(aside)
    try:
        fresh.rename(out)
    except OSError:
        if aside.exists():
            aside.rename(out)
        raise


def _write_file(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode() + b"\n"
