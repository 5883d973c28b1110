"""An evaluation as a whole: every crime type on its own process, then the document and the page of what was found.

Must not compute a figure itself.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from edge.domain.policy import CRIME_TYPES
from edge.errors import UserError
from models.evaluate.figures import MODEL
from models.evaluate.model import TrainedModel
from models.evaluate.own_area import horizons, own_area
from models.evaluate.period import Period
from models.evaluate.planning import markdown
from models.evaluate.report import write_page
from models.evaluate.runner import TypeRun
from models.evaluate.setting import Setting, claim, identity, load_setting, refuse_later
from models.evaluate.skill import Reached, skill_against_limit
from models.evaluate.summary import summarise, write_json
from models.train.bootstrap import Weeks
from models.train.settings import Settings

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What is evaluated: an agency directory, its incidents, days, crime types, data lags; ``work``: kept results."""

    directory: Path
    incidents: Path
    features: Path | None
    period: Period
    types: tuple[str, ...]
    lags: tuple[int, ...]
    work: Path


def evaluate_agency(evaluation: Evaluation, out: Path, page: Path, jobs: int, log: Log) -> list[Path]:
    """Do what is not in the work folder yet; then write the document, the plots and the page. Returns what it wrote.

    Raises UserError where an input is missing or unfit, or the work folder holds another evaluation's work.
    """
    setting = _setting(evaluation)
    evaluation.period.check(setting.world.counts)
    refuse_later(setting, evaluation.period.first)
    evaluation = replace(evaluation, types=_with_incidents(evaluation.types, setting, log))
    claim(evaluation.work, identity(setting, evaluation.period))
    if jobs == 1:
        for crime_type in evaluation.types:
            run_type(evaluation, setting, crime_type, log)
    else:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            for crime_type in pool.map(partial(_apart, evaluation), evaluation.types):
                log(f"{crime_type}: done")
    document = write_up(evaluation, setting)
    name = f"{setting.agency.id}-{evaluation.period.first[:4]}.json"
    write_json(out / name, document)
    return [out / name, *write_page(document, page, out)]


def run_type(evaluation: Evaluation, setting: Setting, crime_type: str, log: Log) -> None:
    """All of one crime type, as far as it is not on disk."""
    run = TypeRun(setting, evaluation.period, crime_type, evaluation.work, log)
    run.run(TrainedModel(Settings()), evaluation.lags)


def write_up(evaluation: Evaluation, setting: Setting) -> dict[str, Any]:
    """The document, from the work folder alone."""
    runs = {name: TypeRun(setting, evaluation.period, name, evaluation.work, print) for name in evaluation.types}
    tuned = {name: run.tuned() for name, run in runs.items()}
    document = summarise(
        setting.agency,
        evaluation.period,
        {name: baselines for name, (baselines, _) in tuned.items()},
        {name: hits for name, (_, hits) in tuned.items()},
        {lag: {name: run.statistics(lag) for name, run in runs.items()} for lag in evaluation.lags},
        {name: run.chosen() for name, run in runs.items()},
    )
    for name, run in runs.items():
        spans = {lag: run.own_area(lag) for lag in horizons(evaluation.period, evaluation.lags)}
        document["types"][name]["own_area"] = own_area(setting.agency, spans)
    document["pooled"]["skill_against_limit"] = None
    if reached := _reached(runs, document["rival"]["name"]):
        weeks, rival = Weeks(len(evaluation.period.days)), document["rival"]["name"]
        document["pooled"]["skill_against_limit"] = skill_against_limit(weeks, reached, rival)
        for name, one in reached.items():
            document["types"][name]["skill_against_limit"] = skill_against_limit(weeks, {name: one}, rival)
    plans = {name: found for name, run in runs.items() if (found := run.planned())}
    return document | {"planning": {"types": plans, "text": markdown(plans)}}


def _reached(runs: Mapping[str, TypeRun], rival: str) -> dict[str, Reached]:
    """The pooled types whose limit was measured."""
    limits = {name: limit for name, run in runs.items() if (limit := run.limit()) is not None}
    found = {name: runs[name].statistics(0) for name in limits}
    return {name: Reached.of(of[MODEL], of[rival], limits[name]) for name, of in found.items()}


def _setting(evaluation: Evaluation) -> Setting:
    return load_setting(evaluation.directory, evaluation.incidents, evaluation.features)


def _with_incidents(types: tuple[str, ...], setting: Setting, log: Log) -> tuple[str, ...]:
    """The types that have incidents; the others are told of. Raises UserError where none has."""
    kinds = set(setting.world.counts.kind.tolist())
    found = tuple(name for name in types if CRIME_TYPES.index(name) in kinds)
    for name in types:
        if name not in found:
            log(f"{name}: no incidents imported; excluded")
    if not found:
        msg = f"no {', '.join(types)} incidents were imported, so nothing can be evaluated"
        raise UserError(msg)
    return found


def _apart(evaluation: Evaluation, crime_type: str) -> str:
    """One crime type in a process of its own, which reads the inputs anew."""
    run_type(evaluation, _setting(evaluation), crime_type, partial(print, flush=True))
    return crime_type
