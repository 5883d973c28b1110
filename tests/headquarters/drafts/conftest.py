"""Fixtures of drafts' tests: a town with small models, its drafts built, an analyst's desk."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from edge.contract.signing import load_private_key
from edge.headquarters.drafts.building import build_drafts
from edge.headquarters.store import DraftEdit, Store
from tests.headquarters.publish.desk import Desk
from tests.risk.tiny import Tiny, tiny_bundle

DAY = date(2026, 11, 22)
NIGHT, AREA = "2026-11-22/night", "1"
BEFORE = 1_795_000_000.0  # 2026-11-18


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Squaretown's bundle with small models; the last day counted is the day before the shifts'."""
    return tiny_bundle(tmp_path_factory.mktemp("tiny"), date(2026, 11, 21))


@pytest.fixture
def desk(tiny: Tiny, tmp_path: Path) -> Desk:
    """An analyst's, with a broker that retains or refuses."""
    return Desk(tiny.agency, load_private_key(tiny.key), tmp_path)


@pytest.fixture
def built(store: Store, tiny: Tiny) -> Store:
    """The database with the date's drafts."""
    assert {one.outcome for one in build_drafts(store, tiny.directory, tiny.agency, DAY, BEFORE)} == {"built"}
    return store


def an_edit(action: Any, box: str, edition: int = 2, given: str = "{}", **more: Any) -> DraftEdit:
    """An analyst's edit of the night's draft, which becomes ``edition`` by it."""
    values = {"account": "a.smith", "role": "analyst", "reason": "a crowd is expected", "made": BEFORE, **more}
    return DraftEdit(NIGHT, AREA, edition, action, box, given, **values)
