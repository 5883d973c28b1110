"""The open event streams and their cap. At the cap the oldest ends, so a reloaded screen never waits for its ghost.

Must not know what a stream carries.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

STREAMS: Final = 16

LONGEST: Final = 4_000_000
"""Bytes of one stream; the browser opens the next at once. Less than the server buffers for a client that stalls."""

ENDING: Final = 4
"""Streams that were told to end and have not yet: each still has its thread."""


class Stream:
    """One open stream: whether it must end."""

    def __init__(self) -> None:
        self._end = threading.Event()

    @property
    def ended(self) -> bool:
        """Whether it must end."""
        return self._end.is_set()

    def end(self) -> None:
        """Have it end."""
        self._end.set()

    def rest(self, seconds: float) -> None:
        """Wait, but not past the stream's end."""
        self._end.wait(seconds)


class Streams:
    """All open streams, the oldest first. ``longest``: the bytes after which one ends."""

    def __init__(self, cap: int = STREAMS, longest: int = LONGEST) -> None:
        self.longest = longest
        self._cap = cap
        self._lock = threading.Lock()
        self._open: list[Stream] = []
        self._held = 0  # open, or about to end: each has a thread
        self._closed = False

    def __len__(self) -> int:
        with self._lock:
            return len(self._open)

    @contextmanager
    def one(self) -> Iterator[Stream]:
        """A new stream; the oldest ends where there are too many.

        It is born ended after `end_all`, and where others are still about to end: its browser asks again in a moment.
        """
        stream = Stream()
        with self._lock:
            self._held += 1
            if self._closed or self._held > self._cap + ENDING:
                stream.end()
            else:
                self._open.append(stream)
            for oldest in self._open[: -self._cap]:
                oldest.end()
            self._open = self._open[-self._cap :]
        try:
            yield stream
        finally:
            with self._lock:
                self._held -= 1
                self._open = [one for one in self._open if one is not stream]

    def end_all(self) -> None:
        """Have every stream end, those still to come too."""
        with self._lock:
            self._closed = True
            for stream in self._open:
                stream.end()
