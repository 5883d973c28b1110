"""The model card: no card, no load; a card of another file, or one that leaves something unsaid, is refused."""

import json
from dataclasses import replace
from typing import Any

import pytest

from edge.errors import UserError
from edge.risk.card import SCHEMA, Card, check_card, encode_card, schema, schema_text
from edge.risk.scorer import Scorer
from models.export.onnx_graph import build
from models.export.write import make_card, meta_of
from models.train.findings import Findings
from tests.models.small_models import DATA, EVALUATED, PLACE, base_alone, small
from tests.schemas import validator


def _model() -> bytes:
    return build(meta_of(small(), PLACE), small().boosters)


def _card() -> Card:
    return make_card(Scorer(_model(), "theft.onnx"), small(), PLACE, DATA, Findings(), EVALUATED)


def _changed(**changes: Any) -> bytes:
    return json.dumps(json.loads(encode_card(_card())) | changes).encode()


def test_a_card_of_the_file_is_taken() -> None:
    """And comes back as it was."""
    assert check_card(encode_card(_card()), _model(), "theft.card.json") == _card()


def test_a_card_of_another_file_is_refused() -> None:
    """One byte of the model is enough."""
    told = r"^theft.card.json: this card belongs to another model file; a model needs its own card"
    with pytest.raises(UserError, match=told):
        check_card(encode_card(_card()), _model() + b"\0", "theft.card.json")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"limits": []}, "limits: must list 1 entry or more"),
        ({"protections": []}, "protections: must list 1 entry or more"),
        (
            {"not_measured": []},
            "figures, ablation, additivity or calibration missing; give them, or the reason in not_measured",
        ),
        ({"base_only": "Too few."}, "has trees and also base_only"),
        ({"expires": "2020-01-01"}, "expires on 2020-01-01, which is not after its creation"),
        ({"crime_type": "narcotics"}, "crime_type: 'narcotics' is not an allowed crime type"),
        ({"format": 2}, "format: must be 1"),
        ({"arrests": 3}, "arrests: unknown key"),
    ],
)
def test_a_card_that_does_not_hold_is_refused_in_one_sentence(changes: dict[str, Any], told: str) -> None:
    """The sentence names the file and the key, and what follows from it."""
    with pytest.raises(UserError, match=told) as refused:
        check_card(_changed(**changes), _model(), "theft.card.json")
    assert str(refused.value).startswith("theft.card.json: not a valid model card (")
    assert str(refused.value).endswith("; a model without one is not loaded")


@pytest.mark.parametrize("text", [b"", b"{}", b"[]", b"\xff", b'{"format": 1'])
def test_what_is_no_card_is_refused(text: bytes) -> None:
    """Nothing, another document, no text at all."""
    with pytest.raises(UserError, match=r"^x: not a valid model card \("):
        check_card(text, _model(), "x")


def test_a_base_alone_says_why_it_has_no_trees() -> None:
    """Too few incidents to try trees, or trees that did not win: its card says which, and that the base forecasts."""
    trained = replace(base_alone(), notes=("Too rare for trees.",))
    scorer = Scorer(build(meta_of(trained, PLACE), ()), "homicide.onnx")
    card = make_card(scorer, trained, PLACE, DATA, Findings(), EVALUATED)
    assert card.base_only == "Too rare for trees."
    assert "there are no trees" in card.method
    again = make_card(scorer, base_alone(), PLACE, DATA, Findings(), EVALUATED)
    assert "not better on the held-out weeks" in str(again.base_only)


def test_a_card_says_what_was_chosen_by_how_much_and_what_was_refused() -> None:
    """Each candidate with its held-out D², how far it is from the chosen one, and the error of that."""
    card = make_card(Scorer(_model(), "x"), small(), PLACE, DATA, Findings(), EVALUATED)
    assert card.settings["chosen"] == "base_trees"
    assert "Chosen on held-out weeks: The base with trees." in card.method
    assert [one.gave for one in card.tried] == [
        "Refused: D² 0.2000, 0.0100 below the chosen one's (standard error 0.0040).",
        "Chosen: D² 0.2100.",
    ]


def test_a_card_says_that_a_mixture_was_fitted_once_more() -> None:
    """Which weeks chose and judged it, and that its weights are of a later fit to these as well; trees' are not."""
    trained = replace(base_alone(), window=(736_000, 736_099), settings={"held_out_days": 14})
    scorer = Scorer(build(meta_of(trained, PLACE), ()), "x")
    told = (
        " on the weeks of 2016-05-02 to 2016-05-15, held out: The base, a mixture of all types' count maps. Scale and"
        " power are of that fit; then the weights of its maps were fitted once more, to all weeks to 2016-05-15."
    )
    assert make_card(scorer, trained, PLACE, DATA, Findings(), EVALUATED).method.endswith(f"Chosen and judged{told}")
    alone = replace(trained, judged=trained.judged[:1])
    card = make_card(scorer, alone, PLACE, DATA, Findings(), EVALUATED)
    assert card.method.endswith(f"Judged, without a choice,{told}")
    assert "once more" not in make_card(Scorer(_model(), "x"), small(), PLACE, DATA, Findings(), EVALUATED).method


def test_a_card_lists_what_each_group_holds() -> None:
    """Its columns and its maps in the base; of a model without trees the maps alone, and no group that has none."""
    card = make_card(Scorer(_model(), "x"), small(), PLACE, DATA, Findings(), EVALUATED)
    assert {one.name: one.features for one in card.groups}["nearby"] == ("shift", "own.any.ever.r2", "own.shift.h90.r1")
    trained = base_alone()
    alone = make_card(Scorer(build(meta_of(trained, PLACE), ()), "x"), trained, PLACE, DATA, Findings(), EVALUATED)
    held = {one.name: one.features for one in alone.groups}
    assert held == {"own": ("own.any.ever.r0",), "nearby": ("own.shift.h90.r1",)}


def test_the_kept_schema_is_what_the_type_gives() -> None:
    """``python -m edge.risk.card`` writes it anew; a card is valid by it."""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text()
    validator(schema(), "Draft202012").validate(json.loads(encode_card(_card())))
