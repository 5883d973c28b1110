"""A real broker for tests: mosquitto on a free loopback port, with a private folder; kill it and start it again."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.demo.broker import free_port

__all__ = ["Mosquitto", "free_port", "mosquitto"]

CONFIG = """\
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval 1
log_dest file {folder}/mosquitto.log
"""


class Mosquitto:
    """One broker's life; ``port`` stays the same over restarts, and what it has saved to disk too."""

    def __init__(self, folder: Path, extra: str = "") -> None:
        self.port = free_port()
        self._folder = folder
        self._config = folder / "mosquitto.conf"
        self._config.write_text(CONFIG.format(port=self.port, folder=folder) + extra, encoding="utf-8")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, timeout_s: float = 10.0) -> None:
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

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(10)
            self._process = None


@pytest.fixture
def mosquitto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """A running mosquitto; the test is skipped where it is not installed."""
    if shutil.which("mosquitto") is None and not Path("/usr/sbin/mosquitto").exists():
        pytest.skip("needs mosquitto (apt-get install mosquitto)")
    folder = tmp_path_factory.mktemp("mosquitto")
    folder.chmod(0o777)  # started by root, mosquitto drops to its own user before it reads and saves
    broker = Mosquitto(folder)
    broker.start()
    yield broker
    broker.stop()
