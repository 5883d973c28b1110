"""An analyst's plan.toml: what it becomes, and everything it may not say."""

from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.domain.grid import Box
from edge.domain.policy import Prescription
from edge.errors import UserError
from edge.plans.plan_file import load_plan_file

HEAD = 'shift = "2026-11-22/night"\ndistrict = "1"\nversion = 3\n'


def _boxes(agency: Agency, district: str = "1", *, opt_out: bool = False) -> list[Box]:
    found = [box for box in agency.grid.boxes.values() if box.district == district and box.opt_out == opt_out]
    return sorted(found, key=lambda box: box.number)


def _refusal(tmp_path: Path, agency: Agency, text: str) -> str:
    (tmp_path / "plan.toml").write_text(text)
    with pytest.raises(UserError) as refused:
        load_plan_file(tmp_path / "plan.toml", agency)
    return str(refused.value)


def test_a_plan_by_hand_becomes_directed_patrols(tmp_path: Path, square_agency: Agency) -> None:
    """Boxes by id or number; what the analyst leaves out is the agency's policy."""
    first, second, *_ = _boxes(square_agency)
    (tmp_path / "plan.toml").write_text(
        f'{HEAD}[[patrols]]\nbox = "{first.id}"\ncrime_types = ["robbery", "theft"]\n'
        f'[[patrols]]\nnumber = {second.number}\ncrime_types = ["gunfire"]\nminutes = 12\nvisits = 2\n'
        'why = "Shots on three nights"\ntactics = ["foot-patrol"]\n'
    )
    plan = load_plan_file(tmp_path / "plan.toml", square_agency)
    assert (plan.shift, plan.district, plan.version, plan.source) == ("2026-11-22/night", "1", 3, "approved")
    assert [patrol.cell for patrol in plan.patrols] == [first.cell, second.cell]
    assert plan.patrols[0].prescription == Prescription()
    assert plan.patrols[1].prescription == Prescription(minutes=12.0, visits=2)
    assert (plan.patrols[1].why, plan.patrols[1].tactics) == ("Shots on three nights", ("foot-patrol",))


def test_a_models_reason_is_of_data_to_some_day(tmp_path: Path, square_agency: Agency) -> None:
    """A draft marks it; a plan that says of no day has no such reason."""
    patrol = f'[[patrols]]\nbox = "{_boxes(square_agency)[0].id}"\ncrime_types = ["theft"]\nwhy_by_model = true\n'
    (tmp_path / "plan.toml").write_text(f"{HEAD}data_to = 2026-11-20\n{patrol}")
    assert load_plan_file(tmp_path / "plan.toml", square_agency).patrols[0].why_by_model
    assert "why_by_model: give data_to, too" in _refusal(tmp_path, square_agency, f"{HEAD}{patrol}")


def test_protection_6_a_box_in_an_opt_out_area_is_refused(tmp_path: Path, square_agency: Agency) -> None:
    """By its id and by its number."""
    closed = _boxes(square_agency, opt_out=True)[0]
    for name in (f'box = "{closed.id}"', f"number = {closed.number}"):
        said = _refusal(tmp_path, square_agency, f'{HEAD}[[patrols]]\n{name}\ncrime_types = ["theft"]\n')
        assert "patrols #1." in said
        assert "touches an opt-out area and is never patrolled" in said


@pytest.mark.parametrize(
    "crime_type",
    ["drugs", "vandalism", "prostitution", "traffic", "weapons", "narcotics", "gang_activity", "Robbery", ""],
)
def test_protection_2_other_crime_types_are_refused_by_name(
    tmp_path: Path, square_agency: Agency, crime_type: str
) -> None:
    """Nothing but the Part 1 types and gunfire may be patrolled for."""
    box = _boxes(square_agency)[0]
    said = _refusal(tmp_path, square_agency, f'{HEAD}[[patrols]]\nbox = "{box.id}"\ncrime_types = ["{crime_type}"]\n')
    assert f"patrols #1.crime_types #1: {crime_type!r} is not an allowed crime type" in said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('box = "1-1"', "patrols #1.box: the agency has no box '1-1'"),
        ('box = "forty-two"', "patrols #1.box: the agency has no box 'forty-two'"),
        ("number = 9999", "patrols #1.number: the agency has no box 9999"),
        ("number = 1\nminutes = 0", "patrols #1.minutes"),
        ("number = 1\nvisits = 4", "visits = 4 is more than the agency's cap of 3"),
        ('number = 1\ntactics = ["raid"]', "patrols #1.tactics #1: 'raid' is not in the agency's list"),
        ("number = 1\nofficer = 7", "patrols #1.officer: unknown key"),
        ("visits = 1", "give either box ="),
    ],
)
def test_a_mistake_in_a_patrol_names_its_key(tmp_path: Path, square_agency: Agency, line: str, says: str) -> None:
    """Unknown boxes, impossible doses, unknown tactics and keys: each with its key path."""
    assert says in _refusal(tmp_path, square_agency, f'{HEAD}[[patrols]]\ncrime_types = ["theft"]\n{line}\n')


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "/night",
            "/evening",
            "shift: '2026-11-22/evening' is not a shift; write its date and one of day, night",
        ),
        ("11-22", "13-40", "shift: '2026-13-40/night' is not a shift"),
        ('district = "1"', 'district = "9"', "district: '9' is not a district of this agency; it has 1, 2"),
        ("version = 3", "version = 0", "version:"),
        ("version = 3", "", "version: is missing; add it"),
        ("version = 3", "version =", "not valid TOML"),
        ("version = 3", "version = 3\ndata_to = 2026-11-22", "data_to: 2026-11-22 is not before the shift's date"),
        ("version = 3", "version = 3\ndata_to = 20261121", "data_to: must be a date such as 2026-11-22"),
    ],
)
def test_a_mistake_in_the_head_names_its_key(
    tmp_path: Path, square_agency: Agency, old: str, new: str, says: str
) -> None:
    """Shift, district and version must be the agency's."""
    text = f'{HEAD}[[patrols]]\nnumber = 1\ncrime_types = ["theft"]\n'.replace(old, new)
    assert says in _refusal(tmp_path, square_agency, text)


def test_every_mistake_is_told_at_once(tmp_path: Path, square_agency: Agency) -> None:
    """A box of the other district, one named twice, an opt-out box, a denied type: one refusal, a line each."""
    mine, other = _boxes(square_agency)[0], _boxes(square_agency, "2")[0]
    closed = _boxes(square_agency, opt_out=True)[0]
    lines = (f'box = "{mine.id}"', f"number = {mine.number}", f"number = {other.number}", f'box = "{closed.id}"')
    patrols = "".join(f'[[patrols]]\n{line}\ncrime_types = ["drugs"]\n' for line in lines)
    said = _refusal(tmp_path, square_agency, HEAD + patrols)
    assert len(said.splitlines()) == 7
    assert all(line.startswith(f"{tmp_path / 'plan.toml'}: patrols #") for line in said.splitlines())
    assert f"patrols #2.number: box {mine.number} is already in the plan" in said
    assert f"patrols #3.number: box {other.number} is in district 2, not in 1" in said
    assert "patrols #4.box:" in said
    assert said.count("'drugs' is not an allowed crime type") == 4
