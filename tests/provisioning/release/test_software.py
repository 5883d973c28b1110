"""The envelope and the manifest of a release, by the specifications' own examples, and what is refused."""

import base64
import json
import os
from pathlib import Path

import pytest

from edge.errors import UserError
from provisioning.software.dsse import opened, pae, seal
from provisioning.software.statement import PAYLOAD, Statement, order_of
from provisioning.software.verified import MANIFEST, copy_verified, read_manifest
from tests.provisioning.release.town import HERE, KEY, OTHER, PUBLIC, sign, write_release


def test_what_is_signed_is_as_the_specification_has_it() -> None:
    """The example of DSSE's protocol.md."""
    assert (
        pae("http://example.com/HelloWorld", b"hello world")
        == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )


def test_an_envelope_gives_back_what_was_signed_by_the_key() -> None:
    """And by no other key, as no other type; a keyid is trusted by nobody."""
    sealed = seal(PAYLOAD, b"{}", KEY)
    assert opened(sealed, PAYLOAD, PUBLIC) == b"{}"
    assert json.loads(sealed)["payloadType"] == "application/vnd.in-toto+json"
    with pytest.raises(UserError, match="not a manifest of a release"):
        opened(seal("text/plain", b"{}", KEY), PAYLOAD, PUBLIC)
    forged = json.loads(seal(PAYLOAD, b"{}", OTHER))
    forged["signatures"][0]["keyid"] = json.loads(sealed)["signatures"][0]["keyid"]
    with pytest.raises(UserError, match="not signed by the release key"):
        opened(json.dumps(forged).encode(), PAYLOAD, PUBLIC)
    relabelled = json.loads(sealed) | {"payloadType": "text/plain"}
    with pytest.raises(UserError, match="not signed by the release key"):
        opened(json.dumps(relabelled).encode(), "text/plain", PUBLIC)


def test_the_manifest_is_an_in_toto_statement(tmp_path: Path) -> None:
    """With the specification's names: whoever reads in-toto reads it."""
    write_release(tmp_path / "one")
    payload = json.loads(base64.b64decode(json.loads((tmp_path / "one" / MANIFEST).read_bytes())["payload"]))
    assert payload["_type"] == "https://in-toto.io/Statement/v1"
    assert payload["predicateType"] == "urn:roundsman:release:1"
    assert {frozenset(one) for one in payload["subject"]} == {frozenset({"name", "digest"})}


def test_versions_are_ordered_by_their_numbers() -> None:
    """Not by their text."""
    assert order_of("0.10.0") > order_of("0.9.1")


@pytest.mark.parametrize("spoil", ["cut", "other", "missing", "link", "folder", "grown"])
def test_a_file_that_is_not_what_was_signed_is_refused(tmp_path: Path, spoil: str) -> None:
    """By a sentence that names it."""
    statement = write_release(tmp_path / "one")
    path = tmp_path / "one" / statement.subject[0].name
    whole = path.read_bytes()
    path.unlink()
    match spoil:
        case "cut":
            path.write_bytes(whole[:-1])
        case "other":
            path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        case "grown":
            path.write_bytes(whole + b"x")
        case "link":
            (tmp_path / "real").write_bytes(whole)
            path.symlink_to(tmp_path / "real")
        case "folder":
            path.mkdir()
    manifest = read_manifest(tmp_path / "one", PUBLIC)
    with pytest.raises(UserError, match=path.name):
        copy_verified(manifest, manifest.statement.digests, tmp_path / "one")


@pytest.mark.parametrize("name", ["../evil.whl", "/etc/passwd", "-r", ".hidden", "a/b.whl", "", "a b.whl"])
def test_a_name_that_leads_elsewhere_is_refused_though_it_is_signed(tmp_path: Path, name: str) -> None:
    """A release's files are plain names in one folder."""
    statement = write_release(tmp_path / "one")
    text = statement.payload().decode().replace("lamp-1.0.0-py3-none-any.whl", name)
    (tmp_path / "one" / MANIFEST).write_bytes(seal(PAYLOAD, text.encode(), KEY))
    with pytest.raises(UserError, match="not a manifest of a release"):
        read_manifest(tmp_path / "one", PUBLIC)


def test_a_manifest_must_list_what_its_platforms_install(tmp_path: Path) -> None:
    """Nothing is installed that has no hash."""
    statement = write_release(tmp_path / "one")
    raw = statement.model_dump(mode="json", by_alias=True)
    raw["predicate"]["targets"][HERE].append("more-1.0-py3-none-any.whl")
    with pytest.raises(ValueError, match="is not a file of the release"):
        Statement.model_validate_json(json.dumps(raw))
    sign(tmp_path / "one", statement)
    (tmp_path / "one" / MANIFEST).write_bytes(os.urandom(2_000_000))
    with pytest.raises(UserError, match=MANIFEST):
        read_manifest(tmp_path / "one", PUBLIC)
