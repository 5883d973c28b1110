"""The models' test in a child: what ends the child is said, and ends nothing else."""

import shutil
from pathlib import Path

import pytest

from edge.contract.signing import create_private_key
from edge.vehicle.checks.models import of_models
from tests.bundles import signed_agency

DIES = "import os, signal; os.kill(os.getpid(), signal.SIG{})"


def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> str:
    """A module for the child to run; `python -P` finds it by PYTHONPATH."""
    (tmp_path / "a_child.py").write_text(body)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "a_child"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (DIES.format("ILL"), "an instruction that this processor lacks"),
        (DIES.format("KILL"), "their test ended with signal SIGKILL"),
        ("raise ImportError('no wheel of it')", "their test ended with status 1: ImportError: no wheel of it"),
    ],
)
def test_a_child_that_dies_is_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, said: str) -> None:
    """A real one: risk stays off, and patrols go on; the doctor goes on too."""
    (found,) = of_models("bundle", "key", child(tmp_path, monkeypatch, body))
    assert (found.grade, said in found.text) == ("warning", True)


def test_what_the_child_says_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The models that stood their test in one sentence, each other in one of its own."""
    body = """print('{"stood": ["burglary", "theft"], "refused": ["robbery is off: its card is missing"]}')"""
    refused, stood = of_models("bundle", "key", child(tmp_path, monkeypatch, body))
    assert (refused.grade, refused.text) == ("warning", "robbery is off: its card is missing; build the bundle anew")
    assert (stood.grade, stood.text) == ("ok", "burglary, theft: each stood its own test")


def test_a_bundle_that_was_changed_is_told_by_the_real_child(tmp_path: Path) -> None:
    """Signature and hashes are looked at there, too."""
    create_private_key(tmp_path / "key.pem")
    key = signed_agency(tmp_path).public_key
    agency = tmp_path / "agency"
    assert key is not None
    assert not list(of_models(str(agency), key))  # it has no models
    copy = shutil.copytree(agency, tmp_path / "changed")
    (copy / "agency.json").write_bytes((copy / "agency.json").read_bytes() + b" ")
    (found,) = of_models(str(copy), key)
    assert (found.grade, "agency.json" in found.text) == ("warning", True)
