"""The link's thread is alive in the eyes of the daemon's supervisor, whatever the network does."""

from pathlib import Path

from edge.contract.agency import Agency
from edge.mqtt.broker import BrokerConfig
from edge.service.supervisor import HUNG_S
from tests.brokers import Mosquitto
from tests.mqtt.asked import Asked
from tests.proxy import Proxy
from tests.vehicle.link.headquarters import Car
from tests.waiting import wait_for


def test_the_links_thread_shows_itself_alive_whatever_the_network_does(
    mosquitto: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """Held in mid-session with records under way, refused, held at CONNECT, and asked to stop with records to send."""
    stop = Asked()
    with Proxy(mosquitto.port) as network:
        one = Car(agency, BrokerConfig(port=network.port), tmp_path, stop=stop)
        wait_for(lambda: one.view.state == "connected")
        network.hold("up", "down")
        one.record(1000)
        network.cut()
        wait_for(lambda: any(view.state == "offline" for view in one.views[2:]))
        wait_for(lambda: one.view.state == "connecting")
        asked = len(stop.at)
        wait_for(lambda: len(stop.at) > asked + 5)  # over a CONNECT that nobody hears
        network.release()
        wait_for(lambda: one.view.state == "connected")
        one.close()
    assert stop.longest_silence() < HUNG_S / 2
