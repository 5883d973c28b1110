"""A trained model as the files of a bundle: the ONNX file, its self-test, its card as JSON and Markdown, its plot.

Nothing is written that would not be loaded: the file is scored against LightGBM first. Files appear whole, the card
last: a model without its card is not loaded. Must not read a clock: the same model gives the same files.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Final

from edge.risk.card import Card, DataCard, check_card, encode_card
from edge.risk.feature_column import Column
from edge.risk.model import Group, ModelMeta, Window
from edge.risk.scorer import Scorer
from edge.risk.selftest import save_selftest, self_test
from models.export.card_files import write_whole, writers
from models.export.facts import (
    BASE_METHOD,
    BASE_ONLY,
    LIMITS,
    METHOD,
    PROTECTIONS,
    PURPOSE,
    DataFacts,
    absent_groups,
    candidates_tried,
    chosen_by,
    group_cards,
)
from models.export.onnx_graph import build
from models.export.proof import rows_to_test, thinned
from models.export.trees import by_group, read_trees
from models.train.findings import Findings
from models.train.trained import Drawn, Trained

LIBRARIES: Final = ("roundsman", "lightgbm", "onnx", "numpy")
VALID_DAYS: Final = 90


@dataclass(frozen=True, slots=True)
class Place:
    """Whose model it is: the agency's id, its shifts' names in order, the columns of its layers and days."""

    agency: str
    shifts: tuple[str, ...]
    columns: tuple[Column, ...]


def meta_of(trained: Trained, place: Place, valid_days: int = VALID_DAYS) -> ModelMeta:
    """The metadata of a model, usable for so many days after its data end."""
    created = date.fromordinal(trained.until)
    return ModelMeta(
        crime_type=trained.crime_type,
        agency=place.agency,
        groups=tuple(Group(name=name, features=columns) for name, columns in trained.recipe.groups.items()),
        maps=trained.recipe.maps,
        shifts=place.shifts,
        mixture=trained.weights,
        scale=trained.scale,
        power=trained.power,
        grid_hash=trained.frame_digest,
        data_hash=trained.counts_digest,
        layers_hash=trained.layers_digest,
        window=Window(first=date.fromordinal(trained.window[0]), last=date.fromordinal(trained.window[1])),
        seed=trained.seed,
        software={name: version(name) for name in LIBRARIES},
        created=created,
        expires=created + timedelta(days=valid_days),
    )


def write(
    trained: Trained,
    directory: Path,
    place: Place,
    drawn: Sequence[Drawn],
    data: DataFacts,
    findings: Findings,
    evaluated: Collection[str],
    valid_days: int = VALID_DAYS,
) -> Card:
    """Write ``{type}.onnx``, ``.selftest.npz``, ``.calibration.svg``, ``.card.md`` and, last, ``.card.json``.

    ``evaluated``: the groups whose data the figures were taken with. Raises UserError where the trees have no exact
    form, where the file would fail its own self-test, or where the directory cannot be written.
    """
    meta = meta_of(trained, place, valid_days)
    model = build(meta, trained.boosters)
    name = f"{trained.crime_type}.onnx"
    scorer = Scorer(model, name)
    whole = rows_to_test(scorer, trained.boosters, drawn)
    self_test(scorer, whole, name)
    card = make_card(scorer, trained, place, data, findings, evaluated)
    check_card(encode_card(card), model, name)
    kept = thinned(whole, sum(len(one.rows.features) for one in drawn))
    write_whole(
        directory,
        {
            name: lambda path: path.write_bytes(model),
            f"{trained.crime_type}.selftest.npz": lambda path: save_selftest(path, kept),
            **writers(card),
        },
    )
    return card


def make_card(
    scorer: Scorer, trained: Trained, place: Place, data: DataFacts, findings: Findings, evaluated: Collection[str]
) -> Card:
    """The card of a model."""
    meta = scorer.meta
    trees = [read_trees(text, meta.recipe.columns) for text in trained.boosters]
    counts = [len(group) for group in by_group(trees, meta.owners, len(meta.groups))[0]]
    groups = group_cards(meta, counts, place.columns, evaluated)
    return Card(
        crime_type=meta.crime_type,
        agency=meta.agency,
        model_sha256=scorer.sha256,
        created=meta.created,
        expires=meta.expires,
        seed=meta.seed,
        software=meta.software,
        purpose=PURPOSE,
        method=f"{METHOD if any(counts) else BASE_METHOD} {chosen_by(trained)}",
        settings={**trained.settings, "chosen": trained.chosen},
        base_only=None if any(counts) else " ".join(trained.notes) or BASE_ONLY,
        data=DataCard(
            source=data.source,
            window=meta.window,
            incidents=trained.events,
            rejected=data.rejected,
            gaps=data.gaps,
            exclusions=data.exclusions,
            officer_initiated_left_out=data.officer_initiated_left_out,
            counts_sha256=meta.data_hash,
            grid_sha256=meta.grid_hash,
            layers_sha256=meta.layers_hash,
        ),
        groups=groups,
        figures=findings.figures,
        ablation=findings.ablation,
        additivity=findings.additivity,
        calibration=findings.calibration,
        not_measured=(*findings.unmeasured(), *absent_groups([one.name for one in groups])),
        limits=(*LIMITS, *findings.limits, *(trained.notes if any(counts) else ())),
        tried=(*candidates_tried(trained), *findings.tried),
        protections=PROTECTIONS,
    )
