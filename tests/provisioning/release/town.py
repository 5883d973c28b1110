"""Small releases for tests: a package called roundsman, with the one wheel that it needs, made without a network."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from platform import machine
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.signing import public_key_of
from provisioning.release.make import Source, stated
from provisioning.release.targets import Target
from provisioning.release.wheels import build
from provisioning.software.dsse import seal
from provisioning.software.statement import PAYLOAD, Statement
from provisioning.software.verified import MANIFEST

KEY: Final = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
OTHER: Final = Ed25519PrivateKey.from_private_bytes(bytes([8]) * 32)
PUBLIC: Final = public_key_of(KEY)
EPOCH: Final = 1_764_500_000
PYTHON: Final = f"{sys.version_info.major}.{sys.version_info.minor}"
HERE: Final = f"cp{PYTHON.replace('.', '')}-{machine()}"
"""The platform that the tests run on."""

PROGRAM: Final = "def main():\n    print('roundsman, version 0.2.0')\n"
PYPROJECT: Final = """\
[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}"
version = "{version}"
license = "Apache-2.0"
dependencies = {needs}
{scripts}
[tool.setuptools]
packages = ["{package}"]

[tool.setuptools.package-data]
"*" = ["*.onnx"]
"""


def write_package(folder: Path, name: str, version: str, code: str, needs: tuple[str, ...] = ()) -> Path:
    """The source of a package whose module is ``name``, with a script of that name that runs its ``main``."""
    package = folder / name
    package.mkdir(parents=True)
    scripts = f'\n[project.scripts]\n{name} = "{name}:main"\n'
    text = PYPROJECT.format(name=name, package=name, version=version, needs=json.dumps(needs), scripts=scripts)
    (folder / "pyproject.toml").write_text(text)
    (package / "__init__.py").write_text(code)
    return folder


@dataclass(frozen=True)
class Workshop:
    """A folder in which releases are made. ``links``: where pip finds what is needed."""

    folder: Path

    @property
    def links(self) -> Path:
        """See the class."""
        return self.folder / "links"

    def needed(self) -> Target:
        """The lock of a platform: one pure wheel, which is made and lies in ``links``."""
        source = write_package(self.folder / "needed", "lamp", "1.0.0", "def main():\n    pass\n")
        wheel = build(source, self.links, EPOCH)
        digest = stated(self.links, "1.0.0", {HERE: (wheel.name,)}, EPOCH).digests[wheel.name]
        lock = self.folder / "lock.txt"
        lock.write_text(f"lamp==1.0.0 --hash=sha256:{digest}\n")
        return Target(PYTHON, machine(), lock)

    def npm_lock(self) -> Path:
        """A lock of npm's: one package that is bundled, one that only builds."""
        path = self.folder / "package-lock.json"
        said = {"version": "1.2.3", "integrity": "sha512-" + "A" * 86 + "==", "license": "MIT"}
        packages = {"": {}, "node_modules/@maps/drawn": said, "node_modules/builder": {**said, "dev": True}}
        path.write_text(json.dumps({"packages": packages}))
        return path

    def source(self, target: Target, name: str = "tree") -> Source:
        """The source of version 0.2.0, with a model in it."""
        tree = write_package(self.folder / name, "roundsman", "0.2.0", PROGRAM, ("lamp",))
        (tree / "roundsman/theft.onnx").write_bytes(b"a model")
        return Source(tree, self.npm_lock(), EPOCH, (target,))

    def pip_options(self) -> tuple[str, ...]:
        """No network."""
        return ("--no-index", "--find-links", str(self.links))


def sign(folder: Path, statement: Statement, key: Ed25519PrivateKey = KEY) -> None:
    """Write the manifest of a folder."""
    (folder / MANIFEST).write_bytes(seal(PAYLOAD, statement.payload(), key))


def write_release(folder: Path, version: str = "0.2.0", epoch: int = EPOCH, target: str = HERE) -> Statement:
    """A signed release whose wheels are but bytes."""
    folder.mkdir(parents=True)
    names = (f"roundsman-{version}-py3-none-any.whl", "lamp-1.0.0-py3-none-any.whl")
    for name in names:
        (folder / name).write_bytes(f"{name} {epoch}".encode() * 20)
    statement = stated(folder, version, {target: names}, epoch)
    sign(folder, statement)
    return statement
