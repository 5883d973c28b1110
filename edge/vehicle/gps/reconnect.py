"""Connect again, and again: the loop around one connection to a receiver. Must not know what is connected."""

import errno
import termios
import threading
from collections.abc import Callable

from edge.service.tcp import NoNameServerError
from edge.text.coded import LONGEST
from edge.text.plain import plain
from edge.text.words import Notice, os_error
from edge.vehicle.gps.health import Watch
from edge.vehicle.gps.port import CauseError

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


def _reason(error: Exception) -> Notice:
    """The cause by its code, or the system's own; of another library its words."""
    if isinstance(error, CauseError):
        return Notice(f"gps_cause.{error.key}")
    if isinstance(error, NoNameServerError):
        return Notice("gps_cause.no_name_server")
    number = next((one for one in error.args if isinstance(one, int)), 0)
    if number in errno.errorcode:
        return Notice("error.system", {"error": os_error(OSError(number, ""))})
    if isinstance(error, TimeoutError):
        return Notice("gps_cause.no_answer")
    return Notice("gps_cause.other", {"detail": plain(str(error.args[-1] if error.args else error), LONGEST)})
