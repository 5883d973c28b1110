"""The doors of releases, as HTTP: a unit's report, and the files of a release by ranges.

Must not decide who gets a release.
"""

from typing import Final

from flask import Blueprint, Response, g

from provisioning.enrol.unit_doors import doors_for_units, read_report, refused, sent
from provisioning.fleet.folder import Fleet
from provisioning.rollout.rollout import Rollout
from provisioning.rollout.shelf import newest, shelved
from provisioning.rollout.stages import Reported
from provisioning.software.offering import SOFTWARE, Offer, Report

BOOK: Final = "rollout-releases.json"


def software_doors(fleet: Fleet) -> Blueprint:
    """Of one fleet."""
    doors, rollout = doors_for_units("software", fleet), Rollout(fleet, "Roundsman", BOOK)

    @doors.post(SOFTWARE)
    def report() -> Response:
        if (said := read_report(Report)) is None:
            return refused("malformed report", 400)
        manifest = newest(fleet.folder, fleet.settings.release_key, fleet.utc())
        wanted = None if manifest is None else manifest.name
        release = rollout.answer(g.unit, Reported(said.runs, said.bad), wanted)
        return Response(Offer(release=release).model_dump_json() + "\n", mimetype="application/json")

    @doors.get(f"{SOFTWARE}/<release>/<name>")
    def file(release: str, name: str) -> Response:
        if not rollout.was_offered(g.unit, release):
            return refused("this release was not offered to this unit", 403)
        held = shelved(fleet.folder, fleet.settings.release_key).get(release)
        return sent(None if held is None else held.file(name), "release")

    return doors
