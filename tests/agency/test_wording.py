"""Mistakes are told in plain words: no library's own, none that only follows from another, all at once."""

from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError

from edge.contract.agency import Agency
from edge.contract.fields import ShortName
from edge.errors import UserError
from edge.plans.plan_file import load_plan_file
from edge.text.mistakes import explain

FOREIGN = ("Value error", "Input should", "should have", "should match", "Field required", "Extra inputs", "valid ")


class Doc(BaseModel, extra="forbid"):
    """One key of each kind."""

    name: ShortName = "a"
    count: int = Field(1, ge=1, le=1_000_000)
    share: float = Field(0.5, gt=0, lt=1)
    kind: Literal["one", "two"] = "one"
    items: tuple[ShortName, ...] = Field(("a",), min_length=1, max_length=2)
    words: str = Field("some", min_length=2, max_length=8)
    path: Path = Path()
    password: SecretStr = SecretStr("")
    on: bool = True


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (
            {"name": "A b"},
            "name: must be 1 to 63 lower-case letters, digits, - and _, a letter or digit first, not 'A b'",
        ),
        ({"count": 0}, "count: must be 1 or more, not 0"),
        ({"count": 2_000_000}, "count: must be 1000000 or less, not 2000000"),
        ({"count": "many"}, "count: must be a whole number, not 'many'"),
        ({"count": 1.5}, "count: must be a whole number, not 1.5"),
        ({"count": 1 << 20_000}, "count: must be 1000000 or less"),
        ({"name": "A" * 100_000}, "name: must be 1 to 63 lower-case letters, digits, - and _, a letter or digit first"),
        ({"share": 0}, "share: must be more than 0, not 0"),
        ({"share": 1}, "share: must be less than 1, not 1"),
        ({"share": []}, "share: must be a number"),
        ({"kind": "three"}, "kind: must be 'one' or 'two', not 'three'"),
        ({"items": []}, "items: must list 1 entry or more"),
        ({"items": ["a", "b", "c"]}, "items: must list at most 2 entries"),
        ({"items": "a"}, "items: must be a list, in square brackets"),
        ({"words": "x"}, "words: must have 2 characters or more"),
        ({"words": "x" * 9}, "words: must have at most 8 characters"),
        ({"path": 1}, "path: must be a path in quotes"),
        ({"password": 4711}, "password: must be text in quotes"),
        ({"on": "perhaps"}, "on: must be true or false, not 'perhaps'"),
        ({"nmae": "a"}, "nmae: unknown key; check the spelling or remove it"),
        ([], "the document: must be a table of keys"),
    ],
)
def test_a_mistake_is_told_in_plain_words(given: Any, says: str) -> None:
    """Its key path, what it must be and, but for texts and secrets, what stands there instead."""
    with pytest.raises(ValidationError) as error:
        Doc.model_validate(given)
    assert explain(error.value) == says


def test_a_list_is_not_too_short_because_its_entries_are_wrong() -> None:
    """What is refused drops out of its list, which then seems too short: one mistake, not two."""
    with pytest.raises(ValidationError) as error:
        Doc.model_validate({"items": ["A"], "count": 0})
    said = explain(error.value)
    assert said.count(";") == 1
    assert "items #1" in said
    assert "1 entry" not in said


def test_a_plan_with_six_mistakes_names_six(tmp_path: Path, square_agency: Agency) -> None:
    """Each with its key path, in words an analyst uses; a wrong district is not blamed on its boxes."""
    box = next(box for box in square_agency.grid.boxes.values() if not box.opt_out)
    (tmp_path / "plan.toml").write_text(
        'shift = "tonight"\ndistrict = "north"\nversion = 0\n'
        f'[[patrols]]\nbox = "{box.id}"\ncrime_types = ["vandalism"]\nminutes = "long"\nvists = 3\n'
    )
    with pytest.raises(UserError) as refused:
        load_plan_file(tmp_path / "plan.toml", square_agency)
    said = str(refused.value)
    for key in ("shift", "district", "version", "patrols #1.crime_types #1", "patrols #1.minutes", "patrols #1.vists"):
        assert f"{key}: " in said
    assert len(said.splitlines()) == 6  # a line each
    assert not [words for words in FOREIGN if words in said]
