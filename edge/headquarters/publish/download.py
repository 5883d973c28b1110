"""A download notice: numbered, signed with the fleet's key, stored with role and reason. Must not read a file."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from edge.contract.agency import Agency
from edge.contract.download import DownloadDoc, NamedBundle, NamedRelease
from edge.contract.messages import explained
from edge.contract.signed_kinds import DOWNLOAD
from edge.domain.events import instant
from edge.errors import UserError
from edge.headquarters.publish.document import store_upon
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
        body = {
            "agency": agency.id,
            "number": store.next_version(DOWNLOAD.name),
            "role": role.strip(),
            "reason": reason.strip(),
            "at": instant(int(now)),
            "bundle": bundle,
            "release": release,
        }
        try:
            return DownloadDoc.model_validate(body)
        except ValidationError as error:
            msg = f"the download notice cannot be published: {explained(error)}"
            raise UserError(msg) from error

    return store_upon(DOWNLOAD, made, agency, key, store, role, reason)
