"""The Shift Report as page, ``.json`` and ``.csv``. Must not compute a figure: `edge.headquarters.reports` does."""

from flask import Blueprint, Response, abort, jsonify, render_template

from edge.errors import UserError
from edge.headquarters.console.chart import charts
from edge.headquarters.console.context import context
from edge.headquarters.console.map import draw_map
from edge.headquarters.console.wording import Wording
from edge.headquarters.reports.export import as_csv, as_json, cover_json
from edge.headquarters.reports.model import ShiftReport
from edge.headquarters.reports.reading import Cover, read_report
from edge.headquarters.store import Store, StoreError

blueprint = Blueprint("reports", __name__, url_prefix="/reports")


@blueprint.get("/shift/<day>/<name>")
def page(day: str, name: str) -> str:
    """The report to read and to print."""
    report, cover = _report(day, name)
    agency = context().agency
    return render_template(
        "shift_report.html",
        report=report,
        cover=cover,
        charts=charts(report, Wording(agency)),
        map=draw_map(report, agency, context().layers),
    )


@blueprint.get("/shift/<day>/<name>.json")
def as_json_file(day: str, name: str) -> Response:
    """The report's values."""
    report, cover = _report(day, name)
    return jsonify({"cover": cover_json(cover), "report": as_json(report)})


@blueprint.get("/shift/<day>/<name>.csv")
def as_csv_file(day: str, name: str) -> Response:
    """Visits and stays, one a row."""
    report, _ = _report(day, name)
    text = as_csv(report, Wording(context().agency).number)
    response = Response(text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="shift-{day}-{name}.csv"'
    return response


def _report(day: str, name: str) -> tuple[ShiftReport, Cover]:
    here = context()
    with Store(here.database, make=False) as store:
        try:
            return read_report(store, here.agency, f"{day}/{name}", here.now())
        except StoreError:
            raise
        except UserError as error:
            abort(404, str(error))
