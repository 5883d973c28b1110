"""Both ends over each real broker: what a limit of its own makes of the link, and what it keeps over a restart."""

from pathlib import Path

from edge.contract.agency import Agency
from tests.agency.square import square_agency
from tests.brokers import Mosquitto, ejabberd
from tests.mqtt.both_ends import both
from tests.mqtt.test_limits import documents
from tests.vehicle.link.conftest import broker
from tests.vehicle.link.signing import agency
from tests.waiting import wait_for
from tests.words import shown

__all__ = ["agency", "broker", "ejabberd", "square_agency"]


def test_a_backlog_is_delivered_and_a_restart_of_the_broker_costs_nothing(
    broker: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """Headquarters' own link, intake and database: all records, documents retained; and so after kill -9."""
    with both(agency, broker.port, tmp_path, documents(10_000)) as (one, hq):
        one.record(1_000)
        wait_for(lambda: one.acknowledged == 1_000 and hq.link.connected)
        assert (hq.link.trouble, shown(one.view.notice)) == (None, "")
        broker.kill()
        wait_for(lambda: one.view.state == "offline")
        one.record(200)
        broker.start()
        wait_for(lambda: one.acknowledged == 1_200)
        wait_for(lambda: hq.link.trouble is None and shown(one.view.notice) == "")
