"""Fixtures of the drafts' pages: a town with small models, its drafts built, and where approvals go."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from edge.contract.signing import load_private_key
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.drafts.building import build_drafts
from edge.headquarters.drafts.review import approve
from edge.headquarters.store import DraftEdit, Store, StoredDocument
from tests.headquarters.console.drafted import BEFORE
from tests.headquarters.publish.desk import Desk
from tests.headquarters.visitors import HOST
from tests.risk.tiny import Tiny, tiny_bundle


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """Squaretown's bundle with small models."""
    return tiny_bundle(tmp_path_factory.mktemp("tiny"), date(2026, 11, 21))


@pytest.fixture
def desk(tiny: Tiny, tmp_path: Path) -> Desk:
    """Where approvals go."""
    return Desk(tiny.agency, load_private_key(tiny.key), tmp_path)


@pytest.fixture
def app(tiny: Tiny, desk: Desk, tmp_path: Path) -> Flask:
    """The pages over the drafts of a date."""
    database = tmp_path / "hq.sqlite"
    with Store(database) as store:
        list(build_drafts(store, tiny.directory, tiny.agency, date(2026, 11, 22), BEFORE))

    def approved(approval: DraftEdit) -> StoredDocument:
        with Store(database, make=False) as store:
            return approve(store, tiny.agency, desk.key, desk, approval)

    return create_app(Context(tiny.agency, database, now=lambda: BEFORE, approve=approved), [HOST])
