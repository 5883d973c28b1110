"""Fixtures of the domain's tests: Chicago."""

from tests.chicago import chicago_agency, chicago_report

__all__ = ["chicago_agency", "chicago_report"]
