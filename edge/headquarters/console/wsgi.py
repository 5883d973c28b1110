"""The pages for a WSGI server of one's own choice, such as gunicorn, beside `roundsman hq run`, which receives.

``gunicorn --bind 127.0.0.1:8701 'edge.headquarters.console.wsgi:pages("/etc/roundsman/hq.toml")'``

Must not receive anything: what does not work there is said by the receiver's own pages.
"""

from pathlib import Path

from flask import Flask

from edge.contract.agency import load_agency
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.console.app import create_app
from edge.headquarters.console.context import Context
from edge.headquarters.console.report_process import ReportProcess
from edge.text.config import load


def pages(config_path: str) -> Flask:
    """The application of a configuration. Raises UserError where it cannot be used."""
    config = load(HeadquartersConfig, Path(config_path))
    context = Context(
        load_agency(config.agency), config.database, elsewhere=ReportProcess(config.agency, config.database)
    )
    return create_app(context, config.web.trusted_hosts, config.web.proxies)
