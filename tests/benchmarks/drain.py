"""How fast a car that was offline for weeks delivers its ledger, beside a bare paho publisher on the same broker.

Ours: a real vehicle process whose ledger is full, a real headquarters process, mosquitto; the clock runs from
headquarters' first answer (what it holds: nothing) to its acknowledgement of the last record. The bare one publishes
the same bytes and user properties at QoS 1, until the broker has confirmed each; nobody stores them. They take turns.
"""

import threading
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any, Final

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from edge.contract.messages import Ack, decode
from edge.contract.topics import Topics
from edge.demo.broker import free_port
from edge.demo.site import Site
from edge.mqtt.broker import BrokerConfig, make_client
from edge.vehicle.store.vault import Vault
from tests.benchmarks.processes import HOST, PATIENCE_S, ROUNDSMAN, alone, await_answer, running
from tests.benchmarks.rules import no_plan
from tests.benchmarks.town import Town
from tests.brokers import running as a_broker
from tests.headquarters.ledgers import Ledger, a_busy_ledger

RECORDS: Final = 20_000
ROUNDS: Final = 3
CHUNK: Final = 500
UNLIMITED: Final = "max_queued_messages 0\n"
NO_GPS: Final = 'source = "serial"\ndevice = "/dev/no-receiver"'


def measure(town: Town, folder: Path, records: int = RECORDS, rounds: int = ROUNDS) -> tuple[float, float]:
    """Records a second, the car's and the bare publisher's: the median of each of their rounds."""
    site, web = town.site, free_port()
    ours, bare = list[float](), list[float]()
    (folder / "drain-broker").mkdir()
    with a_broker(folder / "drain-broker", UNLIMITED) as mosquitto:
        site.write_hq(mosquitto.port, web)
        for number in range(rounds):
            ledger = fill(site, f"car-{number + 1}", records)
            with running(folder, ROUNDSMAN, "hq", "run", "--config", str(site.hq_toml)):
                await_answer(web)
                ours.append(records / drain(site, ledger, mosquitto.port))
            bare.append(records / alone(publish, mosquitto.port, ledger))
    return median(ours), median(bare)


def fill(site: Site, unit: str, records: int) -> Ledger:
    """A vehicle's data folder with so many records that nobody has had."""
    vault = Vault(site.folder / unit, unit)
    state, _ = vault.load(no_plan)
    ledger = a_busy_ledger(records, unit, state.ledger)
    for start in range(0, records, CHUNK):
        events = tuple(ledger.events[start : start + CHUNK])
        vault.commit(events, replace(state, seq=events[-1].seq))
    vault.close()
    return ledger


def drain(site: Site, ledger: Ledger, port: int) -> float:
    """Seconds from headquarters' first answer to its last."""
    began, done = list[float](), threading.Event()

    def on_message(_client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        began.append(time.perf_counter())
        if decode(Ack, bytes(message.payload)).seq >= len(ledger.bodies):
            done.set()

    ear = make_client("ear", BrokerConfig(port=port))
    ear.on_message = on_message
    ear.connect(HOST, port)
    ear.subscribe(Topics(site.agency.id).acks(ledger.unit), qos=1)
    ear.loop_start()
    toml = site.write_vehicle(ledger.unit, NO_GPS, port, 0)
    with running(site.folder, ROUNDSMAN, "vehicle", "run", "--config", str(toml)):
        if not done.wait(PATIENCE_S):
            msg = f"the ledger is not delivered within {PATIENCE_S:.0f} s"
            raise TimeoutError(msg)
    ear.disconnect()
    ear.loop_stop()
    return began[-1] - began[0]


def publish(port: int, ledger: Ledger) -> float:
    """Seconds until the broker has confirmed every record of a publisher that does nothing else."""
    client = make_client("bare", BrokerConfig(port=port))
    client.connect(HOST, port)
    client.loop_start()
    began = time.perf_counter()
    sent = [
        client.publish(f"bare/{ledger.unit}", body, qos=1, properties=_properties(ledger, number))
        for number, body in enumerate(ledger.bodies, 1)
    ]
    for one in sent:
        one.wait_for_publish(PATIENCE_S)
    seconds = time.perf_counter() - began
    client.disconnect()
    client.loop_stop()
    return seconds


def _properties(ledger: Ledger, number: int) -> Properties:
    """What a vehicle would send along, from values at hand."""
    event = ledger.events[number - 1]
    properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.ContentType = "application/json"
    properties.UserProperty = [
        ("specversion", "1.0"),
        ("id", event.id),
        ("source", f"/vehicles/{ledger.unit}"),
        ("type", f"roundsman.{event.data.type}"),
        ("time", str(event.time)),
        ("ledger", ledger.id),
        ("seq", str(number)),
        ("hash", ledger.hashes[number].hex()),
    ]
    return properties
