"""What a bundle takes from a risk directory, and its manifest: version, time, expiry, SHA-256 of every file.

No model without its card and self-test, and none of a type that may not be forecast. Must not sign.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from edge.agency.keys import Named, named_in
from edge.agency.keys_file import KeysDoc
from edge.contract.bundle import read_manifest
from edge.contract.manifest import MANIFEST, MODEL_PARTS, PLOT, RISK_FILES, Manifest, OptionalFile
from edge.contract.messages import BEYOND
from edge.contract.plain_file import MOST
from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError

VALID_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Terms:
    """A bundle's version and life. ``version``: None is one more than the one replaced; ``created``: None is now.

    ``last_day``: the last local day on which it is not expired; None is ``valid_days`` after it was made.
    """

    version: int | None = None
    created: datetime | None = None
    last_day: date | None = None
    valid_days: int = VALID_DAYS


USUAL: Final = Terms()


def risk_files(risk: Path | None) -> dict[str, bytes]:
    """The files of a risk directory by their names in the bundle; none where there is no risk directory.

    Raises UserError naming a model of a denied type, or one whose card, self-test or counts are missing.
    """
    if risk is None:
        return {}
    if not risk.is_dir():
        msg = f"{risk}: not a directory; give the one that `roundsman models train` wrote"
        raise UserError(msg)
    wanted = [name for name in RISK_FILES if (risk / name).is_file()]
    models = sorted(path.name.removesuffix(".onnx") for path in (risk / "models").glob("*.onnx"))
    if models and "counts.npz" not in wanted:
        msg = f"{risk / 'counts.npz'}: missing, but the models need it; run `roundsman models train` again"
        raise UserError(msg)
    for crime_type in models:
        wanted += _parts(risk, crime_type)
    if not wanted:
        msg = f"{risk}: contains no counts or models; give the directory that `roundsman models train` wrote"
        raise UserError(msg)
    return {name: (risk / name).read_bytes() for name in wanted}


def _parts(risk: Path, crime_type: str) -> list[str]:
    if crime_type not in CRIME_TYPES:
        types = ", ".join(CRIME_TYPES)
        msg = (
            f"{risk}/models/{crime_type}.onnx: {crime_type!r} is not an allowed crime type; remove it (allowed: "
            f"{types})"
        )
        raise UserError(msg)
    names = [f"models/{crime_type}{part}" for part in MODEL_PARTS]
    for name in names:
        if not (risk / name).is_file():
            msg = f"{risk / name}: missing; a model needs its card and self-test, so retrain {crime_type}"
            raise UserError(msg)
    plot = f"models/{crime_type}{PLOT}"
    return [*names, plot] if (risk / plot).is_file() else names


def make_manifest(
    out: Path,
    agency: str,
    zone: ZoneInfo,
    files: Mapping[str, bytes],
    terms: Terms,
    doc: KeysDoc | None = None,
    rules: tuple[str, ...] = (),
    optional: Mapping[str, bytes] = MappingProxyType({}),
) -> tuple[Manifest, tuple[str, ...]]:
    """The manifest of the files that are to replace ``out``, and notes on the keys that it names.

    ``rules``: what a reader must know to obey it; ``optional``: files that a car can do without.
    Raises UserError where the terms cannot be, or a file is larger than a car reads.
    """
    for name, content in (*files.items(), *optional.items()):
        if len(content) > MOST:
            msg = f"{name}: has {len(content):,} bytes, more than the {MOST:,} that a car accepts; make it smaller"
            raise UserError(msg)
    created = (terms.created or datetime.now(UTC)).replace(microsecond=0)
    expires = _expires(created, zone, terms)
    named = named_in(doc, zone, created, expires) if doc is not None else Named({}, ())
    manifest = Manifest(
        must_understand=rules,
        agency=agency,
        version=_version(out, agency, terms.version),
        created=created,
        expires=expires,
        files={name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())},
        keys=named.keys,
        sizes={name: len(content) for name, content in sorted(files.items())} if named.keys else {},
        optional={
            name: OptionalFile(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
            for name, content in sorted(optional.items())
        },
    )
    return manifest, named.notes


def _version(out: Path, agency: str, wanted: int | None) -> int:
    """One more than that of the bundle replaced; a lower one would be refused by every car."""
    try:
        replaced = read_manifest(out) if (out / MANIFEST).exists() else None
    except UserError:
        replaced = None  # it is replaced, whatever is wrong with it
    last = replaced.version if replaced is not None and replaced.agency == agency else 0
    if wanted is not None and wanted <= last:
        msg = f"--version: {out} is already version {last}; give a higher number"
        raise UserError(msg)
    return wanted or last + 1


def _expires(created: datetime, zone: ZoneInfo, terms: Terms) -> datetime:
    last = terms.last_day or created.astimezone(zone).date() + timedelta(days=terms.valid_days)
    expires = datetime.combine(last + timedelta(days=1), time(), zone).astimezone(UTC)
    if not created < expires < BEYOND:
        msg = f"--expires: {last} must be after {created:%Y-%m-%d} and before {BEYOND:%Y}"
        raise UserError(msg)
    return expires
