"""Headquarters in processes of its own, each with a name, to be killed and counted."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from edge.headquarters.address import Address, DatabaseUrl
from edge.mqtt.broker import BrokerConfig, make_client
from tests.brokers import free_port
from tests.headquarters.ledgers import TOPICS
from tests.waiting import PATIENCE_S


class Process:
    """One `roundsman hq run`, from a configuration file."""

    def __init__(self, config: Path) -> None:
        self._command = [sys.executable, "-c", "from edge.headquarters.commands import hq; hq()", "run", "--config"]
        self._command.append(str(config))
        self.log = config.with_suffix(".log")
        self.start()

    def start(self) -> None:
        """Start it (again)."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stderr=log)

    def end(self, how: signal.Signals) -> int:
        """End it; its exit status."""
        self._process.send_signal(how)
        return self._process.wait(PATIENCE_S)

    def close(self) -> None:
        """Leave none behind, however a test ends."""
        self._process.kill()
        self._process.wait(PATIENCE_S)


def write_config(folder: Path, database: Address, broker_port: int, name: str = "receiver-1") -> Path:
    """The configuration of a process, its pages at a free port, and the agency in the folder's ``agency``."""
    path = folder / f"{name}.toml"
    where = database.secret if isinstance(database, DatabaseUrl) else database
    path.write_text(
        f'name = "{name}"\nagency = "{folder}/agency"\ndatabase = "{where}"\nsigning_key = "{folder}/key.pem"\n'
        f'anchors = "{folder}/hq.anchors"\n'
        f"[broker]\nport = {broker_port}\n[web]\nport = {free_port()}\n",
        encoding="utf-8",
    )
    return path


class Counter:
    """Counts the records that are published, as any subscriber can."""

    def __init__(self, port: int) -> None:
        self.records = 0
        self._client = make_client("counter", BrokerConfig(port=port))
        self._client.on_connect = lambda client, *_: client.subscribe(TOPICS.events(), qos=0)
        self._client.on_message = self._count
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def _count(self, *_: Any) -> None:
        self.records += 1

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()
