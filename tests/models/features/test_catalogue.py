"""``models/FEATURES.md`` is what the code says of its features."""

from pathlib import Path

import models
from edge.domain.policy import CRIME_TYPES
from models.features.catalogue import page
from models.sources.place_columns import AROUND

WRITTEN = Path(models.__file__).with_name("FEATURES.md")


def test_the_page_is_what_the_code_says() -> None:
    """Every feature of every recipe and source; `python -m models.features.catalogue > models/FEATURES.md` mends it."""
    assert WRITTEN.read_text(encoding="utf-8") == page()


def test_every_group_is_on_the_page_with_its_provenance() -> None:
    """Each of DESIGN's groups has its heading, its source, and whether it was evaluated."""
    sections = {part.partition("\n")[0]: part for part in page().split("\n## ")[1:]}
    assert set(sections) == {"own", "nearby", "other", "time", "places", "weather", "events", "gunfire"}
    for text in sections.values():
        assert "valuated" in text
        assert "| feature | what | unit | missing |" in text
    assert all(f"`PLACE_{suffix}`" in sections["places"] for suffix in (*AROUND, "m"))
    assert all(name in sections["other"] for name in CRIME_TYPES[1:])
