"""The model under evaluation: what `models.train` fits, and its forecasts. Must not tune, nor see past its world."""

from typing import Final

from edge.risk.features import World
from models.train.forecast import forecast
from models.train.metrics import Floats
from models.train.sample import Cache
from models.train.settings import Settings
from models.train.train import new_cache, train
from models.train.trained import Trained

SEED: Final = 0


class TrainedModel:
    """A `models.evaluate.runner.Modeller` of one crime type; it keeps the rows it made from one fit to the next."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._cache: Cache | None = None

    def fit(self, world: World, kind: int, day: int) -> Trained:
        """Train on what is known before the day."""
        if self._cache is None or self._cache.kind != kind:
            self._cache = new_cache(world, kind, self.settings, SEED)
        return train(world, kind, day, self.settings, SEED, self._cache)

    def chosen(self, model: Trained) -> str:
        """The candidate that the fit's held-out weeks chose."""
        return model.chosen

    def forecast(self, model: Trained, world: World, day: int) -> Floats:
        """float64[shifts, boxes] of a day."""
        return forecast(model, world, day)
