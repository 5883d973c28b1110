"""What a release is made of, as CycloneDX 1.6: each wheel, each npm package in the screen's map, each model.

The same wheels and locks give the same bytes. Must not name what the files of the release do not hold.
"""

import base64
import email
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZipFile

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense, LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

MODEL: Final = ".onnx"
SHORT: Final = 100
"""Of a license's name; some write its whole text there."""


def sbom(own: Path, wheels: list[Path], npm_lock: Path, epoch: int) -> str:
    """The document. ``own``: our wheel, in which the npm packages and the models are."""
    parts = [*map(_of_wheel, wheels), *_of_npm(npm_lock), *_of_models(own)]
    root = _of_wheel(own)
    named = "\n".join(sorted(str(one.bom_ref.value) for one in [root, *parts]))
    bom = Bom(
        components=parts,
        metadata=BomMetaData(component=root, timestamp=datetime.fromtimestamp(epoch, UTC), tools=None),
        serial_number=uuid5(NAMESPACE_URL, f"{hashlib.sha256(own.read_bytes()).hexdigest()}\n{named}"),
    )
    bom.register_dependency(root, parts)
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def metadata_of(wheel: Path) -> Message:
    """What a wheel says of itself."""
    with ZipFile(wheel) as archive:
        name = next(one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def _of_wheel(wheel: Path) -> Component:
    said = metadata_of(wheel)
    name, version = str(said["Name"]), str(said["Version"])
    purl = PackageURL(
        "pypi", name=name.lower().replace("_", "-"), version=version, qualifiers={"file_name": wheel.name}
    )
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        purl=purl,
        bom_ref=purl.to_string(),
        licenses=list(_licenses(said)),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=hashlib.sha256(wheel.read_bytes()).hexdigest())],
    )


def _licenses(said: Message) -> Iterator[LicenseExpression | DisjunctiveLicense]:
    if expression := said["License-Expression"]:
        yield LicenseExpression(str(expression))
    elif (name := said["License"]) and len(str(name)) <= SHORT:
        yield DisjunctiveLicense(name=str(name))
    else:
        for one in said.get_all("Classifier", []):
            if str(one).startswith("License :: "):
                yield DisjunctiveLicense(name=str(one).rpartition(" :: ")[2])


def _of_npm(lock: Path) -> Iterator[Component]:
    """Those that are bundled: what only builds is left out."""
    packages: dict[str, dict[str, Any]] = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    for path, said in sorted(packages.items()):
        if not path or said.get("dev"):
            continue
        whole = path.rpartition("node_modules/")[2]
        space, _, name = whole.rpartition("/")
        purl = PackageURL("npm", namespace=space or None, name=name, version=said["version"])
        content = base64.b64decode(said["integrity"].removeprefix("sha512-")).hex()
        yield Component(
            type=ComponentType.LIBRARY,
            name=name,
            group=space or None,
            version=said["version"],
            purl=purl,
            bom_ref=f"{purl.to_string()}#{path}",
            licenses=[DisjunctiveLicense(name=said["license"])] if "license" in said else [],
            hashes=[HashType(alg=HashAlgorithm.SHA_512, content=content)],
        )


def _of_models(own: Path) -> Iterator[Component]:
    with ZipFile(own) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(MODEL):
                digest = hashlib.sha256(archive.read(name)).hexdigest()
                yield Component(
                    type=ComponentType.MACHINE_LEARNING_MODEL,
                    name=name,
                    version=digest[:12],
                    bom_ref=f"model:{name}",
                    hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
                )
