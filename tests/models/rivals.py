"""A model trained before some days, beside its best rival on them: what no city may lose by. A helper."""

from dataclasses import replace
from typing import Final

import numpy as np

from edge.risk.features import World
from models.evaluate.baselines import SIMPLE, forecasts
from models.evaluate.parts import city_of
from models.evaluate.tuning import tune
from models.train.bootstrap import Weeks
from models.train.forecast import forecast
from models.train.metrics import Floats, Ints, deviance, truth
from models.train.settings import Settings
from models.train.train import train

TUNED: Final = 60
"""Days before the first on which the rivals are tuned."""


def expected_by_model(world: World, kind: int, days: Ints, settings: Settings) -> Floats:
    """What a model trained before the first day forecasts of each."""
    trained = train(world, kind, int(days[0]), settings)
    return np.stack([forecast(trained, known(world, int(day)), int(day)) for day in days])


def known(world: World, day: int) -> World:
    """The world at 00:00 of a day."""
    return replace(world, counts=world.counts.known_before(day))


def over_best_rival(world: World, kind: int, days: Ints, settings: Settings) -> dict[str, float]:
    """D² over the best rival's in hindsight, with its interval; rivals are tuned on the days before."""
    city, counts, first = city_of(world.frame, world.shifts), world.counts, int(days[0])
    y = truth(counts, kind, days, world.shifts, world.frame.size)

    def daily(expected: Floats) -> Floats:
        return np.asarray(deviance(y, expected).sum(axis=1), dtype=np.float64)

    tuned = tune(counts.known_before(first), kind, np.arange(first - TUNED, first), city)
    rivals = {name: daily(forecasts(one, counts, kind, days, city)) for name, one in tuned.items()}
    best = min((rivals[name] for name in SIMPLE), key=lambda one: float(one.sum()))
    model = daily(expected_by_model(world, kind, days, settings))
    return Weeks(len(days)).interval(lambda a, b, u: (b - a) / u, model, best, rivals["uniform"])
