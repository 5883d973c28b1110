"""Connect again, and again: the loop around one connection to a receiver. Must not know what is connected."""

import termios
import threading
from collections.abc import Callable

from edge.vehicle.gps.health import Watch

SOONEST = 0.25  # s
LATEST = 1.0  # s: with the opening itself, well within the 10 s in which a receiver must be back


def keep_connected(session: Callable[[threading.Event], None], stop: threading.Event, watch: Watch) -> None:
    """Run ``session`` until ``stop``; it raises OSError or termios.error when its connection ended.

    Where it returns, the device is there and silent: it is opened anew. After a connection that was open the next
    attempt comes soon; otherwise the pause doubles up to ``LATEST``.
    """
    pause = SOONEST
    while not stop.is_set():
        try:
            session(stop)
        except (OSError, termios.error) as error:
            pause = SOONEST if watch.connected else min(2 * pause, LATEST)
            watch.lost(_reason(error))
        else:
            pause = SOONEST
        stop.wait(pause)


def _reason(error: BaseException) -> str:
    return str(error.args[-1]) if error.args else type(error).__name__
