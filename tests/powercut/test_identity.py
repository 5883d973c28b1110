"""A power cut while a unit enrols and renews: its key is on disk before it is shown, and it ends with one identity."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from pydantic import BaseModel

from edge.errors import UserError
from provisioning.authority.certificates import make_issuing, make_root, sign_client
from provisioning.authority.pem import certificate_pem, public_bytes
from provisioning.device import enrolment
from provisioning.device.config import EnrolmentConfig
from provisioning.device.identity import Identity
from provisioning.device.service import Ask
from provisioning.exchange import EnrolRequest, Issued, RenewRequest, TokenFile
from provisioning.fleet.tokens import new_token
from tests.powercut.crashes import crashes, laid_out
from tests.powercut.mount import mounted
from tests.powercut.operations import Operation
from tests.powercut.weakened import without_fsync

pytestmark = [pytest.mark.usefixtures("can_mount"), pytest.mark.usefixtures("links_as_files")]

NOW: Final = 1_764_500_000.0
DUE: Final = NOW + 61 * 86_400.0
CUTS: Final = 150
FEW: Final = 40
ROOT: Final = make_root("squaretown", NOW)
ISSUING: Final = make_issuing(ROOT, "squaretown", 1, NOW)


class Service:
    """As the enrolment service decides: a token, or a certificate, is good for one key, which may ask again."""

    def __init__(self, issued: dict[str, tuple[bytes, str]] | None = None) -> None:
        self.issued = dict(issued or {})

    def asked(self, note: Callable[[], None] = lambda: None) -> Ask:
        """How to ask it; ``note``: called once it has decided."""

        def ask(_path: str, request: BaseModel) -> Issued:
            assert isinstance(request, EnrolRequest | RenewRequest)
            basis = request.token if isinstance(request, EnrolRequest) else request.certificate
            key = x509.load_pem_x509_csr(request.csr.encode()).public_key()
            assert isinstance(key, ec.EllipticCurvePublicKey)
            shown = public_bytes(key)
            if basis not in self.issued:
                made = certificate_pem(sign_client(ISSUING, "car-1", key, NOW), ISSUING.certificate).decode()
                self.issued[basis] = shown, made
            first, made = self.issued[basis]
            if first != shown:
                msg = "was used already"
                raise UserError(msg)
            note()
            return Issued(certificate=made)

        return ask


@pytest.fixture
def links_as_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The recording file system has no links: a file with the name of its target stands for one."""
    monkeypatch.setattr(Path, "symlink_to", lambda path, target: path.write_text(target) and None)
    monkeypatch.setattr(os, "readlink", lambda path: Path(path).read_text())
    mask = os.umask(0o077)
    yield
    os.umask(mask)


def config(folder: Path, ca: Path) -> EnrolmentConfig:
    """A unit whose disk is a folder."""
    return EnrolmentConfig(
        unit="car-1",
        service="https://hq:8443",
        ca=ca,
        identity=folder / "state/identity",
        token=folder / "state/enrolment.json",
    )


@pytest.fixture
def ca(tmp_path: Path) -> Path:
    """The root that the unit pins."""
    (tmp_path / "ca.pem").write_bytes(certificate_pem(ROOT.certificate))
    return tmp_path / "ca.pem"


def record(folder: Path, ca: Path, token: TokenFile) -> tuple[list[Operation], list[dict[str, tuple[bytes, str]]]]:
    """A unit enrols and renews on a recording file system; a note for each answer: what the service has issued then."""
    service = Service()
    issued: list[dict[str, tuple[bytes, str]]] = [{}]
    with mounted(folder) as mount:
        own = config(mount.folder, ca)
        own.token.parent.mkdir()
        own.token.write_text(token.model_dump_json())
        mount.note("0")

        def note() -> None:
            issued.append(dict(service.issued))
            mount.note(str(len(issued) - 1))

        enrolment.enrol(own, service.asked(note))
        enrolment.renew(own, DUE, service.asked(note))
    return mount.log, issued


def broken(
    log: list[Operation], issued: list[dict[str, tuple[bytes, str]]], ca: Path, token: TokenFile, cuts: int
) -> list[str]:
    """What is wrong after power cuts, each followed by a start that enrols where there is a token yet, and renews."""
    found = []
    for crash in crashes(log, cuts, seed=1):
        service = Service(issued[int(crash.note.text)])
        with laid_out(crash.image) as folder:
            own = config(folder, ca)
            try:
                enrolment.enrol(own, service.asked())
                held = Identity(own.identity).current
                assert held is not None
                if token.token in service.issued and len(service.issued) == 1:
                    enrolment.renew(own, DUE, service.asked())
                last = Identity(own.identity).current
                assert last is not None
                if public_bytes(last.key.public_key()) != public_bytes(last.certificate.public_key()):
                    found.append(f"no pair (power cut {crash.after})")
                if own.token.exists():
                    found.append(f"the token is still there (power cut {crash.after})")
            except (UserError, AssertionError) as error:
                found.append(f"{error} (power cut {crash.after})")
        if len(service.issued) > 2:
            found.append(f"more than one certificate each (power cut {crash.after})")
    return found


def test_a_power_cut_leaves_a_unit_that_ends_with_one_identity(tmp_path: Path, ca: Path) -> None:
    """Whatever was not synced is there or not: the next start finishes, by the key that was shown."""
    token = new_token("car-1", 7, NOW)
    log, issued = record(tmp_path / "mount", ca, token)
    assert len(issued) == 3
    assert broken(log, issued, ca, token, CUTS) == []


@pytest.mark.long
def test_three_thousand_power_cuts_leave_one_identity(tmp_path: Path, ca: Path) -> None:
    """The same at more places, with other luck."""
    token = new_token("car-1", 7, NOW)
    log, issued = record(tmp_path / "mount", ca, token)
    assert broken(log, issued, ca, token, 3_000) == []


def test_without_syncing_a_unit_shows_a_key_that_it_loses(tmp_path: Path, ca: Path) -> None:
    """So the check can fail."""
    token = new_token("car-1", 7, NOW)
    with without_fsync(stat.S_ISDIR):
        log, issued = record(tmp_path / "mount", ca, token)
    assert any("was used already" in one or "no token" in one for one in broken(log, issued, ca, token, FEW))
