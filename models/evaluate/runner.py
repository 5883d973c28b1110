"""Rolling-origin forecasts of one crime type, kept on disk so that a run that was ended goes on where it stood.

The folder of a type holds ``tuned.json`` (the rivals), ``model-NN.pickle`` (fitted before the NN-th span of days),
``forecast-LAG-NN.npy`` (float32 [days, shifts, boxes]), ``statistics-LAG.npz``, ``area-LAG.json`` and ``limit.npy``.
Whoever fits or forecasts is given a world that holds nothing later than may be known, so no leak is possible whatever
it does. Must not draw a table.
"""

import io
import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from edge.domain.policy import CRIME_TYPES
from edge.risk.features import World
from edge.text.whole_file import write_whole
from models.evaluate.baselines import BOX_SHIFTS, NAMES, Baseline, forecasts
from models.evaluate.figures import MODEL
from models.evaluate.limit import limit_hits, long_enough
from models.evaluate.own_area import AreaFigures, area_figures, horizons, over, own_boxes
from models.evaluate.parts import Part
from models.evaluate.period import Period
from models.evaluate.planning import Planned, summary
from models.evaluate.setting import Setting
from models.evaluate.statistics import TOP, Statistics, load, save, statistics
from models.evaluate.summary import POOLED
from models.evaluate.tuning import tune
from models.train.metrics import AREAS, Floats, Ints, deviance, hits, truth

PLAN_DAYS: Final = 21
"""Plans are compared on spans of so many days."""
LAGGED: Final = ("uniform", *BOX_SHIFTS)
"""The rivals that are shown with older data, too."""


class Modeller(Protocol):
    """What is evaluated."""

    def fit(self, world: World, kind: int, day: int) -> Any:
        """A model of a crime type for the days from ``day`` on; the world knows nothing of them. Picklable."""

    def chosen(self, model: Any) -> str:
        """The name of the candidate that a model is."""

    def forecast(self, model: Any, world: World, day: int) -> Floats:
        """float64[shifts, boxes]: expected counts of a day; the world knows what was known then."""


class TypeRun:
    """The evaluation of one crime type."""

    def __init__(self, setting: Setting, period: Period, crime_type: str, work: Path, log: Callable[[str], None]):
        self.setting, self.period, self.crime_type, self.log = setting, period, crime_type, log
        self.kind = CRIME_TYPES.index(crime_type)
        self.folder = work / crime_type
        self.folder.mkdir(parents=True, exist_ok=True)

    def run(self, modeller: Modeller, lags: tuple[int, ...]) -> None:
        """All that is not on disk yet."""
        self.tuned()
        for lag in lags:
            if not self._statistics_path(lag).exists():
                for index, block in enumerate(self.period.blocks):
                    self._forecast(modeller, index, block, lag)
                save(self._statistics_path(lag), self._statistics(lag))
                self.log(f"{self.crime_type}: figures with lag {lag}")
        for lag in horizons(self.period, lags):
            self.own_area(lag)
        self.limit()
        names = [modeller.chosen(self._model(modeller, i, int(block[0]))) for i, block in enumerate(self.period.blocks)]
        write_whole(self.folder / "chosen.json", json.dumps(names).encode())

    def chosen(self) -> list[str]:
        """The candidate that each fit was, as `run` found them."""
        return cast("list[str]", json.loads((self.folder / "chosen.json").read_text(encoding="utf-8")))

    def tuned(self) -> tuple[dict[str, Baseline], dict[str, float]]:
        """The rivals, tuned on the period before the test; and their hits at 1% there, with its ``events``."""
        path = self.folder / "tuned.json"
        if not path.exists():
            self.log(f"{self.crime_type}: tuning baselines on {self.period.tune_first} to {self.period.tune_last}")
            write_whole(path, json.dumps(self._tune(), indent=1).encode())
        document = json.loads(path.read_text(encoding="utf-8"))
        return {name: _baseline(one) for name, one in document["baselines"].items()}, document["hits_1pct"]

    def statistics(self, lag: int) -> dict[str, Statistics]:
        """What `run` found with a lag, by method."""
        return load(self._statistics_path(lag))

    def planned(self) -> Planned | None:
        """What plans keep of the model's hits; None where the test is too short to log."""
        if len(self.period.days) < PLAN_DAYS:
            return None
        path = self.folder / "planned.json"
        if not path.exists():
            one = (self.crime_type, self.model_forecasts(), np.rint(self.observed()))
            found = summary([one], self.setting.agency)["types"][self.crime_type]
            write_whole(path, json.dumps(found).encode())
            self.log(f"{self.crime_type}: plans compared")
        return cast("Planned", json.loads(path.read_text(encoding="utf-8")))

    def limit(self) -> Floats | None:
        """What could be hit at most in 1% of the area, float64[days]; None for a period that is too short to know."""
        if self.crime_type not in POOLED or not long_enough(len(self.period.days)):
            return None
        path = self.folder / "limit.npy"
        if not path.exists():
            found = limit_hits(self.observed(), self.model_forecasts(), self.setting.world.frame, AREAS[TOP])
            _save(path, found)
            self.log(f"{self.crime_type}: limit measured")
        return cast("Floats", np.load(path))

    def own_area(self, lag: int) -> dict[str, AreaFigures]:
        """PAI and PEI of the area that the agency patrols, by method.

        In each shift with lag 0; else over spans of as many days, forecast before the first of them.
        """
        path = self.folder / f"area-{lag}.json"
        if not path.exists():
            boxes, observed, shown = own_boxes(self.setting.agency), self.observed(), self._shown(lag)
            if lag:
                observed, shown = over(lag, observed), {name: over(lag, each) for name, each in shown.items()}
            found = {name: area_figures(observed, each, boxes) for name, each in shown.items()}
            write_whole(path, json.dumps(found).encode())
        return cast("dict[str, AreaFigures]", json.loads(path.read_text(encoding="utf-8")))

    def model_forecasts(self, lag: int = 0) -> NDArray[np.float32]:
        """float32[days, shifts, boxes]: the model's forecasts of the days tested, as they were kept."""
        return np.concatenate([np.load(self._forecast_path(lag, i)) for i in range(len(self.period.blocks))])

    def observed(self) -> Floats:
        """float64[days, shifts, boxes]: the incidents of the days tested."""
        world = self.setting.world
        return truth(world.counts, self.kind, self.period.days, world.shifts, world.frame.size)

    def _tune(self) -> Mapping[str, Any]:
        world, days = self.setting.known_before(int(self.period.days[0])), self.period.tune_days
        tuned = tune(world.counts, self.kind, days, self.setting.city)
        y = truth(world.counts, self.kind, days, world.shifts, world.frame.size)
        found, deviances = {"events": float(y.sum())}, {}
        for name, baseline in tuned.items():
            expected = forecasts(baseline, world.counts, self.kind, days, self.setting.city)
            found[name] = float(hits(y, expected, (0.01,)).sum())
            deviances[name] = float(deviance(y, expected).sum())
        return {
            "baselines": {name: asdict(one) for name, one in tuned.items()},
            "hits_1pct": found,
            "deviance": deviances,
        }

    def _forecast(self, modeller: Modeller, index: int, block: Ints, lag: int) -> None:
        path = self._forecast_path(lag, index)
        if path.exists():
            return
        model = self._model(modeller, index, int(block[0]))
        each = [modeller.forecast(model, self.setting.known_before(int(day) - lag), int(day)) for day in block]
        _save(path, np.stack(each).astype(np.float32))
        self.log(f"{self.crime_type}: forecasts {index + 1} of {len(self.period.blocks)} with lag {lag}")

    def _model(self, modeller: Modeller, index: int, day: int) -> Any:
        path = self.folder / f"model-{index:02d}.pickle"
        if not path.exists():
            write_whole(path, pickle.dumps(modeller.fit(self.setting.known_before(day), self.kind, day)))
            self.log(f"{self.crime_type}: model {index + 1} of {len(self.period.blocks)}")
        return pickle.loads(path.read_bytes())  # noqa: S301 - what this program wrote into its own work folder

    def _statistics(self, lag: int) -> dict[str, Statistics]:
        counts, days = self.setting.world.counts, self.period.days
        month, district, observed = self.period.month_of, self.setting.district_of, self.observed()
        found = {MODEL: statistics(observed, self.model_forecasts(lag).astype(np.float64), month, district)}
        baselines, _ = self.tuned()
        for name in LAGGED if lag else NAMES:
            expected = forecasts(baselines[name], counts, self.kind, days, self.setting.city, lag)
            found[name] = statistics(observed, expected, month, district)
        return found

    def _shown(self, lag: int) -> dict[str, Floats]:
        """Forecasts of the model and of the rivals that are shown with older data, float64[days, shifts, boxes]."""
        counts, days, city = self.setting.world.counts, self.period.days, self.setting.city
        baselines, _ = self.tuned()
        rivals = {name: forecasts(baselines[name], counts, self.kind, days, city, lag) for name in LAGGED}
        return {MODEL: self.model_forecasts(lag).astype(np.float64), **rivals}

    def _forecast_path(self, lag: int, index: int) -> Path:
        return self.folder / f"forecast-{lag}-{index:02d}.npy"

    def _statistics_path(self, lag: int) -> Path:
        return self.folder / f"statistics-{lag}.npz"


def _baseline(one: Mapping[str, Any]) -> Baseline:
    return Baseline(one["name"], tuple(Part(**part) for part in one["parts"]), tuple(one["shares"]))


def _save(path: Path, array: NDArray[Any]) -> None:
    content = io.BytesIO()
    np.save(content, array)
    write_whole(path, content.getvalue())
