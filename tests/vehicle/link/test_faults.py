"""What the officer reads when TLS fails, over a real mosquitto: one plain sentence, no restart when it is mended."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.contract.agency import Agency
from tests.brokers import Mosquitto, free_port, running
from tests.certificates import DAY_S, Authority, Issued
from tests.proxy import Proxy
from tests.vehicle.link.headquarters import Car, car
from tests.waiting import wait_for
from tests.words import shown

CLIENTS_ASKED = "cafile {ca}\ncrlfile {crl}\nrequire_certificate true\nuse_identity_as_username true\n"
OURS = "The broker refused this vehicle's certificate: "


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """The agency's."""
    return Authority(tmp_path)


def lines(authority: Authority, own: Issued) -> str:
    """The configuration of a broker that asks for certificates."""
    return f"certfile {own.cert}\nkeyfile {own.key}\n" + CLIENTS_ASKED.format(ca=authority.ca, crl=authority.crl)


@pytest.fixture
def strict(tmp_path: Path, authority: Authority) -> Iterator[Mosquitto]:
    """A broker that asks for a certificate."""
    folder = tmp_path / "broker"
    folder.mkdir()
    with running(folder, lines(authority, authority.issue("broker"))) as broker:
        yield broker


def reads(one: Car, *parts: str) -> None:
    """The screen comes to say each of the parts in one sentence, in no OpenSSL jargon, and goes on saying it."""
    wait_for(lambda: all(part in shown(one.view.notice) for part in parts))
    assert not any(word in shown(one.view.notice) for word in ("SSL", "_ssl", "TLSV1", "errno", "Errno"))
    seen = len(one.views)
    wait_for(lambda: {view.state for view in one.views[seen:]} >= {"connecting", "offline"})
    assert all(all(part in shown(view.notice) for part in parts) for view in one.views[seen:]), "it flickers"


OURS_REFUSED = {
    "not valid yet": ({"starts_s": 3600.0}, "it is not valid until 20"),
    "expired": ({"ends_s": -60.0}, "it expired on 20"),
}


@pytest.mark.parametrize("fault", OURS_REFUSED)
def test_a_certificate_of_ours_out_of_its_time_is_told_and_its_renewal_needs_no_restart(
    strict: Mosquitto, authority: Authority, agency: Agency, tmp_path: Path, fault: str
) -> None:
    """The broker refuses it; the fleet admin puts a new one in its place; the link is back by itself."""
    times, why = OURS_REFUSED[fault]
    own = authority.issue("car-1", **times)  # type: ignore[arg-type]
    with car(agency, strict.port, tmp_path, ca=authority.ca, cert=own.cert, key=own.key) as one:
        reads(one, OURS, why, "fleet admin")
        renewed = authority.issue("renewed")
        shutil.copy(renewed.key, own.key)
        shutil.copy(renewed.cert, own.cert)
        wait_for(lambda: (one.view.state, shown(one.view.notice)) == ("connected", ""))


def test_a_revoked_car_is_refused_and_says_so(
    strict: Mosquitto, authority: Authority, agency: Agency, tmp_path: Path
) -> None:
    """The list is read anew on SIGHUP: at its next connection the car is out, and another one is not; then forgiven."""
    own, other = authority.issue("car-1"), authority.issue("car-2")
    tls: dict[str, Any] = {"ca": authority.ca, "cert": own.cert, "key": own.key}
    with Proxy(strict.port) as network, car(agency, network.port, tmp_path, **tls) as one:
        wait_for(lambda: one.view.state == "connected")
        authority.revoke([own])
        strict.reload()
        network.cut()
        reads(one, f"{OURS}it was revoked", "fleet admin")
        with car(agency, strict.port, tmp_path, "car-2", **(tls | {"cert": other.cert, "key": other.key})) as two:
            wait_for(lambda: two.view.state == "connected")
        authority.revoke()
        strict.reload()
        wait_for(lambda: (one.view.state, shown(one.view.notice)) == ("connected", ""))


def test_a_list_of_revoked_certificates_that_is_out_of_date_is_not_blamed_on_the_vehicle(
    authority: Authority, agency: Agency, tmp_path: Path
) -> None:
    """The broker then refuses the whole fleet as expired: each car sees that its own certificate is not."""
    own = authority.issue("car-1")
    authority.revoke(next_s=-60.0)
    with (
        running(tmp_path, lines(authority, authority.issue("broker"))) as broker,
        car(agency, broker.port, tmp_path, ca=authority.ca, cert=own.cert, key=own.key) as one,
    ):
        reads(one, OURS, "its clock or revocation list may be out of date", "fleet admin")


def test_a_certificate_of_another_authority_and_none_at_all_are_told(
    strict: Mosquitto, authority: Authority, agency: Agency, tmp_path: Path
) -> None:
    """The broker refuses both."""
    foreign = Authority(tmp_path, "elsewhere").issue("foreign")
    with car(agency, strict.port, tmp_path, ca=authority.ca, cert=foreign.cert, key=foreign.key) as one:
        reads(one, f"{OURS}the broker does not trust the authority that issued it")
    with car(agency, strict.port, tmp_path, ca=authority.ca) as one:
        reads(one, "The broker requires a certificate and this vehicle has none")


THEIRS_REFUSED = {
    "expired": ({"ends_s": -60.0}, "The broker's certificate has expired, if this vehicle's clock (20"),
    "not valid yet": ({"starts_s": DAY_S / 2}, "is not valid yet: this vehicle's clock says 20"),
    "for another name": ({"host": "elsewhere.example"}, "The broker's certificate is not for '127.0.0.1'"),
}


@pytest.mark.parametrize("fault", THEIRS_REFUSED)
def test_a_brokers_certificate_that_does_not_hold_is_told(
    authority: Authority, agency: Agency, tmp_path: Path, fault: str
) -> None:
    """Nothing is said to a broker that cannot prove itself."""
    wrong, sentence = THEIRS_REFUSED[fault]
    own = authority.issue("broker", **wrong)  # type: ignore[arg-type]
    with (
        running(tmp_path, f"certfile {own.cert}\nkeyfile {own.key}\n") as broker,
        car(agency, broker.port, tmp_path, ca=authority.ca) as one,
    ):
        reads(one, sentence)


def test_a_broker_of_another_authority_is_told(authority: Authority, agency: Agency, tmp_path: Path) -> None:
    """Somebody else's, or a new authority that has not come to the vehicle yet."""
    own = Authority(tmp_path, "elsewhere").issue("broker")
    with (
        running(tmp_path, f"certfile {own.cert}\nkeyfile {own.key}\n") as broker,
        car(agency, broker.port, tmp_path, ca=authority.ca) as one,
    ):
        reads(one, "The broker's certificate was issued by an authority that this vehicle does not trust")


def test_a_brokers_certificate_that_becomes_valid_is_taken_without_a_restart(
    authority: Authority, agency: Agency, tmp_path: Path
) -> None:
    """As when the vehicle's clock was behind at its start: the sentence gives the clock's time, and goes by itself."""
    own = authority.issue("broker", starts_s=4.0)
    with (
        running(tmp_path, f"certfile {own.cert}\nkeyfile {own.key}\n") as broker,
        car(agency, broker.port, tmp_path, ca=authority.ca) as one,
    ):
        wait_for(lambda: "is not valid yet: this vehicle's clock says" in shown(one.view.notice))
        wait_for(lambda: (one.view.state, shown(one.view.notice)) == ("connected", ""))


def test_a_name_that_nobody_knows_and_a_port_where_nobody_listens_are_told(agency: Agency, tmp_path: Path) -> None:
    """Each in other words: the one is the network's or the configuration's, the other the broker's."""
    with car(agency, free_port(), tmp_path) as one:
        reads(one, "Cannot reach the broker: nothing is listening at 127.0.0.1:")
    with car(agency, 1883, tmp_path, host="broker.invalid") as one:
        reads(one, "Cannot reach the broker: no address found for 'broker.invalid'")


def test_tls_and_no_tls_do_not_meet_and_it_is_told(
    strict: Mosquitto, mosquitto: Mosquitto, authority: Authority, agency: Agency, tmp_path: Path
) -> None:
    """Either side may be the one that was set up wrongly."""
    with car(agency, strict.port, tmp_path) as one:
        reads(one, "The broker closed the connection during setup")
    with car(agency, mosquitto.port, tmp_path, ca=authority.ca) as one:
        reads(one, "The broker closed the connection during setup")
