"""A socket that paho reads from in a few large pieces; paho asks for each message in four, some of one byte.

Each read of a socket lets other threads run, and waits for them: with one that is busy, most of what receiving costs.
Must not be read by two threads.
"""

from typing import Any, Final

SIZE: Final = 65_536


class BufferedSocket:
    """Over a connected socket that does not block. ``pending``: bytes that are here already, as paho asks it of TLS."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._read = memoryview(b"")

    def recv(self, size: int) -> bytes:
        """At most ``size`` bytes; none where the peer has closed the connection. Raises what the socket raises."""
        if not self._read:
            self._read = memoryview(self._connection.recv(max(size, SIZE)))
        piece, self._read = self._read[:size], self._read[size:]
        return bytes(piece)

    def pending(self) -> int:
        """Bytes that can be read without the network."""
        below = getattr(self._connection, "pending", None)
        return len(self._read) + (below() if below is not None else 0)

    def __getattr__(self, name: str) -> Any:
        """Whatever else a socket does."""
        return getattr(self._connection, name)
