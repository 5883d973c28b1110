"""The doors of bundles, as HTTP: which one is the newest, and its files by ranges.

Must not decide which bundle is offered.
"""

from flask import Blueprint, Response

from provisioning.enrol.unit_doors import doors_for_units, sent
from provisioning.rollout.bundle_shelf import BundleShelf
from provisioning.rollout.desk import ReleaseDesk
from provisioning.software.offering import BUNDLE


def bundle_doors(shelf: BundleShelf, desk: ReleaseDesk) -> Blueprint:
    """Of one fleet. ``desk``: who knows its units."""
    doors = doors_for_units("bundles", desk)

    @doors.get(BUNDLE)
    def newest() -> Response:
        return Response(shelf.offer().model_dump_json() + "\n", mimetype="application/json")

    @doors.get(f"{BUNDLE}/<bundle>/<path:name>")
    def file(bundle: str, name: str) -> Response:
        return sent(shelf.file(bundle, name), "bundle")

    return doors
