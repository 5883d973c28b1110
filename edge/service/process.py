"""A daemon's process: started, watched until SIGTERM or SIGINT, stopped; systemd hears of it all the while.

How it ends: 0 when it was asked to; 2 with one sentence for what a user must correct (`edge.cli` prints it); 1 with the
name of a thread that ended or hangs. Must not know what the daemon does.
"""

import contextlib
import os
import signal
import threading
import traceback
from typing import Final, NoReturn, Protocol

import click

from edge.service.supervisor import DeadThreadError, HungThreadError, Supervisor
from edge.service.systemd import notify

WATCH_S: Final = 1.0


class Service(Protocol):
    """A daemon, made of parts."""

    @property
    def threads(self) -> Supervisor:
        """Those of its parts."""

    def start(self) -> str:
        """Start every part; a line that says where it is served."""

    def tend(self) -> None:
        """What is to be seen to once a second, while all is well."""

    def stop(self) -> None:
        """Stop what was started, the last first."""


def run_until_stopped(name: str, service: Service) -> None:
    """Run a daemon, called ``name`` in what is printed. Raises UserError, or SystemExit(1) where a thread has ended."""
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    try:
        _run(name, service, stop)
    except DeadThreadError as error:
        traceback.print_exception(error.__cause__)
        click.echo(f"{name}: {error}", err=True)
        raise SystemExit(1) from error
    except HungThreadError as error:
        _give_up(name, error)


def watch(service: Service, stop: threading.Event) -> None:
    """Return when asked to stop; until then tell systemd that all is well. Raises as `Supervisor.check` does."""
    while not stop.wait(WATCH_S):
        service.threads.check()
        service.tend()
        notify("WATCHDOG=1")


def _run(name: str, service: Service, stop: threading.Event) -> None:
    """Start, watch, stop. Raises as `Supervisor.check` does, for what failed or hung on its way out too."""
    with contextlib.ExitStack() as stack:
        stack.callback(service.stop)
        where = service.start()
        notify("READY=1")
        click.echo(where)
        try:
            watch(service, stop)
        except HungThreadError as error:
            _give_up(name, error)
        notify("STOPPING=1")
    service.threads.raise_failures()


def _give_up(name: str, error: HungThreadError) -> NoReturn:
    """End the process at once: what hangs cannot be stopped, and what is on disk is whole."""
    click.echo(f"{error.stack}{name}: {error}", err=True)
    notify(f"STATUS={error}")
    os._exit(1)
