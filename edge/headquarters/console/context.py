"""What every page needs: the agency, the database, the clock and how the daemon does. One value, kept by the app.

Must not keep a database connection: each request opens its own.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Response, current_app

from edge.contract.agency import Agency
from edge.headquarters.address import Address
from edge.headquarters.console.report_process import Asked
from edge.headquarters.console.viewer import NOBODY, Viewer
from edge.headquarters.feeds.dispatch_mapping import DispatchMapping
from edge.headquarters.feeds.gunfire import ReportGunfire
from edge.headquarters.store import DraftEdit, StoredDocument
from edge.plans.ground import Layers

KEY: Final = "roundsman"


@dataclass(frozen=True, slots=True)
class Context:
    """``layers``: the map's lines; ``now``: POSIX seconds; ``troubles``: what is wrong, in words, by part.

    ``viewer``: whoever asks. ``elsewhere``: makes reports in another process, None where they are made in the thread
    that asks. ``dispatch``: how dispatch names units and statuses, None where none is configured.
    ``approve``: publishes a draft, None where there is no key for plans; ``report_gunfire``: as it, for contexts.
    """

    agency: Agency
    database: Address
    layers: Layers = ()
    now: Callable[[], float] = time.time
    troubles: Callable[[], Mapping[str, str]] = dict
    viewer: Callable[[], Viewer] = lambda: NOBODY
    elsewhere: Callable[[Asked], Response] | None = None
    approve: Callable[[DraftEdit], StoredDocument] | None = None
    dispatch: DispatchMapping | None = None
    report_gunfire: ReportGunfire | None = None


def context() -> Context:
    """The context of the app that answers this request."""
    found = current_app.extensions[KEY]
    assert isinstance(found, Context)  # noqa: S101 - create_app put it there
    return found
