"""The demo city as an agency, and a night's plan of it, for the screen's tests."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from edge.agency.build import build_agency
from edge.contract.agency import Agency, load_agency
from edge.demo.city import make_city
from edge.demo.city_files import write_city
from edge.domain.plan import Plan
from edge.plans.plan_file import load_plan_file
from tests.agency.square import LASTING

SHIFT: Final = "2026-11-23/night"
_DOWNTOWN: Final = 6
"""The plan's box, by its place in it, that has others on every side."""


@dataclass(frozen=True, slots=True)
class Town:
    """The agency and its plan, whose first box lies in the middle of the others."""

    agency: Agency
    plan: Plan


def build_town(folder: Path) -> Town:
    """Write, build and load the demo city, with the design's 15 minutes a visit."""
    toml = write_city(make_city(), folder, SHIFT, minutes=15.0)
    build_agency(toml, folder / "agency", key=folder / "key.pem", terms=LASTING)
    agency = load_agency(folder / "agency")
    plan = load_plan_file(folder / "plan.toml", agency)
    patrols = sorted(plan.patrols, key=lambda patrol: plan.patrols.index(patrol) != _DOWNTOWN)
    return Town(agency, replace(plan, patrols=tuple(patrols)))
