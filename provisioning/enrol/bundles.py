"""The doors of bundles, as HTTP: a unit's report, and the files of a bundle by ranges.

Must not decide who gets a bundle.
"""

from typing import Final

from flask import Blueprint, Response, g

from edge.contract.signed_kinds import BUNDLE as KIND
from provisioning.enrol.unit_doors import doors_for_units, read_report, refused, sent
from provisioning.fleet.folder import Fleet
from provisioning.rollout.bundle_shelf import BundleShelf
from provisioning.rollout.rollout import Rollout
from provisioning.rollout.stages import Reported
from provisioning.software.offering import BUNDLE, BundleOffer, BundleReport

BOOK: Final = "rollout-bundles.json"


def bundle_doors(fleet: Fleet) -> Blueprint:
    """Of one fleet."""
    doors, rollout = doors_for_units("bundles", fleet), Rollout(fleet, "bundle", BOOK)
    shelf = BundleShelf(fleet)

    @doors.post(BUNDLE)
    def report() -> Response:
        if (said := read_report(BundleReport)) is None:
            return refused("malformed report", 400)
        newest = shelf.newest()
        newer = newest is not None and KIND.order(newest.manifest) > said.order  # else it has one that came by hand
        wanted = newest.manifest.digest() if newest is not None and newer else None
        given = rollout.answer(g.unit, Reported(said.uses, said.bad, said.waits), wanted)
        sizes = newest.sizes if newest is not None and given is not None else {}
        return Response(BundleOffer(bundle=given, sizes=sizes).model_dump_json() + "\n", mimetype="application/json")

    @doors.get(f"{BUNDLE}/<bundle>/<path:name>")
    def file(bundle: str, name: str) -> Response:
        if not rollout.was_offered(g.unit, bundle):
            return refused("this bundle was not offered to this unit", 403)
        return sent(shelf.file(bundle, name), "bundle")

    return doors
