"""The doors of releases, as HTTP: a unit's report, and the files of a release by ranges.

Must not decide who gets a release.
"""

from flask import Blueprint, Response, g, request
from pydantic import ValidationError

from provisioning.enrol.unit_doors import doors_for_units, refused, sent
from provisioning.rollout.desk import ReleaseDesk
from provisioning.software.offering import SOFTWARE, Report


def software_doors(desk: ReleaseDesk) -> Blueprint:
    """Of one fleet."""
    doors = doors_for_units("software", desk)

    @doors.post(SOFTWARE)
    def report() -> Response:
        try:
            said = Report.model_validate_json(request.get_data())
        except ValidationError:
            return refused("malformed report", 400)
        return Response(desk.answer(g.unit, said).model_dump_json() + "\n", mimetype="application/json")

    @doors.get(f"{SOFTWARE}/<release>/<name>")
    def file(release: str, name: str) -> Response:
        held = desk.release(release)
        return sent(None if held is None else held.file(name), "release")

    return doors
