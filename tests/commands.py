"""A folder in which every command can run, and a run of a command that must be refused."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.agency.build import build_agency
from edge.cli import main
from edge.contract.signing import create_private_key, public_key_of
from edge.headquarters.store import Store
from edge.vehicle.store.vault import Vault
from tests.agency.square import LASTING, write_square

PLAN: Final = (
    'shift = "2026-11-22/night"\ndistrict = "1"\nversion = 1\n[[patrols]]\nnumber = 1\ncrime_types = ["theft"]\n'
)
KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes(32))
"""The agency's: always the same, so that a configuration can name it."""
VEHICLE: Final = (
    f'unit = "car-1"\nagency = "agency"\nagency_key = "{public_key_of(KEY)}"\n'
    'district = "1"\ndata = "data"\n[broker]\nport = 1\n'
)
HQ: Final = 'agency = "agency"\ndatabase = "hq.sqlite"\nsigning_key = "key.pem"\n[broker]\nport = 1\n'
ROUNDSMAN: Final = str(Path(sys.executable).with_name("roundsman"))


@pytest.fixture(scope="module")
def command_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the commands need, every file of it good."""
    folder = tmp_path_factory.mktemp("town")
    create_private_key(folder / "key.pem", KEY)
    build_agency(write_square(folder), folder / "agency", key=folder / "key.pem", terms=LASTING)
    for name, text in (("plan.toml", PLAN), ("vehicle.toml", VEHICLE), ("hq.toml", HQ)):
        (folder / name).write_text(text)
    with closing(Vault(folder / "data", "car-1")), Store(folder / "hq.sqlite"):
        pass
    return folder


@pytest.fixture
def here(command_town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the town, in which the commands run."""
    folder = tmp_path / "town"
    shutil.copytree(command_town, folder)
    monkeypatch.chdir(folder)
    mask = os.umask(0o022)  # a command may set it for its process
    yield folder
    os.umask(mask)


@pytest.fixture
def refuse(here: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that must be refused; what it says."""

    def run(*arguments: str) -> str:
        before = tree(here)
        monkeypatch.setattr(sys, "argv", ["roundsman", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capfd.readouterr().err
        assert ended.value.code == 2, said
        assert "Traceback" not in said
        assert 0 < len(said) < 2000
        assert tree(here) == before
        return said

    return run


def tree(folder: Path) -> dict[str, bytes | None]:
    """Every file with its bytes, every folder; SQLite's own lock files left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
        if not path.name.endswith(("-wal", "-shm"))
    }
