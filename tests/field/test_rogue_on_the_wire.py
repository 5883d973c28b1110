"""A rogue car on a real broker, headquarters as a whole: a void list is retained for all cars; `hq void` adds to it."""

import time
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from edge.contract.agency import load_agency
from edge.contract.messages import Signed, VisitDoc, Visits, decode, encode
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import VOID
from edge.contract.void import VoidDoc
from edge.headquarters.commands import hq
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.daemon import Headquarters
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig, make_client
from tests.headquarters.ledgers import TOPICS
from tests.headquarters.test_daemon import a_ledger, running, site
from tests.headquarters.wire import SmallCar
from tests.waiting import wait_for

__all__ = ["running", "site"]


def test_a_lie_is_void_for_every_car_and_so_is_what_an_analyst_names(
    running: Headquarters, site: HeadquartersConfig, tmp_path: Path
) -> None:
    """The rogue's first record was a sign-in, and it publishes it as a visit; then all of it since an instant."""
    agency, lists = load_agency(site.agency), list[VoidDoc]()
    listener = make_client("listener", BrokerConfig(port=site.broker.port))
    listener.on_connect = lambda client, *_: client.subscribe(TOPICS.hq("void"), qos=1)
    listener.on_message = lambda _client, _data, message: lists.append(
        verify_here(VOID, decode(Signed, bytes(message.payload)), agency).body
    )
    listener.connect("127.0.0.1", site.broker.port)
    listener.loop_start()
    rogue = SmallCar(site.broker.port, a_ledger(3, "car-9"))
    rogue.drive(3)
    opened = datetime.fromtimestamp(int(time.time()) - 600, UTC)
    false = VisitDoc(
        id="car-9:ledger-a:1", box=next(iter(agency.grid.boxes.values())).id, opened=opened, ended=None,
        shift=agency.calendar.shift_at(opened.timestamp()).id, dosage_s=90.0, counted=True, early=False,
    )  # fmt: skip
    message = encode(Visits(unit="car-9", shift=None, visits=(false,)))
    listener.publish(TOPICS.visits("car-9"), message, qos=1, retain=True).wait_for_publish(30.0)
    wait_for(lambda: lists)
    assert [one.id for one in lists[0].visits] == [false.id]
    words = ["void", "--unit", "car-9", "--from", f"{opened:%Y-%m-%dT%H:%M:%SZ}", "--reason", "it was in the garage"]
    done = CliRunner().invoke(hq, [*words, "--config", str(tmp_path / "hq.toml")])
    assert (done.exit_code, done.output.partition(" UTC")[2]) == (0, " (list 2, published)\n"), done.exception
    wait_for(lambda: len(lists) > 1)
    assert ([one.id for one in lists[1].visits], [one.unit for one in lists[1].spans]) == ([false.id], ["car-9"])
    assert lists[1].reason == "it was in the garage"
    with Store(site.database, make=False) as store:
        assert "its record in the ledger is not of a visit" in store.findings()[0].detail
    listener.disconnect()
    listener.loop_stop()
    rogue.close()
