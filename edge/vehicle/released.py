"""When this software was made: no clock of a car that runs it is right before."""

from datetime import UTC, datetime
from typing import Final

RELEASED: Final = datetime(2026, 11, 22, tzinfo=UTC)
"""Set with each version that is released (`CHANGELOG.md`); until then, when work on the version began."""
