"""What the rules need of an agency, for whoever decides by them or says what they would. Must not decide anything."""

from edge.contract.agency import Agency
from edge.domain.state import Setting


def setting_of(agency: Agency) -> Setting:
    """An agency's boxes, rules, shifts and tactics."""
    return Setting(agency.grid, agency.policy, agency.calendar, tuple(one.id for one in agency.tactics))
