"""Squaretown's risk directory: counts and small real models, as training would leave them, and what spoils one."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from edge.contract.agency import Agency
from edge.contract.manifest import MODEL_PARTS
from edge.domain.policy import CRIME_TYPES
from edge.risk.counts import WEIGHT, Counts, save_counts
from edge.risk.frame import Frame
from edge.risk.layers import Layers, save_layers
from edge.risk.selftest import load_selftest, save_selftest
from models.export.write import write
from models.train.findings import Findings
from models.train.trained import Trained
from tests.models.small_models import DATA, EVALUATED, PLACE, base_alone, drawn_for, small

TYPES: Final = ("homicide", "theft")


def trained_for(agency: Agency, trained: Trained) -> Trained:
    """A small model as if it had been trained on the agency's grid and layers."""
    boxes = len(agency.grid.boxes)
    frame, layers = Frame.of(agency.grid).digest(), Layers.none(boxes).digest()
    return replace(trained, frame_digest=frame, layers_digest=layers)


def export(directory: Path, agency: Agency, trained: Trained, /, **place: Any) -> None:
    """Write a model's files; ``place``: what differs from the agency's own."""
    shifts = tuple(rule.name for rule in agency.calendar.rules)
    own = replace(PLACE, **{"agency": agency.id, "shifts": shifts, **place})
    write(trained, directory, own, [drawn_for(trained, 90, 0), drawn_for(trained, 91, 1)], DATA, Findings(), EVALUATED)


def risk_directory(folder: Path, agency: Agency) -> Path:
    """``folder/risk``: counts, layers without a column, and models of theft (with trees) and homicide (without)."""
    risk = folder / "risk"
    (risk / "models").mkdir(parents=True)
    save_counts(risk / "counts.npz", counts(box=0))
    save_layers(risk / "layers.npz", Layers.none(len(agency.grid.boxes)))
    for one in (small(), base_alone()):
        export(risk / "models", agency, trained_for(agency, one))
    return risk


def counts(box: int) -> Counts:
    """One theft in a box (its number less 1)."""
    kind, day = CRIME_TYPES.index("theft"), 739_000
    columns = {"kind": kind, "box": box, "day": day, "shift": 0, "known": day, "weight": WEIGHT}
    return Counts.of({name: np.array([value]) for name, value in columns.items()}, day - 9, day + 9)


def _no(part: str) -> Callable[[Path], None]:
    return lambda models: (models / f"theft{part}").unlink()


def _another_card(models: Path) -> None:
    shutil.copy(models / "homicide.card.json", models / "theft.card.json")


def _broken_card(models: Path) -> None:
    (models / "theft.card.json").write_text("{}")


def _another_self_test(models: Path) -> None:
    shutil.copy(models / "homicide.selftest.npz", models / "theft.selftest.npz")


def _failing_self_test(models: Path) -> None:
    path = models / "theft.selftest.npz"
    test = load_selftest(path)
    save_selftest(path, replace(test, risk=test.risk * (1.0 + 1e-6)))


def _no_onnx(models: Path) -> None:
    """A file that is no model, with a card that says it is its own."""
    content = b"no model at all"
    old = (models / "theft.onnx").read_bytes()
    (models / "theft.onnx").write_bytes(content)
    card = (models / "theft.card.json").read_text()
    (models / "theft.card.json").write_text(card.replace(_sha(old), _sha(content)))


def _denied(models: Path) -> None:
    for part in MODEL_PARTS:
        shutil.copy(models / f"theft{part}", models / f"narcotics{part}")


def _another_types(models: Path) -> None:
    for part in MODEL_PARTS:
        shutil.copy(models / f"theft{part}", models / f"robbery{part}")


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


MISSING: Final[dict[str, tuple[Callable[[Path], None], str]]] = {
    "no card": (_no(".card.json"), "models/theft.card.json: missing"),
    "no card to read": (_no(".card.md"), "models/theft.card.md: missing"),
    "no self-test": (_no(".selftest.npz"), "models/theft.selftest.npz: missing"),
    "a denied type": (_denied, "models/narcotics.onnx: "),
}
"""What may lack, or be too much, in a folder of models: how to make it so, and what the sentence says of it."""

SPOILT: Final[dict[str, tuple[Callable[[Path], None], str]]] = {
    "another's card": (_another_card, "models/theft.card.json: this card belongs to another model file"),
    "a broken card": (_broken_card, "models/theft.card.json: not a valid model card"),
    "another's self-test": (
        _another_self_test,
        "models/theft.selftest.npz: this self-test belongs to another model file",
    ),
    "a self-test that fails": (_failing_self_test, "models/theft.selftest.npz: the model fails its self-test in"),
    "no model": (_no_onnx, "models/theft.onnx: onnxruntime cannot load it"),
    "another type's model": (_another_types, "models/robbery.onnx: contains a theft model"),
}
"""As `MISSING`, of files that are all there."""
