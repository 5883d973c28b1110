"""The demo's processes: started, watched, and ended whatever happens. Must not know what they are for."""

import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from edge.errors import UserError

START_S: Final = 30.0
END_S: Final = 20.0


class StoppedError(Exception):
    """The visitor has ended the demo."""


class Stage:
    """The demo's processes: ended with ``stack``, and watched while it rests."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.stack = stack
        self.folder = folder
        self._stop = threading.Event()
        self._computing = False
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def end(self) -> None:
        """The visitor's signal, in the main thread. Raises StoppedError out of what is only computed."""
        self._stop.set()
        if self._computing:
            self._computing = False
            raise StoppedError

    @contextmanager
    def computing(self) -> Iterator[None]:
        """A long computation, which `end` breaks off: it may begin nothing that outlives it but files in the folder.

        Raises StoppedError where the visitor has ended the demo before or in it.
        """
        self._computing = True
        try:
            self.rest(0.0)
            yield
        finally:
            self._computing = False

    def start(self, *arguments: str) -> None:
        """A roundsman process, ended with the demo; what it says goes to a file."""
        name = f"{len(self._processes)}-{arguments[0]}"
        command = [str(Path(sys.executable).with_name("roundsman")), *arguments]
        with self._log(name).open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)  # noqa: S603 - our own
        self.stack.callback(_end, process)
        self._processes[name] = process

    def rest(self, seconds: float) -> None:
        """Wait. Raises StoppedError when the visitor has ended the demo, UserError when a process has."""
        if self._stop.wait(seconds):
            raise StoppedError
        for name, process in self._processes.items():
            if process.poll() is not None:
                last = self._log(name).read_text(errors="replace").strip().splitlines()[-1:]
                msg = f"`roundsman {name.partition('-')[2]} run` stopped unexpectedly: {''.join(last)}"
                raise UserError(msg)

    def await_page(self, url: str) -> str:
        """The page, as soon as it is there."""
        until = time.monotonic() + START_S
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5) as page:  # noqa: S310 - loopback
                    text: str = page.read().decode()
                    return text
            except OSError as error:
                if time.monotonic() > until:
                    msg = f"{url} is not responding ({error}); check whether another program is using its port"
                    raise UserError(msg) from error
                self.rest(0.1)

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
