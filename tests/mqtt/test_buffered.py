"""A socket read in large pieces gives the same bytes as one read in small ones."""

import socket
import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.mqtt.buffered import BufferedSocket


@given(st.binary(min_size=1, max_size=300), st.lists(st.integers(1, 40), min_size=1))
def test_the_bytes_come_in_order_whatever_is_asked_for(data: bytes, sizes: list[int]) -> None:
    """None twice, none left out; what is here already is pending."""
    near, far = socket.socketpair()
    with near, far:
        far.sendall(data)
        far.shutdown(socket.SHUT_WR)
        near.setblocking(False)
        read, buffered = b"", BufferedSocket(near)
        for size in [*sizes, *[300] * 300]:
            piece = buffered.recv(size)
            assert len(piece) <= size
            if not piece:
                break
            read += piece
            assert buffered.pending() == len(data) - len(read)
        assert read == data


def test_nothing_to_read_yet_raises_as_the_socket_does() -> None:
    """And what comes later is read."""
    near, far = socket.socketpair()
    with near, far:
        near.setblocking(False)
        buffered = BufferedSocket(near)
        with pytest.raises(BlockingIOError):
            buffered.recv(1)
        far.sendall(b"ab")
        assert buffered.recv(1) == b"a"
        assert buffered.pending() == 1
        assert buffered.fileno() == near.fileno()


class Decrypted:
    """A TLS socket that holds bytes of its own."""

    def __init__(self) -> None:
        self.held = b"hello"

    def recv(self, size: int) -> bytes:
        """Raises as TLS does when it has none."""
        if not self.held:
            raise ssl.SSLWantReadError
        piece, self.held = self.held[: min(size, 3)], self.held[min(size, 3) :]
        return piece

    def pending(self) -> int:
        """Bytes decrypted."""
        return len(self.held)


def test_what_tls_has_decrypted_is_pending_too() -> None:
    """No more comes from the network to say so."""
    buffered = BufferedSocket(Decrypted())
    assert (buffered.recv(1), buffered.pending()) == (b"h", 4)
    assert buffered.recv(9) + buffered.recv(9) == b"ello"
    with pytest.raises(ssl.SSLWantReadError):
        buffered.recv(1)
