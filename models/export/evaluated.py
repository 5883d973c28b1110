"""Puts an evaluation's figures into the cards of models that exist: what ``roundsman models evaluate`` found of a type.

The evaluation judges the way a model is made, refitted again and again on a past year; the card says so. The model file
stays as it is. Must not compute a figure.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from edge.errors import UserError
from edge.risk.card import Bin, Card, Figures, check_card
from edge.risk.model import Window
from edge.text.mistakes import explain
from models.export.card_files import write_whole, writers
from models.export.facts import absent_groups
from models.train.findings import Findings, figures_of

MEASURED_ON: Final = (
    "Daily forecasts of a past period by models built the same way and refitted over time; 95% intervals by"
    " resampling weeks."
)


def evaluated_findings(path: Path, crime_type: str, findings: Findings) -> Findings:
    """The findings with figures and calibration of an evaluation's JSON. Raises UserError where it lacks the type."""
    document = _document(path)
    try:
        figures = _figures(document, crime_type)
        bins = document["types"][crime_type]["calibration"]["bins"]
        pairs = zip(bins["expected"], bins["observed"], strict=True)
        calibration = tuple(Bin(expected=mu, observed=y) for mu, y in pairs)
    except (KeyError, TypeError, ValueError) as error:
        why = explain(error) if isinstance(error, ValidationError) else f"{type(error).__name__}: {error}"
        msg = f"{path}: has no complete evaluation of {crime_type} ({why}); run `roundsman models evaluate` for it"
        raise UserError(msg) from error
    return replace(findings, figures=figures, calibration=calibration)


def evaluated_types(path: Path) -> frozenset[str]:
    """The crime types that an evaluation's JSON has. Raises UserError where it has none, or is none."""
    types = _document(path).get("types")
    if not isinstance(types, Mapping) or not types:
        msg = f"{path}: has no evaluated types; give the JSON that `roundsman models evaluate` wrote"
        raise UserError(msg)
    return frozenset(types)


def put_into_card(directory: Path, crime_type: str, evaluation: Path) -> Card:
    """Write the cards of a model in ``directory`` anew, with an evaluation's figures. Raises UserError."""
    model, path = directory / f"{crime_type}.onnx", directory / f"{crime_type}.card.json"
    try:
        card = check_card(path.read_bytes(), model.read_bytes(), str(path))
    except OSError as error:
        msg = f"{error.filename}: {error.strerror}; give a models directory and a type it contains"
        raise UserError(msg) from error
    kept = Findings(ablation=card.ablation, additivity=card.additivity)
    found = evaluated_findings(evaluation, crime_type, kept)
    changes = {
        "figures": found.figures,
        "calibration": found.calibration,
        "not_measured": (*found.unmeasured(), *absent_groups([group.name for group in card.groups])),
    }
    card = card.model_copy(update=changes)
    write_whole(directory, writers(card))
    return card


def _figures(document: Mapping[str, Any], crime_type: str) -> Figures:
    tested = document["tested_on"]
    days = Window.model_validate({"first": tested["from"], "last": tested["to"]})
    return figures_of(document["types"][crime_type], MEASURED_ON, days)


def _document(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        msg = f"{path}: {error.strerror}; give the JSON that `roundsman models evaluate` wrote"
        raise UserError(msg) from error
    except ValueError as error:
        msg = f"{path}: not JSON ({error}); give the file that `roundsman models evaluate` wrote"
        raise UserError(msg) from error
    return document if isinstance(document, Mapping) else {}
