"""Who gets a certificate: the rules of the enrolment service, each decision on disk and in the audit before it is told.

* **A token** is good once, until it expires, for its own unit, while that unit is in the fleet and has no certificate.
* **A renewal** is signed by the key of the unit's newest certificate, which is neither expired nor revoked, and has a
  new key.
* **Asked again** with the same key, both give the certificate that was issued before: the unit may have lost power, or
  the answer. So a unit that is killed at any moment ends with one certificate.

Must not know HTTP.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography import x509

from provisioning.authority.certificates import sign_client
from provisioning.authority.pem import PublicKey, chain_of, common_name, public_bytes
from provisioning.enrol.requests import RefusedError, key_of_request, signed_by
from provisioning.exchange import EnrolRequest, Issued, RenewRequest, digest_of
from provisioning.fleet.folder import Fleet
from provisioning.fleet.issued import record_of
from provisioning.fleet.tokens import enrolled
from provisioning.registry.records import Certificate
from provisioning.registry.registry import Registry

NOT_KNOWN: Final = "the token is not known here; make new image files for the unit"
NOT_OURS: Final = "the certificate is not one of this fleet's; make new image files for the unit"


@dataclass(frozen=True, slots=True)
class Answer:
    """A certificate, and whether it is a new one."""

    certificate: Certificate
    new: bool = True


class Desk:
    """Of one fleet. Its methods may be called by several threads at once."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def enrol(self, request: EnrolRequest, source: str) -> Issued:
        """A unit's first certificate. Raises RefusedError."""
        key = key_of_request(request.csr)
        return self._decided("enrolled", request.unit, source, lambda registry: self._by_token(registry, request, key))

    def renew(self, request: RenewRequest, source: str) -> Issued:
        """A unit's next certificate. Raises RefusedError."""
        key = key_of_request(request.csr)
        shown = _shown(request.certificate)
        name = common_name(shown)
        return self._decided("renewed", name, source, lambda registry: self._by_key(registry, request, shown, key))

    def _decided(self, what: str, name: str, source: str, decide: Callable[[Registry], Answer]) -> Issued:
        """Decide in one transaction, with its line in the audit."""
        refusal: RefusedError | None = None
        with self._fleet.registry() as registry, registry.transaction():
            try:
                answer = decide(registry)
                registry.note(what if answer.new else f"{what} again", name, source, answer.certificate.serial)
            except RefusedError as error:
                refusal = error
                registry.note("refused", name, source, str(error))
        if refusal is not None:
            raise refusal
        return Issued(certificate=answer.certificate.pem)

    def _by_token(self, registry: Registry, request: EnrolRequest, key: PublicKey) -> Answer:
        now, digest = self._fleet.utc(), digest_of(request.token)
        token = registry.token(digest)
        if token is None:
            raise RefusedError(NOT_KNOWN)
        if token.unit != request.unit:
            msg = f"the token is for another unit than {request.unit}; use the image files of {request.unit}"
            raise RefusedError(msg)
        if (before := _issued_before(registry, request.unit, digest, key, now)) is not None:
            return Answer(before, new=False)
        why = "was used already" if token.used else "was replaced by a newer one" if token.voided else "has expired"
        if not token.open(now):
            raise RefusedError(f"the token of {request.unit} {why}; make new image files for it")
        if enrolled(registry, request.unit, now) is not None:
            raise RefusedError(f"{request.unit} has a certificate already; revoke it first")
        issued = self._issue(registry, request.unit, key, digest)
        registry.use_token(digest)
        return Answer(issued)

    def _by_key(self, registry: Registry, request: RenewRequest, shown: x509.Certificate, key: PublicKey) -> Answer:
        now, name = self._fleet.utc(), common_name(shown)
        row = registry.certificates(name)
        held = next((one for one in row if chain_of(one.pem.encode())[0] == shown), None)
        if held is None or not signed_by(shown.public_key(), request.signature, request.csr):
            raise RefusedError(NOT_OURS)
        if not held.valid(now):
            why = "is revoked" if held.revoked is not None else "has expired"
            raise RefusedError(f"the certificate of {name} {why}; make new image files for it")
        if (before := _issued_before(registry, name, held.serial, key, now)) is not None:
            return Answer(before, new=False)
        if held != row[-1]:
            raise RefusedError(f"the certificate of {name} was renewed already, with another key; check the audit")
        return Answer(self._issue(registry, name, key, held.serial))

    def _issue(self, registry: Registry, name: str, key: PublicKey, basis: str) -> Certificate:
        """Sign, and store. Raises RefusedError for a unit that is not in the fleet, or a key that was used before."""
        if name not in registry.units():
            raise RefusedError(f"{name} is not in the fleet; import it first")
        public = public_bytes(key).hex()
        if registry.key_known(public):
            raise RefusedError("the key has a certificate already; a unit makes a new one each time")
        number, issuing = self._fleet.authority.newest()
        made = sign_client(issuing, name, key, self._fleet.utc())
        issued = record_of(made, issuing.certificate, number, basis)
        registry.put_certificate(issued)
        return issued


def _issued_before(registry: Registry, name: str, basis: str, key: PublicKey, now: float) -> Certificate | None:
    """The certificate that the same key was given for the same token or certificate, where it is valid."""
    public = public_bytes(key).hex()
    return next(
        (
            one
            for one in registry.certificates(name)
            if (one.basis, one.public_key) == (basis, public) and one.valid(now)
        ),
        None,
    )


def _shown(pem: str) -> x509.Certificate:
    try:
        return chain_of(pem.encode())[0]
    except ValueError as error:
        raise RefusedError(NOT_OURS) from error
