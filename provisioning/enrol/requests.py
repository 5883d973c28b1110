"""What a unit asks to have signed, checked: a CSR of the fleet's kind of key, signed by that key.

Must not know who may have what.
"""

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.authority.pem import PublicKey, is_ours


class RefusedError(Exception):
    """A request that is refused; the text is the sentence that the unit shows. ``status``: HTTP's."""

    def __init__(self, why: str, status: int = 403) -> None:
        super().__init__(why)
        self.status = status


def key_of_request(pem: str) -> PublicKey:
    """The public key of a CSR, whose private half its sender has. Raises RefusedError where that is not so.

    Nothing else of it is used: the service says whose the certificate is, and what for.
    """
    try:
        request = x509.load_pem_x509_csr(pem.encode())
        key = request.public_key()
        proved = request.is_signature_valid
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature) as error:
        msg = "the certificate request is malformed; update the software of the unit"
        raise RefusedError(msg, 400) from error
    if not proved or not isinstance(key, PublicKey) or not is_ours(key):
        msg = "the certificate request is not signed by an EC P-256 key of its own; update the software of the unit"
        raise RefusedError(msg, 400)
    return key


def signed_by(key: object, signature: str, payload: str) -> bool:
    """Whether a signature (hexadecimal) of a text is a public key's."""
    if not isinstance(key, PublicKey):
        return False
    try:
        key.verify(bytes.fromhex(signature), payload.encode(), ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
