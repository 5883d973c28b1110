"""Who gets a certificate, and who is refused with what sentence; each decision is in the audit."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from edge.errors import UserError
from provisioning.authority.pem import common_name, key_pem, new_key, serial_of
from provisioning.enrol.desk import Desk
from provisioning.enrol.requests import RefusedError
from provisioning.exchange import EnrolRequest, TokenFile
from provisioning.fleet.folder import Fleet
from provisioning.fleet.tokens import new_token
from provisioning.private_file import write_private
from tests.provisioning.devices import Device, asking_at, losing
from tests.provisioning.fleets import Clock

Make = Callable[[str], Device]


@pytest.fixture
def desk(fleet: Fleet) -> Desk:
    """The fleet's."""
    return Desk(fleet)


@pytest.fixture
def device(fleet: Fleet, tmp_path: Path) -> Make:
    """Makes a unit of the fleet; each has a disk of its own."""
    made: list[Device] = []

    def make(name: str = "car-1") -> Device:
        made.append(Device(fleet, name, tmp_path / f"disk {len(made)}"))
        return made[-1]

    return make


def audit(fleet: Fleet) -> list[tuple[str, str]]:
    with fleet.registry() as registry:
        return [(one.what, one.name) for one in registry.audit() if one.what != "token made"]


def serials(fleet: Fleet, name: str = "car-1") -> list[str]:
    with fleet.registry() as registry:
        return [one.serial for one in registry.certificates(name)]


def test_a_unit_with_a_token_gets_a_certificate_of_ninety_days(fleet: Fleet, desk: Desk, device: Make) -> None:
    """In its own name, for a client, from its own key; the token is wiped."""
    unit = device("car-2").with_token()
    assert "car-2 is enrolled until" in unit.enrol(asking_at(desk))
    made = unit.pair.certificate
    assert common_name(made) == "car-2"
    lives = made.not_valid_after_utc.timestamp() - fleet.utc()
    assert abs(lives - timedelta(days=90).total_seconds()) < 2
    usage = made.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [x509.oid.ExtendedKeyUsageOID.CLIENT_AUTH]
    assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not unit.config.token.exists()
    assert audit(fleet) == [("enrolled", "car-2")]


def test_a_token_is_good_once(fleet: Fleet, desk: Desk, device: Make) -> None:
    """Whoever copied it and comes second is refused, and that is in the audit; the first keeps its certificate."""
    first = device("car-1").with_token()
    second = device("car-1").given(TokenFile.model_validate_json(first.config.token.read_bytes()))
    first.enrol(asking_at(desk))
    with pytest.raises(UserError, match="the token of car-1 was used already; make new image files"):
        second.enrol(asking_at(desk))
    assert audit(fleet) == [("enrolled", "car-1"), ("refused", "car-1")]
    assert serials(fleet) == [serial_of(first.pair.certificate)]


def test_a_token_that_is_late_is_refused(desk: Desk, device: Make, clock: Clock) -> None:
    """To the second."""
    unit = device("car-1").with_token(days=2.0)
    clock.now = TokenFile.model_validate_json(unit.config.token.read_bytes()).expires.timestamp()
    with pytest.raises(UserError, match="the token of car-1 has expired; make new image files"):
        unit.enrol(asking_at(desk))
    clock.now -= 1.0
    unit.enrol(asking_at(desk))


def test_a_token_is_for_its_own_unit(fleet: Fleet, desk: Desk, device: Make) -> None:
    """On another unit's disk it is not even sent; sent all the same, it is refused."""
    token = TokenFile.model_validate_json(device("car-1").with_token().config.token.read_bytes())
    with pytest.raises(UserError, match="is for car-1, and this is car-2"):
        device("car-2").given(token).enrol(asking_at(desk))
    with pytest.raises(UserError, match="the token is for another unit than car-2"):
        device("car-2").given(token.model_copy(update={"unit": "car-2"})).enrol(asking_at(desk))
    assert serials(fleet) == []


def test_a_token_that_nobody_made_is_refused(fleet: Fleet, desk: Desk, device: Make) -> None:
    """A guessed one, in the same words whether there is such a unit or not."""
    for name in ("car-1", "car-99"):
        with pytest.raises(UserError, match="the token is not known here"):
            device(name).given(new_token(name, 7, fleet.utc())).enrol(asking_at(desk))


def test_a_token_that_was_replaced_is_refused(desk: Desk, device: Make) -> None:
    """The earlier card of a unit."""
    earlier = device("car-1").with_token()
    device("car-1").with_token()
    with pytest.raises(UserError, match="was replaced by a newer one"):
        earlier.enrol(asking_at(desk))


def test_a_unit_that_is_not_in_the_fleet_is_refused(fleet: Fleet, desk: Desk, device: Make) -> None:
    """Though it has a token: the list is what counts."""
    with pytest.raises(UserError, match="car-9 is not in the fleet; import it first"):
        device("car-9").with_token().enrol(asking_at(desk))
    assert audit(fleet) == [("refused", "car-9")]


def test_a_unit_has_one_certificate(fleet: Fleet, desk: Desk, device: Make) -> None:
    """A second token does not help as long as the first certificate holds; after its revocation it does."""
    device("car-1").with_token().enrol(asking_at(desk))
    other = device("car-1").with_token()
    with pytest.raises(UserError, match="car-1 has a certificate already; revoke it first"):
        other.enrol(asking_at(desk))
    with fleet.registry() as registry, registry.transaction():
        registry.revoke("car-1")
    other.enrol(asking_at(desk))
    assert len(serials(fleet)) == 2


def test_who_asks_again_with_the_same_key_gets_the_same_certificate(
    fleet: Fleet, desk: Desk, device: Make, clock: Clock
) -> None:
    """An answer was lost: even when the token has expired since, for nobody else has that key."""
    unit = device("car-1").with_token()
    with pytest.raises(UserError, match="the answer was lost"):
        unit.enrol(losing(asking_at(desk)))
    clock.later(days=20)
    unit.enrol(asking_at(desk))
    assert serials(fleet) == [serial_of(unit.pair.certificate)]
    assert audit(fleet) == [("enrolled", "car-1"), ("enrolled again", "car-1")]


def test_a_certificate_is_renewed_at_two_thirds_of_its_life_with_a_new_key(
    fleet: Fleet, desk: Desk, device: Make, clock: Clock
) -> None:
    """Not before; the new one lives for ninety days again, and the older pair is gone from the disk."""
    unit = device("car-1").with_token()
    unit.enrol(asking_at(desk))
    first = unit.pair
    key = first.key.public_key()
    clock.later(days=59.9)
    assert "the next certificate is due" in unit.renew(asking_at(desk))
    assert serials(fleet) == [serial_of(unit.pair.certificate)]
    clock.later(days=0.2)
    unit.renew(asking_at(desk))
    assert unit.pair.key.public_key() != key
    assert unit.pair.certificate.not_valid_after_utc.timestamp() - clock() > 89 * 86_400
    assert not first.folder.exists()
    assert serials(fleet)[-1] == serial_of(unit.pair.certificate)


def test_a_renewal_is_the_newest_certificates_alone(fleet: Fleet, desk: Desk, device: Make, clock: Clock) -> None:
    """A thief with a copy of the disk who renews first is found out: the unit is refused, and the audit says so."""
    unit = device("car-1").with_token()
    unit.enrol(asking_at(desk))
    thief = unit.copied(device("car-1"))
    clock.later(days=61)
    thief.renew(asking_at(desk))
    with pytest.raises(UserError, match="was renewed already, with another key; check the audit"):
        unit.renew(asking_at(desk))
    assert audit(fleet) == [("enrolled", "car-1"), ("renewed", "car-1"), ("refused", "car-1")]


def test_a_renewal_whose_answer_was_lost_gives_the_same_certificate(
    fleet: Fleet, desk: Desk, device: Make, clock: Clock
) -> None:
    """The key that was made for it is on the disk, and is asked for again."""
    unit = device("car-1").with_token()
    unit.enrol(asking_at(desk))
    clock.later(days=61)
    with pytest.raises(UserError, match="the answer was lost"):
        unit.renew(losing(asking_at(desk)))
    unit.renew(asking_at(desk))
    assert len(serials(fleet)) == 2
    assert serials(fleet)[-1] == serial_of(unit.pair.certificate)


@pytest.mark.parametrize(("days", "revoked", "why"), [(61, True, "is revoked"), (91, False, "has expired")])
def test_a_certificate_that_is_not_valid_renews_nothing(
    fleet: Fleet, desk: Desk, device: Make, clock: Clock, days: float, revoked: bool, why: str
) -> None:
    """Revoked, or expired: the unit needs new image files."""
    unit = device("car-1").with_token()
    unit.enrol(asking_at(desk))
    if revoked:
        with fleet.registry() as registry, registry.transaction():
            registry.revoke("car-1")
    clock.later(days=days)
    with pytest.raises(UserError, match=f"the certificate of car-1 {why}; make new image files"):
        unit.renew(asking_at(desk))


def test_a_renewal_needs_the_key_of_the_certificate(fleet: Fleet, desk: Desk, device: Make, clock: Clock) -> None:
    """A certificate is no secret: shown without its key's signature it is worth nothing."""
    unit = device("car-1").with_token()
    unit.enrol(asking_at(desk))
    clock.later(days=61)
    stolen = unit.copied(device("car-1"))
    write_private(stolen.pair.folder / "key.pem", key_pem(new_key()))
    with pytest.raises(UserError, match="not one of this fleet's"):
        stolen.renew(asking_at(desk))


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
    ],
)
def test_another_kind_of_key_is_refused(fleet: Fleet, desk: Desk, key: ec.EllipticCurvePrivateKey) -> None:
    """Every key of a fleet is on P-256."""
    algorithm = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(key, algorithm)
    token = new_token("car-1", 7, fleet.utc())
    request = EnrolRequest(unit="car-1", token=token.token, csr=csr.public_bytes(Encoding.PEM).decode())
    with pytest.raises(RefusedError, match="not signed by an EC P-256 key"):
        desk.enrol(request, "test")


@pytest.mark.parametrize(
    "spoil", [lambda pem: pem[:0], lambda pem: pem[:1], lambda pem: pem[:200], lambda pem: re.sub("[A-M]", "N", pem)]
)
def test_a_malformed_request_is_refused(fleet: Fleet, desk: Desk, spoil: Callable[[str], str]) -> None:
    """In a sentence, whatever is wrong with it."""
    csr = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([])).sign(new_key(), hashes.SHA256())
    request = EnrolRequest(unit="car-1", token="t" * 43, csr=spoil(csr.public_bytes(Encoding.PEM).decode()))
    with pytest.raises(RefusedError, match="the certificate request is"):
        desk.enrol(request, "test")


def test_a_key_is_used_for_one_certificate(fleet: Fleet, desk: Desk, device: Make) -> None:
    """A card that was copied with its key on it: the second unit is refused."""
    first = device("car-1").with_token()
    first.enrol(asking_at(desk))
    second = device("car-2").with_token()
    token = TokenFile.model_validate_json(second.config.token.read_bytes())
    request = EnrolRequest(unit="car-2", token=token.token, csr=first.pair.request("car-2"))
    with pytest.raises(RefusedError, match="the key has a certificate already"):
        desk.enrol(request, "test")


def test_a_certificate_of_a_rotated_issuing_key_renews_to_the_new_one(
    fleet: Fleet, desk: Desk, device: Make, clock: Clock
) -> None:
    """Nothing on the unit changes for it."""
    unit = device("car-1").with_token()
    unit.enrol(asking_at(desk))
    fleet.authority.rotate("squaretown", clock())
    clock.later(days=61)
    unit.renew(asking_at(desk))
    assert "Roundsman issuing 2" in unit.pair.certificate.issuer.rfc4514_string()


def test_the_audit_only_grows(fleet: Fleet, desk: Desk, device: Make) -> None:
    """Nothing in it can be changed or taken out."""
    device("car-1").with_token().enrol(asking_at(desk))
    with fleet.registry() as registry:
        for statement in ("DELETE FROM audit", "UPDATE audit SET name = 'car-2'"):
            with pytest.raises(UserError, match="the audit only grows"), registry.transaction():
                registry._run(statement)
    assert audit(fleet) == [("enrolled", "car-1")]
