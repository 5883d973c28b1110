"""A page's approval through the daemon and a real broker: at once, or when the broker is back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from edge.contract.context import ContextDoc
from edge.contract.messages import Signed, decode
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import CONTEXT, PLAN
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.daemon import Headquarters
from edge.headquarters.drafts.building import build_drafts
from edge.headquarters.drafts.publishing import approver
from edge.headquarters.drafts.review import look
from edge.headquarters.feeds.gunfire import reporter
from edge.headquarters.publish.context import sign_context
from edge.headquarters.publish.handed_on import desk
from edge.headquarters.store import DraftEdit, Store
from edge.mqtt.broker import BrokerConfig, make_client
from edge.text.config import load
from tests.brokers import Mosquitto, free_port
from tests.headquarters.ledgers import TOPICS
from tests.risk.tiny import Tiny, tiny_bundle
from tests.waiting import wait_for

AREA = "1"
INSIDE = (40.009, -98.995)


class Site:
    """Headquarters in this process, with tomorrow's drafts."""

    def __init__(self, folder: Path, broker: Mosquitto) -> None:
        self.tiny: Tiny = tiny_bundle(folder, datetime.now(UTC).date() - timedelta(days=2))
        self.today = datetime.now(self.tiny.agency.calendar.zone).date()
        self.night = f"{self.today + timedelta(days=1)}/night"
        (folder / "hq.toml").write_text(
            f'agency = "{self.tiny.directory}"\ndatabase = "{folder}/hq.sqlite"\nsigning_key = "{self.tiny.key}"\n'
            f"[broker]\nport = {broker.port}\n[web]\nport = {free_port()}\n"
        )
        self.config = load(HeadquartersConfig, folder / "hq.toml")
        self.now = datetime.now(UTC).timestamp()
        with Store(self.config.database) as store:
            day: date = self.today + timedelta(days=1)
            list(build_drafts(store, self.tiny.directory, self.tiny.agency, day, self.now))
        self.headquarters = Headquarters(self.config)

    def approve(self) -> int:
        """As the page does; the plan's version."""
        publish = approver(desk(self.config, self.tiny.agency, "plan", self.headquarters.parts.link.retain))
        assert publish is not None
        approval = DraftEdit(
            self.night,
            AREA,
            2,
            "approve",
            "",
            "{}",
            account="a.smith",
            role="analyst",
            reason="looked at",
            made=self.now,
        )
        return publish(approval).version

    def approved(self) -> int | None:
        """As the page has it."""
        with Store(self.config.database) as store:
            return look(store, self.tiny.agency, self.night, AREA, self.now).approved


@pytest.fixture
def site(tmp_path: Path, mosquitto: Mosquitto) -> Iterator[Site]:
    made = Site(tmp_path, mosquitto)
    made.headquarters.start()
    yield made
    made.headquarters.stop()
    made.headquarters.threads.raise_failures()


def retained(port: int, topic: str) -> bytes:
    """What comes first from the broker on a topic."""
    got: list[bytes] = []
    client = make_client("reader", BrokerConfig(port=port))
    client.on_connect = lambda client, *_: client.subscribe(topic, qos=1)
    client.on_message = lambda _client, _data, message: got.append(bytes(message.payload))
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        wait_for(lambda: got)
    finally:
        client.disconnect()
        client.loop_stop()
    return got[0]


def test_an_approved_draft_is_at_the_broker(site: Site, mosquitto: Mosquitto) -> None:
    """As every plan is: retained, signed, with the approver's role and reason."""
    wait_for(lambda: "link" not in site.headquarters.parts.troubles())
    assert site.approve() == 1
    payload = retained(mosquitto.port, TOPICS.hq(f"plan/{AREA}/{site.night}"))
    doc = verify_here(PLAN, decode(Signed, payload), site.tiny.agency, AREA).body
    assert (doc.version, doc.role, doc.reason) == (1, "analyst", "looked at")
    assert site.approved() == 1


def test_an_approval_without_a_broker_goes_out_when_it_is_back(site: Site, mosquitto: Mosquitto) -> None:
    """The draft is approved at once, and what does not work is named meanwhile."""
    wait_for(lambda: "link" not in site.headquarters.parts.troubles())
    mosquitto.kill()
    wait_for(lambda: "link" in site.headquarters.parts.troubles())
    assert site.approve() == 1
    assert site.approved() == 1
    mosquitto.start()
    payload = retained(mosquitto.port, TOPICS.hq(f"plan/{AREA}/{site.night}"))
    assert verify_here(PLAN, decode(Signed, payload), site.tiny.agency, AREA).body.version == 1


def test_gunfire_is_in_the_next_context(site: Site, mosquitto: Mosquitto) -> None:
    """With what the one before had; its reason names the source."""
    wait_for(lambda: "link" not in site.headquarters.parts.troubles())
    out = desk(site.config, site.tiny.agency, "context", site.headquarters.parts.link.retain)
    report = reporter(out)
    assert out is not None
    assert report is not None
    first = ContextDoc(
        agency=site.tiny.agency.id, base=site.tiny.counts.digest(), number=1, date=site.today, complete=2
    )
    with out.store() as store:
        sign_context(lambda: first, site.tiny.agency, out.key, store, "analyst", "the night's incidents")
    box = site.tiny.agency.grid.box_of(*INSIDE)
    assert box is not None
    at = datetime.now(UTC).replace(microsecond=0)
    assert report(*INSIDE, at, "machine", "key sensor") == 2
    payload = retained(mosquitto.port, TOPICS.hq("context"))
    doc = verify_here(CONTEXT, decode(Signed, payload), site.tiny.agency).body
    assert [(one.box, one.at) for one in doc.gunfire] == [(box.number, at)]
