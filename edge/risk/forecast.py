"""A forecast: expected incidents of every crime type in every box for one shift, with the exact parts of each.

The same bundle, context and shift give the same forecast, and its hashes say so. Must not draw a plan, and must not
read a clock.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import rfc8785
from numpy.typing import NDArray

from edge.contract.agency import Agency
from edge.contract.context import ContextDoc
from edge.contract.plan_bounds import check_shift
from edge.domain.events import ForecastMade
from edge.domain.policy import CRIME_TYPES
from edge.risk.bundle import open_models
from edge.risk.features import Rows, World, map_group, rows
from edge.risk.model import ModelMeta
from edge.risk.scorer import Scorer, Scores, risk_units
from edge.risk.update import updated
from edge.text.coded import CodedError
from edge.text.words import Notice

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle's models by crime type. ``bundle``: SHA-256 of its manifest; ``refused``: why others are not used."""

    bundle: str
    scorers: Mapping[str, Scorer]
    refused: tuple[Notice, ...] = ()


def open_bundle(directory: Path, agency: Agency, key: str | None = None) -> Opened:
    """The models of a bundle. ``key``: the public key it must be signed with; None at headquarters."""
    models, refused = open_models(directory, agency, key)
    return Opened(agency.hash, {name: model.scorer for name, model in models.items()}, refused)


def require_models(opened: Opened, directory: Path) -> None:
    """Raises CodedError where no model of the bundle in ``directory`` may be used: why each was refused."""
    if opened.refused and not opened.scorers:
        raise CodedError("risk.none_usable", path=str(directory), whys=opened.refused)
    if not opened.scorers:
        raise CodedError("risk.no_models", path=str(directory))


@dataclass(frozen=True, eq=False)  # no slots: it keeps its percentiles
class TypeForecast:
    """One crime type. ``shares``: by group of maps, float64[boxes], its part of the base; ``units``: risk in 10⁻⁶."""

    meta: ModelMeta
    scores: Scores
    shares: Mapping[str, Floats]
    units: Ints

    @cached_property
    def percentile(self) -> Floats:
        """Of 100 boxes, how many have less risk than each."""
        ordered = np.sort(self.units)
        found: Floats = 100.0 * np.searchsorted(ordered, self.units) / max(len(ordered), 1)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """All types of a shift: its id, day (ordinal) and index. ``known_to``: the last day whose incidents are counted.

    ``inputs``: SHA-256 of all it was made of; ``output``: of every box's units; ``remarks``: what was left out, why.
    """

    shift: str
    day: int
    index: int
    types: Mapping[str, TypeForecast]
    known_to: date
    inputs: str
    output: str
    remarks: tuple[Notice, ...] = ()


def known_for(
    world: World, agency: Agency, shift: str, context: ContextDoc | None
) -> tuple[World, ContextDoc | None, tuple[Notice, ...]]:
    """The world as a forecast of a shift's date may know it, the context it was made with, and what to warn of.

    ``world``: the bundle's. A context that continues other counts is left out, with a warning.
    """
    if context is None:
        return world, None, ()
    try:
        return updated(world, context, agency.calendar, day_and_index(shift, agency)[0]), context, ()
    except CodedError as error:
        return world, None, (Notice("risk.context_not_used", {"why": error.why}, "warning"),)


def forecast(
    opened: Opened, world: World, agency: Agency, shift: str, context: str = "", types: Collection[str] = CRIME_TYPES
) -> Forecast:
    """The forecast of a shift. ``world``: as `known_for` gives it; ``context``: the digest of the one used in it.

    Raises CodedError where the agency has no such shift, or a model needs features that the bundle does not have.
    """
    day, index = day_and_index(shift, agency)
    if day <= world.counts.first:
        begins = date.fromordinal(world.counts.first).isoformat()
        raise CodedError("risk.nothing_before", shift=shift, begins=begins)
    chosen = [name for name in CRIME_TYPES if name in types and name in opened.scorers]
    scored = {name: _score(opened.scorers[name], world, name, day, index) for name in chosen}
    remarks = tuple(
        Notice("risk.model_expired", {"crime_type": name, "date": one.meta.expires.isoformat()}, "warning")
        for name, one in scored.items()
        if day >= one.meta.expires.toordinal()
    )
    known_to = date.fromordinal(min(world.counts.last, day - 1))
    inputs = _inputs(opened, world, scored, shift, context)
    return Forecast(shift, day, index, scored, known_to, inputs, _output(scored), remarks)


def day_and_index(shift: str, agency: Agency) -> tuple[int, int]:
    """The ordinal of a shift's date, and its place in the agency's day. Raises CodedError where it has none such."""
    check_shift(shift, agency)
    name = agency.calendar.shift(shift).name
    on = date.fromisoformat(shift.partition("/")[0])
    return on.toordinal(), [rule.name for rule in agency.calendar.rules].index(name)


def forecast_made(forecast: Forecast, opened: Opened, number: int) -> ForecastMade:
    """What the ledger says of a forecast. ``number``: its context's, 0 where none was used."""
    models = tuple((name, opened.scorers[name].sha256) for name in forecast.types)
    return ForecastMade(
        forecast.shift, models, number, forecast.inputs, forecast.output, tuple(map(_coded, opened.refused))
    )


def _coded(refusal: Notice) -> str:
    """A refusal as the ledger has it, whose texts are codes: ``theft: model.fails_selftest``."""
    return f"{refusal.values.get('crime_type', 'all')}: {refusal.values['why'].code}"


def _score(scorer: Scorer, world: World, name: str, day: int, index: int) -> TypeForecast:
    try:
        given = rows(world, scorer.meta.recipe, CRIME_TYPES.index(name), day, index)
    except ValueError as error:
        raise CodedError("model.no_features", crime_type=name, detail=str(error)) from error
    return scored_by(scorer, given, index)


def scored_by(scorer: Scorer, given: Rows, shift: int) -> TypeForecast:
    """The forecast of some rows by a model; ``shift``: its index."""
    scores, by_map = scorer.score(given, shift), scorer.shares(given, shift)
    shares: dict[str, Floats] = {}
    for index, name in enumerate(scorer.meta.maps):
        group = map_group(name, scorer.meta.crime_type)
        shares[group] = shares.get(group, 0.0) + by_map[:, index]
    return TypeForecast(scorer.meta, scores, shares, risk_units(scores.risk))


def _inputs(opened: Opened, world: World, scored: Mapping[str, TypeForecast], shift: str, context: str) -> str:
    """Everything the forecast depends on: models, counts as they were used, layers, days, events, grid, shift."""
    document: dict[str, Any] = {
        "bundle": opened.bundle,
        "context": context,
        "shift": shift,
        "models": {name: opened.scorers[name].sha256 for name in scored},
        "counts": world.counts.digest(),
        "layers": world.layers.digest(),
        "days": world.days.digest(),
        "events": world.events.digest(),
        "grid": world.frame.digest(),
    }
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def _output(scored: Mapping[str, TypeForecast]) -> str:
    found = hashlib.sha256()
    for name, one in scored.items():
        found.update(f"{name};{len(one.units)};".encode())
        found.update(np.ascontiguousarray(one.units, dtype="<i8").tobytes())
    return found.hexdigest()
