"""What the benchmarks drive through: the demo's city as an agency, its plans, and an hour's drive. Measures nothing."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from edge.contract.messages import PlanDoc, Signed, to_sign
from edge.contract.signing import load_private_key, sign
from edge.demo.city import DISTRICT
from edge.demo.city_files import write_city
from edge.demo.drive import drive
from edge.demo.site import Site, make_site
from edge.domain.inputs import Fix
from edge.domain.state import Setting
from edge.plans.plan_file import load_plan_file
from edge.vehicle.gps.pipeline import Pipeline
from edge.vehicle.gps.recording import fixes_of
from edge.vehicle.inbox import PlanVerified
from tests.signed import verified_plan

DRIVE_S: Final = 3600
BEGAN: Final = 1_772_460_000.0
"""2026-03-02, in the day shift."""


@dataclass(frozen=True)
class Town:
    """The demo's site, and one car's hour in it."""

    site: Site

    @cached_property
    def epochs(self) -> list[bytes]:
        """The drive as NMEA, a second each."""
        return [sentences for _, sentences in drive(self.site.city, 0, BEGAN, DRIVE_S)]

    @cached_property
    def fixes(self) -> list[Fix]:
        """The drive's accepted fixes."""
        return list(fixes_of(self.epochs, Pipeline()))

    @cached_property
    def setting(self) -> Setting:
        """What the rules are judged in."""
        agency = self.site.agency
        return Setting(agency.grid, agency.policy, agency.calendar, tuple(one.id for one in agency.tactics))

    def plan(self, utc: float) -> PlanVerified:
        """The analyst's plan for the shift of an instant, signed and verified."""
        agency = self.site.agency
        write_city(self.site.city, self.site.folder, agency.calendar.shift_at(utc).id)
        plan = load_plan_file(self.site.folder / "plan.toml", agency)
        body = PlanDoc.of(plan, agency.id, "analyst", "benchmark").model_dump(mode="json")
        key = load_private_key(self.site.folder / "signing.key")
        signed = Signed(kind="plan", body=body, signature=sign(key, to_sign("plan", body)))
        return PlanVerified(verified_plan(signed, agency, DISTRICT), signed)


def make_town(folder: Path) -> Town:
    """Generate the city and build its agency in a folder."""
    return Town(make_site(folder))
