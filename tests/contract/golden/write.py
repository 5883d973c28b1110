"""Write a version's golden files: ``python -m tests.contract.golden.write 2``. One that stands is left as it is.

Run with the code of that version. Once its files are in the repository, they are never written again.
"""

import importlib
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.messages import encode
from edge.contract.signed_documents import sign
from edge.contract.signed_kinds import KINDS
from tests.contract.golden import FOLDER, KEY, written


def main(version: str) -> None:
    """Write what is missing."""
    values = importlib.import_module(f"tests.contract.golden.version_{version}").VALUES
    (FOLDER / version).mkdir(exist_ok=True)
    for name, value in values.items():
        path, kind = FOLDER / version / f"{name}.json", KINDS.get(name.partition(".")[0])
        if not path.exists():
            signed = kind and encode(sign(kind, value, Ed25519PrivateKey.from_private_bytes(KEY)).signed)
            path.write_bytes((signed or written(name, value)) + b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
