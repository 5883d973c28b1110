"""Fixtures of the models' tests: the square town and Chicago as agencies."""

from tests.agency.square import square_agency
from tests.chicago import chicago_agency, chicago_report

__all__ = ["chicago_agency", "chicago_report", "square_agency"]
