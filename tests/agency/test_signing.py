"""Signatures: only the agency's key makes one that holds, and its file is for its owner alone."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from edge.contract.signing import create_private_key, load_private_key, public_key_of, sign, verify
from edge.errors import UserError


def test_a_signature_holds_for_its_key_and_payload_alone(tmp_path: Path) -> None:
    """One changed byte, another key, or a malformed key or signature: it does not hold, and nothing is raised."""
    key, other = create_private_key(tmp_path / "a.pem"), create_private_key(tmp_path / "b.pem")
    public, signature = public_key_of(key), sign(key, b"a plan")
    assert verify(public, b"a plan", signature)
    assert not verify(public, b"a plaN", signature)
    assert not verify(public_key_of(other), b"a plan", signature)
    assert not verify(public, b"a plan", signature[:-2])
    assert not verify(public, b"a plan", "no hexadecimal")
    assert not verify("", b"a plan", signature)


def test_a_key_file_is_for_its_owner_and_is_read_back(tmp_path: Path) -> None:
    """Mode 0600 from the first moment; the key read is the key written."""
    path = tmp_path / "key.pem"
    key = create_private_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_key_of(load_private_key(path)) == public_key_of(key)


def test_an_existing_key_is_never_overwritten(tmp_path: Path) -> None:
    """Losing a key silences a fleet's plans."""
    create_private_key(tmp_path / "key.pem")
    before = (tmp_path / "key.pem").read_bytes()
    with pytest.raises(UserError, match="cannot be written"):
        create_private_key(tmp_path / "key.pem")
    assert (tmp_path / "key.pem").read_bytes() == before


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    """The sentence says what to do."""
    create_private_key(tmp_path / "key.pem")
    (tmp_path / "key.pem").chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        load_private_key(tmp_path / "key.pem")


def test_what_is_no_ed25519_key_is_refused(tmp_path: Path) -> None:
    """A missing file, any other text, and a key of another kind."""
    path = tmp_path / "key.pem"
    with pytest.raises(UserError, match="cannot be read"):
        load_private_key(path)
    path.touch(mode=0o600)
    with pytest.raises(UserError, match="not an unencrypted PEM private key"):
        load_private_key(path)
    path.write_bytes(X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(UserError, match="not an Ed25519 key"):
        load_private_key(path)
