"""The wheels of a release: our own, made from a commit, and those it needs, by the hashes of a lock.

The same commit and locks give the same bytes. Must not sign anything, nor install into this environment.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

from edge.errors import UserError
from provisioning.release.targets import FROM_SOURCE, Target

MADE: Final = Path("edge/vehicle/touchscreen/static/vendor")
"""What draws the basemap: `make vendor` makes it of npm's packages, by their lock; it is no part of a commit."""
NPM_LOCK: Final = Path("edge/vehicle/touchscreen/from_npm/package-lock.json")

PIP: Final = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


def committed(repository: Path, folder: Path) -> Path:
    """The files of the last commit, laid out with plain modes; and what `make vendor` made."""
    tree = folder / "tree"
    archive = _run(["git", "-C", str(repository), "-c", "tar.umask=0022", "archive", "--format=tar", "HEAD"])
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(tree, filter="data")
    made = repository / MADE
    if not (made / "MANIFEST.json").exists():
        msg = f"{made}: is missing (it draws the basemap); run `make vendor`, which needs npm"
        raise UserError(msg)
    shutil.copytree(made, tree / MADE, dirs_exist_ok=True)
    return tree


def commit_time(repository: Path) -> int:
    """When the last commit was made: the time of every file (SOURCE_DATE_EPOCH). POSIX seconds."""
    return int(_run(["git", "-C", str(repository), "log", "-1", "--format=%ct"]))


def build(source: Path, out: Path, epoch: int) -> Path:
    """The wheel of a source, by this environment's setuptools. Raises UserError where it cannot be made."""
    out.mkdir(parents=True, exist_ok=True)
    before = set(out.glob("*.whl"))
    words = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(out), str(source)]
    for path in source.rglob("*"):  # a file's mode goes into the wheel, and whoever builds has a umask of his own
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    _run(words, {"SOURCE_DATE_EPOCH": str(epoch), "PYTHONHASHSEED": "0"}, umask=0o022)
    made = set(out.glob("*.whl")) - before
    if len(made) != 1:
        msg = f"{out}: holds wheels of an earlier build; choose an empty folder"
        raise UserError(msg)
    return made.pop()


def gather(target: Target, out: Path, epoch: int, options: Iterable[str] = ()) -> list[str]:
    """Download what a platform needs into a folder; the names of the wheels. ``options``: more for pip.

    pip refuses whatever has not a hash of the lock. Raises UserError where it, or the network, does.
    """
    folder = out / f".{target.name}"
    folder.mkdir(parents=True)
    sources = [word for one in FROM_SOURCE for word in ("--no-binary", one)]
    words = [*PIP, "download", "--no-deps", "--require-hashes", "--only-binary=:all:", *sources, *options]
    _run([*words, *target.download_options(), "--dest", str(folder), "--requirement", str(target.lock)])
    for archive in sorted(folder.glob("*.tar.gz")):
        _from_source(archive, folder, epoch)
    names = []
    for wheel in sorted(folder.iterdir()):
        names.append(wheel.name)
        wheel.replace(out / wheel.name)
    folder.rmdir()
    return names


def _from_source(archive: Path, folder: Path, epoch: int) -> None:
    """Turn a source of plain Python into its wheel."""
    unpacked = folder / "source"
    with tarfile.open(archive) as tar:
        tar.extractall(unpacked, filter="data")
    (source,) = unpacked.iterdir()
    made = build(source, folder / "made", epoch)
    if not made.name.endswith("-none-any.whl"):
        msg = f"{archive.name}: is not plain Python, so its wheel is for this machine alone; lock a version with wheels"
        raise UserError(msg)
    made.replace(folder / made.name)
    shutil.rmtree(unpacked)
    made.parent.rmdir()
    archive.unlink()


def _run(words: list[str], environment: Mapping[str, str] | None = None, umask: int = -1) -> bytes:
    """What a program prints. Raises UserError with what it says where it fails."""
    env = {**os.environ, **(environment or {})}
    done = subprocess.run(words, capture_output=True, check=False, umask=umask, env=env)  # noqa: S603 - words of ours
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-3:]
        msg = f"{' '.join(words[:4])} …: failed: {' / '.join(said)[:500]}"
        raise UserError(msg)
    return done.stdout
