"""Where jobs run: one after the other here, or on a Dask cluster, each an own job. Must not know what a job does."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from edge.errors import UserError
from models.train.job import Job, Result, attempt

Advance = Callable[[int], None]


def locally(jobs: Sequence[Job], advance: Advance) -> Iterator[Result | str]:
    """Each job's result, or why it has none, in their order; ``advance``: called with 1 for each job that is done."""
    for job in jobs:
        yield attempt(job)
        advance(1)


def on_dask(jobs: Sequence[Job], advance: Advance, scheduler: str | None) -> Iterator[Result | str]:
    """The same from a cluster: at an address, or of this machine's processes where None is given.

    Every job is pure and has a seed, so a cluster gives what `locally` gives.
    """
    import distributed  # noqa: PLC0415 - slow to import, and only who asks for it waits

    dask: Any = distributed  # its classes have no types
    with ExitStack() as stack:
        here = scheduler or stack.enter_context(dask.LocalCluster(threads_per_worker=1, dashboard_address=None))
        try:
            client = stack.enter_context(dask.Client(here))
        except (OSError, ValueError) as error:
            msg = f"--scheduler {scheduler}: no Dask scheduler responds at this address ({error})"
            raise UserError(msg) from error
        yield from _gathered(client, jobs, advance)


def _gathered(client: Any, jobs: Sequence[Job], advance: Advance) -> Iterator[Result | str]:
    for future in [client.submit(attempt, job, pure=False) for job in jobs]:
        yield future.result()
        advance(1)
