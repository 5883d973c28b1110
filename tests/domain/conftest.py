"""Fixtures of the domain's tests: Chicago, and a small square town."""

from tests.agency.square import square_agency
from tests.chicago import chicago_agency, chicago_report

__all__ = ["chicago_agency", "chicago_report", "square_agency"]
