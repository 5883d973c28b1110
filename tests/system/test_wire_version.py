"""Both ends announce the version of the wire with every message, over a real broker."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt

from edge.contract.agency import load_agency
from edge.contract.wire import VERSION, announced
from edge.headquarters.held_status import HeldStatus
from edge.headquarters.store import Store
from edge.mqtt.broker import BrokerConfig, make_client
from tests.brokers import Mosquitto
from tests.proxy import Proxy
from tests.system.fleet import fleet
from tests.system.site import wait_for


class Listener:
    """Hears every message of a broker: the versions announced on each topic, and the latest payload."""

    def __init__(self, port: int) -> None:
        self.versions: dict[str, set[int]] = defaultdict(set)
        self.payloads: dict[str, bytes] = {}
        self.client = make_client("listener", BrokerConfig(port=port))
        self.client.on_connect = lambda client, *_: client.subscribe("roundsman/#", qos=1)
        self.client.on_message = self._on_message
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def close(self) -> None:
        """Go."""
        self.client.disconnect()
        self.client.loop_stop()

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        self.versions[message.topic].add(announced(dict(getattr(message.properties, "UserProperty", []))))
        self.payloads[message.topic] = bytes(message.payload)


def a_plan(folder: Path) -> Path:
    """A plan file for the second district."""
    boxes = load_agency(folder / "agency").grid.boxes.values()
    number = next(box.number for box in boxes if box.district == "2" and not box.opt_out)
    patrol = f'[[patrols]]\nnumber = {number}\ncrime_types = ["theft"]\n'
    path = folder / "plan.toml"
    path.write_text(f'shift = "2098-01-05/day"\ndistrict = "2"\nversion = 1\n{patrol}', encoding="utf-8")
    return path


def test_every_message_announces_the_version(tmp_path: Path, mosquitto: Mosquitto) -> None:
    """Records, visits, status and last will of a car; acknowledgements and a plan. Headquarters stores the car's."""
    listener = Listener(mosquitto.port)
    base = "roundsman/v1/squaretown"
    status = f"{base}/vehicles/car-1/status"
    with Proxy(mosquitto.port) as network, fleet(tmp_path, mosquitto) as town:
        town.car("car-1", network.port)
        town.delivered()
        town.site.publish_plan(a_plan(tmp_path))
        network.hold("up", "down")
        network.cut()
        wait_for("the last will", lambda: b'"online":false' in listener.payloads.get(status, b""))
        plans = [topic for topic in listener.versions if "/hq/plan/2/" in topic]
        with Store(town.site.database) as store:
            (held,) = store.documents("status")
            assert HeldStatus.model_validate_json(held.body).wire == VERSION
    listener.close()
    assert plans
    expected = {status, f"{base}/vehicles/car-1/events", f"{base}/vehicles/car-1/visits", f"{base}/hq/acks/car-1"}
    assert expected <= set(listener.versions)
    assert set.union(*listener.versions.values()) == {VERSION}
