"""The demo's bundle is a real one: signed as the demo starts, with the models shipped, if any."""

from pathlib import Path

import pytest

from edge.contract.bundle import verified_bundle
from edge.contract.signing import load_private_key, public_key_of
from edge.demo import site
from edge.risk.counts import Counts, save_counts


def test_the_demos_bundle_is_signed_with_a_key_of_its_own(tmp_path: Path) -> None:
    """The cars verify it as they would an agency's."""
    site.make_site(tmp_path)
    key = public_key_of(load_private_key(tmp_path / "signing.key"))
    assert verified_bundle(tmp_path / "agency", key).manifest.agency == "riverton"


def test_what_is_shipped_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What training made of the generated city's incidents; without it the demo runs with risk off."""
    (tmp_path / "shipped").mkdir()
    save_counts(tmp_path / "shipped" / "counts.npz", Counts.none(739_000, 739_010))
    monkeypatch.setattr(site, "SHIPPED_RISK", tmp_path / "shipped")
    site.make_site(tmp_path)
    assert "counts.npz" in verified_bundle(tmp_path / "agency", None).manifest.files
    monkeypatch.setattr(site, "SHIPPED_RISK", tmp_path / "nothing")
    site.make_site(tmp_path)
    assert "counts.npz" not in verified_bundle(tmp_path / "agency", None).manifest.files
