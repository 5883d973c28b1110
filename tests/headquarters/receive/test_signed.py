"""Headquarters signs its acknowledgements once it has a key for them, and says so where vehicles would refuse them."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge.contract import signed_acks
from edge.contract.agency import Agency, load_agency
from edge.contract.keys import DailyKey
from edge.contract.signing import create_private_key, public_key_of
from edge.errors import UserError
from edge.headquarters import checks
from edge.headquarters.config import HeadquartersConfig, KeysConfig, WebConfig
from edge.headquarters.daemon import Headquarters
from edge.headquarters.receive.signed import SignedAcks
from edge.mqtt.broker import BrokerConfig
from tests.brokers import Mosquitto, free_port
from tests.bundles import sign_again, signed_agency
from tests.headquarters.test_daemon import a_ledger
from tests.headquarters.wire import SmallCar

SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)


class Nowhere:
    """A link that writes down what it is to send."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes, dict[str, str]]] = []

    def send(self, topic: str, payload: bytes, **properties: str) -> None:
        """Note it."""
        self.sent.append((topic, payload, properties))


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    """A town whose bundle names a key for acknowledgements, ``acks.pem``; ``other.pem`` is nobody's."""
    signed_agency(tmp_path)
    key = DailyKey(key=public_key_of(create_private_key(tmp_path / "acks.pem")), expires=SOON)
    create_private_key(tmp_path / "other.pem")
    sign_again(tmp_path / "agency", tmp_path / "key.pem", version=2, keys={"acks": (key,)})
    return load_agency(tmp_path / "agency")


def config(folder: Path, acks: str | None = "acks.pem", port: int = 1) -> HeadquartersConfig:
    return HeadquartersConfig(
        agency=folder / "agency",
        database=folder / "hq.sqlite",
        broker=BrokerConfig(port=port),
        web=WebConfig(port=free_port()),
        keys=KeysConfig(acks=None if acks is None else folder / acks),
    )


def test_acknowledgements_are_signed_over_the_wire(agency: Agency, mosquitto: Mosquitto, tmp_path: Path) -> None:
    """The message is the same as ever; its signature comes beside it."""
    running = Headquarters(config(tmp_path, port=mosquitto.port))
    running.start()
    try:
        with closing(SmallCar(mosquitto.port, a_ledger(20))) as car:
            car.drive(20)
    finally:
        running.stop()
    for payload, properties in car.beside:
        signed_acks.check(payload, properties["signature"], agency.keys, None)
    assert dict(running.parts.troubles()).get("keys") is None


@pytest.mark.parametrize(
    ("acks", "days", "sentence"),
    [
        (None, 0, "keys.acks: not set, but the bundle lists a key for acknowledgments; vehicles reject unsigned ones"),
        ("other.pem", 0, "keys.acks: it is a key that is not in the current bundle: "),
        ("acks.pem", 11, f"which expired on {SOON:%Y-%m-%d}; vehicles reject the acknowledgments"),
        ("acks.pem", 0, None),
    ],
)
def test_a_key_that_vehicles_refuse_is_a_trouble(
    acks: str | None, days: int, sentence: str | None, agency: Agency, tmp_path: Path
) -> None:
    """On the overview and for the service manager; headquarters stores records all the same."""
    now = (datetime.now(UTC) + timedelta(days=days)).timestamp()
    trouble = SignedAcks(config(tmp_path, acks), agency, Nowhere(), lambda: now).trouble
    assert (sentence in (trouble or "")) if sentence is not None else trouble is None


def test_without_a_key_nothing_is_signed(tmp_path: Path) -> None:
    """A bundle without roles demands nothing."""
    signed_agency(tmp_path)
    link = Nowhere()
    acks = SignedAcks(config(tmp_path, None), load_agency(tmp_path / "agency"), link)
    acks.send("topic", b"{}")
    assert (link.sent, acks.trouble) == ([("topic", b"{}", {})], None)


def test_a_key_that_cannot_be_read_is_a_users_mistake(agency: Agency, tmp_path: Path) -> None:
    """Before anything runs; the check of the configuration names it, and a key that is missing."""
    with pytest.raises(UserError, match=r"nowhere\.pem: the private key cannot be read"):
        Headquarters(config(tmp_path, "nowhere.pem"))
    assert [one for one in checks.problems(config(tmp_path, None)) if one.startswith("keys.acks")] == [
        "keys.acks: not set, but the bundle lists a key for acknowledgments; set it to the private key"
    ]
    assert not [one for one in checks.problems(config(tmp_path)) if one.startswith("keys")]
