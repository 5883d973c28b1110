"""A pretended GPS receiver: a pseudo-terminal that sentences are written to at their wall-clock times.

Whoever opens the link sees a serial port. As with a real one, what nobody reads is lost. Must not parse what it writes.
"""

import fcntl
import os
import struct
import termios
import threading
import time
import tty
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

_UNREAD_MOST: Final = 1024  # bytes, some 5 epochs: more says that nobody reads, and an old fix must not greet a reader
_LATE_MOST_S: Final = 1.0


class PtyFeeder:
    """Feeds ``(utc, sentences)`` into a pseudo-terminal, whose other end is the symlink ``link``.

    An epoch more than a second in the past is left out. `start` and `stop` once each; `stop` unplugs the receiver.
    """

    def __init__(self, epochs: Iterable[tuple[float, bytes]], link: Path) -> None:
        self.link = link
        self._epochs = epochs
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"pty-{link.name}", daemon=True)
        self._master, self._slave = -1, -1

    def start(self) -> None:
        """Open the pseudo-terminal, set the link (an older link is replaced), and begin to write."""
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        os.set_blocking(self._master, False)
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(os.ttyname(self._slave))
        self._thread.start()

    def stop(self) -> None:
        """End the thread, remove the link and close the pseudo-terminal: a reader then finds the device gone."""
        self._stopping.set()
        self._thread.join()
        self.link.unlink(missing_ok=True)
        os.close(self._master)
        os.close(self._slave)

    def _run(self) -> None:
        for utc, sentences in self._epochs:
            wait = utc - time.time()
            if wait < -_LATE_MOST_S:
                continue
            if self._stopping.wait(max(wait, 0.0)):
                return
            self._write(sentences)

    def _write(self, sentences: bytes) -> None:
        (unread,) = struct.unpack("i", fcntl.ioctl(self._slave, termios.FIONREAD, b"\0\0\0\0"))
        if unread > _UNREAD_MOST:
            termios.tcflush(self._slave, termios.TCIFLUSH)
        with suppress(BlockingIOError):  # full: the kernel tells late what it holds
            os.write(self._master, sentences)
