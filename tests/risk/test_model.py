"""A model file's metadata: what is refused, and that it is the same text each time."""

import json
from typing import Any

import pytest

from edge.errors import UserError
from edge.risk.model import decode_meta, encode_meta
from models.export.write import meta_of
from tests.models.small_models import PLACE, RECIPE, small


def _changed(**changes: Any) -> str:
    return json.dumps(json.loads(encode_meta(meta_of(small(), PLACE))) | changes)


def test_metadata_come_back_as_they_were() -> None:
    """What is written is read, and written again as the same text: canonical JSON."""
    meta = meta_of(small(), PLACE)
    text = encode_meta(meta)
    assert decode_meta(text, "theft.onnx") == meta
    assert encode_meta(decode_meta(text, "theft.onnx")) == text


def test_metadata_name_every_column_and_its_group() -> None:
    """The recipe in them is the one trained by, groups and columns in their order."""
    meta = meta_of(small(), PLACE)
    assert meta.recipe == RECIPE
    assert list(meta.recipe.groups) == list(RECIPE.groups)
    assert [meta.group_names[owner] for owner in meta.owners] == [group for group, _ in RECIPE.columns]


@pytest.mark.parametrize("denied", ["narcotics", "vandalism", "prostitution", "traffic_stop", "weapons_violation", ""])
def test_a_denied_crime_type_is_refused_by_its_name(denied: str) -> None:
    """Nuisance and enforcement-driven types are never loaded, whatever else the file says."""
    with pytest.raises(UserError, match=f"theft.onnx: '{denied}' is not an allowed crime type .*gunfire, homicide"):
        decode_meta(_changed(crime_type=denied, format=2), "theft.onnx")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"mixture": [[0.5, 0.5, 0.0]]}, "the mixture needs 2 shifts of 3 weights each"),
        ({"mixture": [[0.5, 0.5, 0.1], [1, 0, 0]]}, "do not sum to 1"),
        ({"scale": [1.0]}, "the scale needs 2 numbers"),
        ({"power": 0}, "power: must be more than 0"),
        ({"maps": ["even", "even", "even"]}, "map 'even' is listed twice"),
        ({"expires": "2025-02-10"}, "its data must end before it is created"),
        ({"window": {"first": "2025-01-02", "last": "2025-01-01"}}, "before it starts"),
        ({"format": 2}, "format: must be 1"),
        ({"race": "no"}, "race: unknown key"),
        ({"grid_hash": "x"}, "grid_hash: must be 64 hexadecimal digits"),
    ],
)
def test_metadata_that_do_not_hold_are_refused_in_one_sentence(changes: dict[str, Any], told: str) -> None:
    """The sentence names the file and the key."""
    with pytest.raises(UserError, match=told) as refused:
        decode_meta(_changed(**changes), "theft.onnx")
    assert str(refused.value).startswith("theft.onnx: its metadata is not valid (")
    assert "\n" not in str(refused.value)


def test_metadata_that_are_no_json_are_refused() -> None:
    """A cut text is one sentence, too."""
    with pytest.raises(UserError, match=r"theft.onnx: its metadata is not valid \(.*is not valid JSON"):
        decode_meta(_changed()[:-9], "theft.onnx")
