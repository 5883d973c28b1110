"""The certificate with which the pages are served, where headquarters has TLS of its own. Must not serve anything."""

import ssl
from pathlib import Path

from edge.errors import UserError


def server_context(cert: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.2 or newer with a certificate. Raises UserError where the files cannot be used."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key, password=_no_passphrase)
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        why = error.strerror if isinstance(error, OSError) and error.strerror else error
        msg = f"web.cert, web.key: {cert} and {key} cannot be used ({why}); give a certificate and its key as PEM"
        raise UserError(msg) from error
    return context


def _no_passphrase() -> str:
    """Else OpenSSL asks for one at the terminal, of a service that has none."""
    msg = "the key has a passphrase"
    raise ValueError(msg)
