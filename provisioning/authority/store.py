"""The authority in its folder: ``root.pem``, ``root.key`` (offline once it has signed), ``issuing-N.pem`` and ``.key``.

The highest number signs; a lower one is kept to sign the list of what it issued and was revoked, until nothing of it is
valid. Must not sign for anybody by itself.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509

from edge.errors import UserError
from edge.text.whole_file import write_whole
from provisioning.authority.certificates import Pair, make_issuing, make_root
from provisioning.authority.pem import certificate_pem, key_pem, public_bytes, read_chain, read_key
from provisioning.private_file import write_private

ROOT_PEM: Final = "root.pem"
ROOT_KEY: Final = "root.key"
_ISSUING: Final = re.compile(r"issuing-(\d+)\.pem")
_ADVICE: Final = "run `roundsman provision ca init`, or give the right --fleet"


@dataclass(frozen=True, slots=True)
class Authority:
    """A fleet's authority. ``folder``: the fleet's."""

    folder: Path

    @property
    def root(self) -> x509.Certificate:
        """The root's certificate, which every car pins."""
        return read_chain(self.folder / ROOT_PEM, _ADVICE)[0]

    def root_pem(self) -> str:
        """The same as text."""
        return certificate_pem(self.root).decode()

    @property
    def root_key(self) -> Path:
        """Where the root's key is until it is taken offline."""
        return self.folder / ROOT_KEY

    def numbers(self) -> list[int]:
        """Of the issuing keys, the one that signs last."""
        found = (_ISSUING.fullmatch(path.name) for path in self.folder.glob("issuing-*.pem"))
        return sorted(int(one[1]) for one in found if one)

    def newest(self) -> tuple[int, Pair]:
        """The issuing key that signs, and its number. Raises UserError where there is none."""
        numbers = self.numbers()
        if not numbers:
            msg = f"{self.folder}: there is no certificate authority; {_ADVICE}"
            raise UserError(msg)
        return numbers[-1], self.issuing(numbers[-1])

    def issuing(self, number: int) -> Pair:
        """An issuing key by its number. Raises UserError where it is not there."""
        pem, key = self._files(number)
        return Pair(read_chain(pem, _ADVICE)[0], read_key(key, "give the issuing key's file"))

    def init(self, agency: str, utc: float) -> None:
        """A new root and the first issuing key; the root's certificate comes last. Must not be one there already."""
        root = make_root(agency, utc)
        write_private(self.root_key, key_pem(root.key))
        self._write_issuing(root, agency, 1, utc)
        write_whole(self.folder / ROOT_PEM, certificate_pem(root.certificate))

    def rotate(self, agency: str, utc: float, root_key: Path | None = None) -> int:
        """A new issuing key, which signs from now on; its number. ``root_key``: where the root's key is now."""
        path = root_key or self.root_key
        root = Pair(self.root, read_key(path, "give the offline root key with --root-key"))
        if public_bytes(root.key.public_key()) != public_bytes(root.certificate.public_key()):
            msg = f"{path}: not the key of {self.folder / ROOT_PEM}; give the right file"
            raise UserError(msg)
        number = self.numbers()[-1] + 1
        self._write_issuing(root, agency, number, utc)
        return number

    def _write_issuing(self, root: Pair, agency: str, number: int, utc: float) -> None:
        made = make_issuing(root, agency, number, utc)
        pem, key = self._files(number)
        write_private(key, key_pem(made.key))  # first: a certificate without its key would stop the authority
        write_whole(pem, certificate_pem(made.certificate))

    def _files(self, number: int) -> tuple[Path, Path]:
        return self.folder / f"issuing-{number}.pem", self.folder / f"issuing-{number}.key"
