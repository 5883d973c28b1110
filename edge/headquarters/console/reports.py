"""Every report of the register as page, ``.json`` and ``.csv``. Must not know any but those with a page of their own.

A report without one is shown as its filters, its table and its notes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from edge.errors import UserError
from edge.headquarters.console.context import Context, context
from edge.headquarters.console.report_process import Asked
from edge.headquarters.console.shift_page import shift_page
from edge.headquarters.console.table import table_of
from edge.headquarters.console.wording import Wording
from edge.headquarters.reports import formats
from edge.headquarters.reports.register import Question, Report, all_reports
from edge.headquarters.store import Store, StoreError

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

FORMS: Final = ("json", "csv")


@dataclass(frozen=True, slots=True)
class Page:
    """A template, and what it shows of an answer."""

    template: str
    shown: Callable[[Any, Context], Mapping[str, Any]]


PAGES: Final[Mapping[str, Page]] = {
    "shift": Page("shift_report.html", lambda made, at: shift_page(made.report, made.cover, at.agency, at.layers)),
}
"""The reports with a page of their own."""


@blueprint.get("/<name>")
@blueprint.get("/<name>.<any(json, csv):form>")
@blueprint.get("/<name>/<path:subject>")
@blueprint.get("/<name>/<path:subject>.<any(json, csv):form>")
def show(name: str, subject: str = "", form: str = "page") -> ResponseReturnValue:
    """A report to read and to print, or its values; made in another process where there is one."""
    here = context()
    if here.elsewhere is not None:
        return here.elsewhere(Asked(request.full_path.rstrip("?"), request.host_url, here.viewer()))
    found = readable().get(name)
    if found is None:
        abort(404, f"There is no report {name!r}.")
    if (found.subject is None) == bool(subject):
        return redirect(url_for("overview.index")) if found.subject else abort(404)
    given = request.args.to_dict() | ({found.subject.name: subject} if found.subject else {})
    made, values = _made(found, given)
    if form == "json":
        return jsonify(found.document(made))
    if form == "csv":
        return _csv(found, made, subject)
    return _page(found, made, values)


def readable() -> dict[str, Report[Any]]:
    """The reports that whoever asks may read."""
    viewer = context().viewer()
    return {name: report for name, report in all_reports().items() if viewer.may(report.permission)}


def navigation() -> list[tuple[str, str]]:
    """Title and address of the reports that can be asked for without naming a subject."""
    return [
        (report.title, url_for("reports.show", name=name)) for name, report in readable().items() if not report.subject
    ]


def _made(report: Report[Any], given: Mapping[str, str]) -> tuple[Any, dict[str, str]]:
    """The answer to what is asked, and the filters' values. What cannot be asked is not found."""
    here = context()
    now = here.now()
    with Store(here.database, make=False) as store:
        try:
            values = report.values(given, here.agency, now)
            return report.make(Question(store, here.agency, now, values)), values
        except StoreError:
            raise
        except UserError as error:
            abort(404, str(error))


def _csv(report: Report[Any], made: Any, subject: str) -> Response:
    text = formats.as_csv(report.columns, report.rows(made, context().agency))
    response = Response(text, mimetype="text/csv")
    name = "-".join([report.name, *subject.split("/")]).rstrip("-")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _page(report: Report[Any], made: Any, values: Mapping[str, str]) -> str:
    here = context()
    links = {form.upper(): f"{request.path}.{form}?{request.query_string.decode()}".rstrip("?") for form in FORMS}
    if (page := PAGES.get(report.name)) is not None:
        return render_template(page.template, links=links, **page.shown(made, here))
    table = table_of(report.columns, report.rows(made, here.agency), Wording(here.agency))
    return render_template("report.html", report=report, links=links, table=table, values=values)
