"""A bundle's models, opened: whatever is wrong with one switches its crime type off, with one notice.

No model without its card and self-test, of another agency or grid, or of a type that may not be forecast. Files are
hashed again as they are opened. Must not refuse a bundle: metering goes on without any model.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from edge.contract import bundle
from edge.contract.agency import Agency
from edge.contract.keys import Keyring
from edge.contract.manifest import MODEL_PARTS, RISK_FILES, Manifest
from edge.domain.policy import CRIME_TYPES
from edge.risk.card import Card, check_card
from edge.risk.frame import Frame
from edge.risk.model import ModelMeta
from edge.risk.scorer import Scorer
from edge.risk.selftest import load_selftest, self_test
from edge.text.coded import CodedError
from edge.text.words import Notice


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A model that may be used: its session and its card."""

    scorer: Scorer
    card: Card

    @property
    def meta(self) -> ModelMeta:
        """What the model file says of itself."""
        return self.scorer.meta


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a model must have been trained for: the agency's id, its grid's hash, the names of its shifts."""

    agency: str
    grid: str
    shifts: tuple[str, ...]


def open_models(directory: Path, agency: Agency, key: str | None = None) -> tuple[dict[str, Model], tuple[Notice, ...]]:
    """The usable models by crime type, and a notice for each thing that is refused.

    ``agency``: as loaded from the directory; ``key``: the public key that the bundle must be signed with (None: it has
    been verified, or lies at headquarters). Counts, layers or days that are not the manifest's switch every model off.
    """
    try:
        manifest = _manifest(directory, key)
        _check_hashes(directory, manifest, [name for name in RISK_FILES if name in manifest.files])
    except CodedError as error:
        return {}, (Notice("model.all_off", {"why": error.why}),)
    models: dict[str, Model] = {}
    refusals: list[Notice] = []
    scope = _Scope(agency.id, Frame.of(agency.grid).digest(), tuple(rule.name for rule in agency.calendar.rules))
    for crime_type in manifest.crime_types:
        try:
            models[crime_type] = _open(directory, manifest, crime_type, scope)
        except CodedError as error:
            refusals.append(Notice("model.off", {"crime_type": crime_type, "why": error.why}))
    return models, tuple(refusals)


def _manifest(directory: Path, key: str | None) -> Manifest:
    manifest = bundle.read_manifest(directory)
    if key is not None:
        signed = bundle.read_signature(directory)
        bundle.check_body(directory, manifest, signed)
        bundle.check_signature(directory, signed, Keyring(key))
    return manifest


def _open(directory: Path, manifest: Manifest, crime_type: str, scope: _Scope) -> Model:
    if crime_type not in CRIME_TYPES:
        raise CodedError("model.no_type", file=f"models/{crime_type}.onnx", found=crime_type, allowed=CRIME_TYPES)
    files = {part: f"models/{crime_type}{part}" for part in MODEL_PARTS}
    _check_hashes(directory, manifest, files.values())
    data = (directory / files[".onnx"]).read_bytes()
    card = check_card((directory / files[".card.json"]).read_bytes(), data, files[".card.json"])
    scorer = Scorer(data, files[".onnx"])
    _check_scope(scorer.meta, card, crime_type, scope)
    self_test(scorer, load_selftest(directory / files[".selftest.npz"]), files[".selftest.npz"])
    return Model(scorer, card)


def _check_hashes(directory: Path, manifest: Manifest, names: Iterable[str]) -> None:
    for name in names:
        if name not in manifest.files:
            raise CodedError("model.missing", file=name)
        if bundle.file_hash(directory, name, manifest.sizes.get(name)) != manifest.files[name]:
            raise CodedError("bundle_file.other_hash", path=name)


def _check_scope(meta: ModelMeta, card: Card, crime_type: str, scope: _Scope) -> None:
    """The model is of this type, agency, grid and calendar."""
    file = f"models/{crime_type}.onnx"
    if not meta.crime_type == card.crime_type == crime_type:
        raise CodedError("model.other_type", file=file, actual=meta.crime_type, card=card.crime_type)
    if not meta.agency == card.agency == scope.agency:
        raise CodedError("model.other_agency", file=file, found=meta.agency, agency=scope.agency)
    if meta.grid_hash != scope.grid:
        raise CodedError("model.other_grid", file=file)
    if meta.shifts != scope.shifts:
        raise CodedError("model.other_shifts", file=file, shifts=meta.shifts)
