"""Where a source's columns are from, and one column with its values. Must not compute."""

from dataclasses import dataclass
from typing import TypeAlias

from edge.risk.feature_column import Column, Floats32
from models.sources.document import SourceDoc

Part: TypeAlias = tuple[Column, Floats32]
"""A column and its values, float32[boxes] or float32[dates]."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """A sentence on the source, its licence, and the ISO date by which it was known."""

    source: str
    terms: str
    as_of: str

    @staticmethod
    def of(document: SourceDoc) -> "Provenance":
        """As the agency wrote it."""
        return Provenance(document.source, document.terms, document.as_of.isoformat())

    @property
    def fields(self) -> tuple[str, str, str]:
        """The last three fields of a `Column`."""
        return self.source, self.terms, self.as_of
