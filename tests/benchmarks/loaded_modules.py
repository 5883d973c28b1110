"""Run a vehicle until it answers, print the third-party modules it has loaded as JSON, and end. Run as a script."""

import http.client
import json
import os
import signal
import sys
import threading
import time
from contextlib import closing

from edge.cli import main


def _tell(port: int) -> None:
    while not _answers(port):
        time.sleep(0.1)
    time.sleep(1.0)  # what a thread imports as it begins
    libraries = [name for name, module in sys.modules.items() if _is_library(getattr(module, "__file__", None))]
    print(json.dumps(libraries), flush=True)  # noqa: T201 - what the script is for
    os.kill(os.getpid(), signal.SIGTERM)


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5.0)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False


def _is_library(file: str | None) -> bool:
    return file is not None and "site-packages" in file and not file.endswith("_finder.py")


if __name__ == "__main__":
    threading.Thread(target=_tell, args=[int(sys.argv[2])], daemon=True).start()
    sys.argv = ["roundsman", "vehicle", "run", "--config", sys.argv[1]]
    main()
