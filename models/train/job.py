"""One type of one agency, trained and measured: a job that needs nothing but its own values, here or on a cluster.

Figures for the card come from a model of the same making that saw none of the last twelve weeks. Must not read or
write a file.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from edge.errors import UserError
from edge.risk.features import Recipe, World, rows
from edge.risk.model import Window
from models.train.findings import Findings
from models.train.forecast import forecast
from models.train.measure import ablations, additivity, measured
from models.train.metrics import truth
from models.train.sample import SETTLED, Cache
from models.train.settings import Settings
from models.train.train import new_cache, train
from models.train.trained import Drawn, Trained, holdings
from models.train.tried import TRIED

Floats: TypeAlias = NDArray[np.float64]

WEEKS: Final = 12
"""Held out from the model that is measured."""
LEAST_HISTORY: Final = 365
"""Settled days before those weeks; with fewer nothing is measured, for a model of so little would say little."""
ABLATION_STEP: Final = 4
"""Ablations forecast every fourth of those days."""


TOO_FEW: Final = "Not measured: without the last twelve weeks there is too little data to train a model."


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What to train; ``world`` holds all counts, ``until`` (ordinal) is the first day not known."""

    world: World
    kind: int
    until: int
    settings: Settings
    seed: int
    off: tuple[str, ...] = ()
    ablate: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A model, what was measured of its kind, and real rows to prove its file on."""

    trained: Trained
    findings: Findings
    drawn: tuple[Drawn, ...]


def attempt(job: Job) -> Result | str:
    """What `run` gives; the sentence of its UserError where there is too little to train on."""
    try:
        return run(job)
    except UserError as error:
        return str(error)


def run(job: Job) -> Result:
    """Train and measure. Raises UserError as `train` does."""
    known = replace(job.world, counts=job.world.counts.known_before(job.until))
    cache = new_cache(known, job.kind, job.settings, job.seed)
    trained = train(known, job.kind, job.until, job.settings, job.seed, cache, job.off)
    drawn = tuple(
        Drawn(rows(known, trained.recipe, job.kind, job.until, shift), shift) for shift in range(known.shifts)
    )
    return Result(trained, findings_of(job, known, cache, trained), drawn)


def findings_of(job: Job, known: World, cache: Cache, trained: Trained) -> Findings:
    """Figures, calibration, and, if asked for, what each group of the model and the constraint on trees are worth."""
    end = job.until - SETTLED
    first = end - 7 * WEEKS
    if first - known.counts.first < LEAST_HISTORY:
        return Findings(tried=TRIED)
    days = np.arange(first, end)
    observed = truth(known.counts, job.kind, days, known.shifts, known.frame.size)

    def shadow(recipe: Recipe, additive: bool, step: int = ABLATION_STEP) -> Floats:
        off = tuple(group for group in cache.recipe.groups if group not in recipe.groups)
        settings = replace(job.settings, additive=additive)
        model = train(known, job.kind, first, settings, job.seed, cache, off)
        return np.stack([forecast(model, known, int(day)) for day in days[::step]])

    recipe = cache.recipe.without(job.off)
    try:
        whole = shadow(recipe, additive=True, step=1)
    except UserError:
        return Findings(limits=(TOO_FEW,), tried=TRIED)
    figures, bins = measured(observed, whole, Window(first=date.fromordinal(first), last=date.fromordinal(end - 1)))
    if not job.ablate:
        return Findings(figures=figures, calibration=bins, tried=TRIED)
    some, expected = observed[::ABLATION_STEP], whole[::ABLATION_STEP]
    return Findings(
        figures=figures,
        calibration=bins,
        ablation=ablations(recipe, holdings(trained.recipe), shadow, some, expected),
        additivity=additivity(recipe, shadow, some, expected) if trained.boosters else None,
        tried=TRIED,
    )
