"""A real broker for tests: mosquitto on a free loopback port, with a private folder; kill it and start it again."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from edge.demo.broker import free_port
from tests.waiting import PATIENCE_S

__all__ = ["Mosquitto", "free_port", "mosquitto", "running"]

CONFIG = """\
user root
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 1
log_dest file {folder}/mosquitto.log
"""


class Mosquitto:
    """One broker's life; ``port`` stays the same over restarts, and what it has saved to disk too.

    ``extra``: lines of configuration. As root it stays root (``user root``; for others the line says nothing): the
    user it would become cannot read pytest's folders, and would save nothing.
    """

    def __init__(self, folder: Path, extra: str = "", config: str = CONFIG) -> None:
        """``config``: what `extra` is added to, with ``{port}`` and ``{folder}`` where they belong."""
        self.port = free_port()
        self._folder = folder
        self._config = folder / "mosquitto.conf"
        self._config.write_text(config.format(port=self.port, folder=folder) + extra, encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, timeout_s: float = PATIENCE_S) -> None:
        """Start it and wait until it answers."""
        binary = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        command = [binary, "-c", str(self._config)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + timeout_s
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1.0).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > until:
                    log = self._folder / "mosquitto.log"
                    text = log.read_text(encoding="utf-8") if log.exists() else "no log"
                    pytest.fail(f"mosquitto does not start: {text[-500:]}")
                time.sleep(0.02)
            else:
                return

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


@contextmanager
def running(folder: Path, extra: str = "", config: str = CONFIG) -> Iterator[Mosquitto]:
    """A mosquitto that runs; the test is skipped where it is not installed."""
    if shutil.which("mosquitto") is None and not Path("/usr/sbin/mosquitto").exists():
        pytest.skip("needs mosquitto (apt-get install mosquitto)")
    broker = Mosquitto(folder, extra, config)
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
