"""A real broker for tests: mosquitto on a free loopback port, with a private folder; kill it and start it again."""

import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from edge.demo.broker import free_port
from tests.waiting import PATIENCE_S, wait_for

__all__ = ["Ejabberd", "Mosquitto", "ejabberd", "free_port", "mosquitto", "running"]

CONFIG = """\
user root
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 1
log_dest file {folder}/broker.log
"""

EJABBERD = """\
hosts: [localhost]
listen:
  - port: {port}
    ip: "127.0.0.1"
    module: mod_mqtt
    backlog: 100
auth_method: [anonymous]
allow_multiple_connections: true
anonymous_protocol: login_anon
modules:
  mod_mqtt:
    access_publish: {{}}
    access_subscribe: {{}}
    max_queue: 10000
"""

ERLANG = Path("/usr/lib") / f"{platform.machine()}-linux-gnu"
"""Where Debian has ejabberd's parts."""


class Mosquitto:
    """One broker's life; ``port`` stays the same over restarts, and what it has saved to disk too.

    ``extra``: lines of configuration. As root it stays root (``user root``; for others the line says nothing): the
    user it would become cannot read pytest's folders, and would save nothing.
    """

    def __init__(self, folder: Path, extra: str = "", config: str = CONFIG, port: int | None = None) -> None:
        """``config``: what `extra` is added to, with ``{port}`` and ``{folder}`` where they belong."""
        self.port = port or free_port()
        self._folder = folder
        self._config = folder / "mosquitto.conf"
        self._config.write_text(config.format(port=self.port, folder=folder) + extra, encoding="utf-8")
        self._log = folder / "broker.log"
        self._process: subprocess.Popen[bytes] | None = None

    patience_s: ClassVar[float] = PATIENCE_S

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            self._command(), env=self._environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until = time.monotonic() + self.patience_s
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1.0).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > until:
                    text = self._log.read_text(encoding="utf-8") if self._log.exists() else "no log"
                    pytest.fail(f"the broker does not start: {text[-500:]}")
                time.sleep(0.02)
            else:
                return

    def _command(self) -> list[str]:
        return [shutil.which("mosquitto") or "/usr/sbin/mosquitto", "-c", str(self._config)]

    def _environment(self) -> dict[str, str]:
        return dict(os.environ)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it."""
        self._end(signal.SIGTERM)

    def reload(self) -> None:
        """Have it read its lists anew: passwords, access, revoked certificates."""
        self._signal(signal.SIGHUP)

    def freeze(self) -> None:
        """Let it do nothing; the kernel still takes its connections."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self._signal(signal.SIGCONT)

    def _signal(self, which: signal.Signals) -> None:
        assert self._process is not None, "the broker does not run"
        self._process.send_signal(which)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE_S)
            self._process = None


class Ejabberd(Mosquitto):
    """Another real broker, which shares no code with mosquitto: ejabberd's MQTT, as Debian has it.

    Its Erlang runs by itself, without the daemon that such programs else leave behind. ``named``: it takes nobody
    without a name and a password, but any will do.
    """

    named: ClassVar[dict[str, str]] = {"username": "anybody", "password": "anything"}
    patience_s: ClassVar[float] = 200.0  # Erlang loads some hundred modules, one by one

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._config = folder / "ejabberd.yml"
        self._config.write_text(EJABBERD.format(port=self.port), encoding="utf-8")

    def forget(self) -> None:
        """What the broker retains: as if it had been made anew, which takes seconds."""
        client, seen = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5), set[str]()
        client.username_pw_set(**self.named)
        client.on_message = lambda _client, _data, message: seen.add(message.topic)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        wait_for(client.is_connected)
        client.subscribe("roundsman/#", 1)
        client.publish("roundsman/end", b"end", qos=1, retain=True)
        wait_for(lambda: "roundsman/end" in seen)
        for topic in seen:
            client.publish(topic, b"", qos=1, retain=True).wait_for_publish(PATIENCE_S)
        client.disconnect()
        client.loop_stop()

    def _command(self) -> list[str]:
        # One scheduler that does not spin while it has nothing to do: both cores are the tests'.
        quiet = ["-noinput", "-boot", "start_sasl", "-sasl", "sasl_error_logger", "false"]
        return [
            "erl",
            "+S",
            "1",
            "+sbwt",
            "none",
            *quiet,
            "-mnesia",
            "dir",
            f'"{self._folder}/spool"',
            "-s",
            "ejabberd",
        ]

    def _environment(self) -> dict[str, str]:
        folder = str(self._folder)
        names = {"HOME": folder, "SPOOL_DIR": f"{folder}/spool", "EJABBERD_CONFIG_PATH": str(self._config)}
        return {**os.environ, **names, "EJABBERD_LOG_PATH": str(self._log), "ERL_LIBS": str(ERLANG)}


@contextmanager
def running(folder: Path, extra: str = "", config: str = CONFIG, port: int | None = None) -> Iterator[Mosquitto]:
    """A mosquitto that runs; the test is skipped where it is not installed."""
    if shutil.which("mosquitto") is None and not Path("/usr/sbin/mosquitto").exists():
        pytest.skip("needs mosquitto (apt-get install mosquitto)")
    broker = Mosquitto(folder, extra, config, port)
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()


@pytest.fixture
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """A running mosquitto."""
    with running(tmp_path_factory.mktemp("mosquitto")) as broker:
        yield broker


@pytest.fixture(scope="session")
def ejabberd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ejabberd]:
    """A running ejabberd, for all tests of a process: it takes seconds to start."""
    if shutil.which("erl") is None or not list(ERLANG.glob("ejabberd-*")):
        pytest.skip("needs ejabberd (apt-get install ejabberd)")
    broker = Ejabberd(tmp_path_factory.mktemp("ejabberd"))
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()
