"""A download notice: numbered, signed with the fleet's key, stored with role and reason. Must not read a file."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency
from edge.contract.download import DownloadDoc, NamedBundle, NamedRelease
from edge.contract.signed_kinds import DOWNLOAD
from edge.headquarters.publish.document import numbered, store_upon
from edge.headquarters.store import Store, StoredDocument


def sign_download(
    bundle: NamedBundle | None,
    release: NamedRelease | None,
    agency: Agency,
    key: Ed25519PrivateKey,
    store: Store,
    role: str,
    reason: str,
    now: float,
) -> StoredDocument:
    """Number, sign and store a notice. ``now``: POSIX seconds. Raises UserError where it cannot be."""

    def made() -> DownloadDoc:
        return numbered(DOWNLOAD, agency, store, role, reason, now, bundle=bundle, release=release)

    return store_upon(DOWNLOAD, made, agency, key, store, role, reason)
