"""The evaluation as a whole on a made-up town: resumable, leak-proof by its build, and the document's keys."""

import json
import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from edge.contract.agency import Agency
from edge.errors import UserError
from edge.risk.features import World
from models.evaluate.commands import evaluate
from models.evaluate.figures import MODEL
from models.evaluate.goals import goals
from models.evaluate.own_area import horizons, own_area
from models.evaluate.parts import Part, city_of, levels, part_map, past_of
from models.evaluate.period import Period
from models.evaluate.report import METHODS, write_page
from models.evaluate.runner import TypeRun
from models.evaluate.setting import Setting, claim, identity
from models.evaluate.summary import summarise, write_json
from models.train.metrics import Floats
from tests.models.toy import PERIOD, square_agency, toy

__all__ = ["square_agency", "toy"]

TYPES = ("theft", "robbery")
LAGS = (0, 7)


@dataclass
class Memory:
    """A modeller: the blurred history, and a fit that is only the day it was made on. Ends after ``fits`` of them."""

    fits: int = 1000
    fitted: int = 0

    def fit(self, world: World, kind: int, day: int) -> Any:
        """The day; never what is not known before it."""
        assert not (world.counts.known >= day).any()
        if self.fitted == self.fits:
            raise KeyboardInterrupt
        self.fitted += 1
        return {"kind": kind, "day": day}

    def forecast(self, model: Any, world: World, day: int) -> Floats:
        """Level times the last ten weeks' kernel; the world ends before the day."""
        assert not (world.counts.known >= day).any()
        assert 0 <= day - model["day"] < PERIOD.refit_days
        city = city_of(world.frame, world.shifts)
        past = past_of(world.counts, model["kind"], min(day, world.counts.last + 1))
        maps = 0.9 * part_map(Part("count", days=70, by_shift=True, sigma=0.8), past, city)
        expected = levels(world.counts, model["kind"], np.array([day]), city.shifts)[0]
        return np.asarray(expected[:, None] * (maps + 0.1 / city.boxes), dtype=np.float64)

    def chosen(self, model: Any) -> str:
        """What the first fit was, another than the later ones."""
        return "base" if model["day"] == PERIOD.days[0] else "near_repeat"


def run_all(setting: Setting, work: Path, modeller: Memory) -> dict[str, Any]:
    """Run both types and make the document."""
    runs = {name: TypeRun(setting, PERIOD, name, work, lambda _: None) for name in TYPES}
    for run in runs.values():
        run.run(modeller, LAGS)
    tuned = {name: run.tuned() for name, run in runs.items()}
    by_lag = {lag: {name: run.statistics(lag) for name, run in runs.items()} for lag in LAGS}
    baselines = {name: found[0] for name, found in tuned.items()}
    hits = {name: found[1] for name, found in tuned.items()}
    chosen = {name: run.chosen() for name, run in runs.items()}
    return summarise(setting.agency, PERIOD, baselines, hits, by_lag, chosen)


@pytest.fixture(scope="module")
def finished(toy: Setting, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The work folder and the document of an evaluation that was never interrupted."""
    work = tmp_path_factory.mktemp("work")
    return work, run_all(toy, work, Memory())


def test_an_interrupted_evaluation_goes_on_and_finds_the_same(
    toy: Setting, finished: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """Ended after one fit and once more after the third: only what is missing is fitted, the document is the same."""
    first, second, third = Memory(1), Memory(2), Memory()
    for modeller in (first, second):
        with pytest.raises(KeyboardInterrupt):
            run_all(toy, tmp_path, modeller)
    document = run_all(toy, tmp_path, third)
    assert [each.fitted for each in (first, second, third)] == [1, 2, 1]
    assert document == finished[1]
    assert not list(tmp_path.rglob("*.writing"))


def test_nothing_is_done_twice(toy: Setting, finished: tuple[Path, dict[str, Any]]) -> None:
    """A finished evaluation is only written up again."""
    idle = Memory(0)
    assert run_all(toy, finished[0], idle) == finished[1]


def test_forecasts_are_kept_for_other_uses(toy: Setting, finished: tuple[Path, dict[str, Any]]) -> None:
    """The planner's comparison reads every day's expected counts of every box, beside what happened."""
    run = TypeRun(toy, PERIOD, "theft", finished[0], lambda _: None)
    kept, observed = run.model_forecasts(), run.observed()
    assert kept.shape == observed.shape == (28, 2, toy.city.boxes)
    assert run.statistics(0)[MODEL].expected.sum() == pytest.approx(kept.sum(), rel=1e-5)


def test_a_lag_takes_days_from_the_model_and_its_rivals(toy: Setting, finished: tuple[Path, dict[str, Any]]) -> None:
    """A week less known: every method that is shown with older data forecasts something else."""
    run = TypeRun(toy, PERIOD, "theft", finished[0], print)
    late, fresh = run.statistics(7), run.statistics(0)
    assert all(late[name].expected.tobytes() != fresh[name].expected.tobytes() for name in late)


def test_the_document_has_the_agreed_keys(finished: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """Types with their figures; the pooled gain as a fraction with its interval; finite numbers or null."""
    write_json(tmp_path / "toy.json", finished[1])
    document = json.loads((tmp_path / "toy.json").read_text(encoding="utf-8"))
    for name in TYPES:
        of = document["types"][name]
        for key in ("d2", "d2_best_simple", "hit_1pct", "hit_1pct_best_simple", "oe_top1pct", "ece_rel", "brier"):
            assert isinstance(of[key], float), key
        for key in ("d2", "hit_1pct"):
            assert of[f"{key}_best_simple"] == max(each[key] for n, each in of["baselines"].items() if n != "uniform")
        assert (of["chosen"], of["chosen_by_fit"]) == ("base", ["base", "near_repeat"])
        assert set(of["lags"]) == {"7"}
        assert of["hit_0.5pct"] <= of["hit_1pct"] <= of["hit_2pct"] <= of["hit_5pct"]
    gain = document["pooled"]["hit_1pct"]["gain_over_box_shift"]
    assert gain["low"] <= gain["value"] <= gain["high"]
    assert gain["rival"] == document["rival"]["name"]
    hits = {n: document["pooled"]["hit_1pct"]["baselines"][n] for n in (gain["rival"],)}
    share = document["pooled"]["hit_1pct"]["model"]
    assert gain["value"] == pytest.approx(share / hits[gain["rival"]] - 1, rel=1e-4)
    pooled = document["pooled"]["hit_1pct"]
    best = pooled["gain_over_best_simple"]
    assert pooled["baselines"][best["rival"]] == max(s for n, s in pooled["baselines"].items() if n != "uniform")
    assert best["value"] == min(each["value"] for each in pooled["gain_over"].values())
    assert best["low"] <= best["value"] <= best["high"]
    assert pooled["gain_over_each_types_best"]["value"] <= best["value"]


def test_the_page_says_every_type_and_goal(finished: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """Made twice it is the same, with its plots; goals missed are shown as missed."""
    pages = [write_page(finished[1], tmp_path / name / "PAGE.md", tmp_path / name / "plots") for name in "ab"]
    assert [path.name for path in pages[0]] == [
        "PAGE.md",
        "squaretown-2016-skill.svg",
        "squaretown-2016-calibration.svg",
    ]
    for one, other in zip(*pages, strict=True):
        assert one.read_bytes() == other.read_bytes()
    text = pages[0][0].read_text(encoding="utf-8")
    assert "plots/squaretown-2016-skill.svg" in text
    assert "### Theft" in text
    assert "Chosen by the fits: base 1 of 2, near repeat 1 of 2." in text
    best = finished[1]["pooled"]["hit_1pct"]["gain_over_best_simple"]
    assert f"over the best rival, *{METHODS[best['rival']]}*" in text.partition("## Goals")[0]
    assert "## Late data" in text
    for goal in goals(finished[1]):
        assert goal.what in text
        assert goal.met or "**no**" in text


def test_the_page_says_pai_and_pei_of_the_agencys_own_area(
    toy: Setting, finished: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """In each shift, and over a week that is forecast before its first day; an efficiency is at most 1."""
    run = TypeRun(toy, PERIOD, "theft", finished[0], print)
    lags = horizons(PERIOD, LAGS)
    assert lags == LAGS
    found = own_area(toy.agency, {lag: run.own_area(lag) for lag in lags})
    week, uniform = (found["horizons"]["7_days"][name] for name in (MODEL, "uniform"))
    assert uniform["pei"] < week["pei"] <= 1.0
    assert week["pai"] == pytest.approx(week["hit"] / found["share"])
    types = {name: {**of, "own_area": found} for name, of in finished[1]["types"].items()}
    page, *_ = write_page({**finished[1], "types": types}, tmp_path / "PAGE.md", tmp_path)
    assert "| theft | 7 days | " in page.read_text(encoding="utf-8")


def test_the_work_of_another_evaluation_is_refused(toy: Setting, tmp_path: Path) -> None:
    """Other dates or other incidents never get mixed in."""
    claim(tmp_path, identity(toy, PERIOD))
    claim(tmp_path, identity(toy, PERIOD))
    with pytest.raises(UserError, match="an evaluation with different last; remove it"):
        claim(tmp_path, identity(toy, replace(PERIOD, last="2016-11-12")))


@pytest.mark.parametrize(
    ("period", "wrong"),
    [
        (replace(PERIOD, tune_last="2016-10-17"), "not before --from"),
        (replace(PERIOD, last="2016-10-01"), "ends before it starts"),
        (replace(PERIOD, last="2017-06-01"), "the incidents cover"),
        (replace(PERIOD, tune_first="2016-01-05"), "28 days after the first"),
    ],
)
def test_days_that_do_not_fit_are_refused(toy: Setting, period: Period, wrong: str) -> None:
    """Nothing is tuned on the test, nothing tested without incidents."""
    with pytest.raises(UserError, match=wrong):
        period.check(toy.world.counts)


def test_the_command_refuses_a_type_that_is_not_forecast(square_agency: Agency, tmp_path: Path) -> None:
    """By name, before anything is read."""
    days = ["--from", "2016-10-17", "--to", "2016-11-13", "--tune-from", "2016-09-01", "--tune-to", "2016-10-16"]
    given = [str(tmp_path), str(tmp_path / "none"), *days, "--out", str(tmp_path), "--types", "theft,narcotics"]
    result = CliRunner().invoke(evaluate, given)
    assert isinstance(result.exception, UserError)
    assert "narcotics" in str(result.exception)


def test_a_model_is_kept_whole(finished: tuple[Path, dict[str, Any]], toy: Setting) -> None:
    """Each fit is on disk, one a span of days, made on the span's first day."""
    kept = [pickle.loads(path.read_bytes()) for path in sorted((finished[0] / "theft").glob("model-*.pickle"))]  # noqa: S301 - this test's own
    assert [one["day"] for one in kept] == [int(block[0]) for block in PERIOD.blocks]
    assert np.isin([one["day"] for one in kept], PERIOD.days).all()
