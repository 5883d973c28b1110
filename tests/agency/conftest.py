"""Fixtures of the agency's tests: Chicago, and a small square town."""

from tests.agency.square import square_agency, square_toml
from tests.chicago import chicago_agency, chicago_report

__all__ = ["chicago_agency", "chicago_report", "square_agency", "square_toml"]
