"""``roundsman hq verify``: chains, anchors, and what was reported and is not held. Must not decide what is wrong.

What it calls is imported when it is called: `--help` stays quick.
"""

import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from edge.errors import UserError
from edge.headquarters.config import HeadquartersConfig, anchors_beside
from edge.headquarters.options import database_at
from edge.text.config import load

if TYPE_CHECKING:
    from edge.contract.agency import Agency
    from edge.headquarters.receive.proof import LedgerCheck
    from edge.headquarters.store import Store


DAY_S: Final = 86_400.0
"""After so long anchors are due."""


@click.command("verify")
@click.argument("database", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=False)
@click.option("--config", "config_path", type=click.Path(path_type=Path), help="Headquarters' TOML file.")
@click.option("--broker", is_flag=True, help="Compare with the anchors that the broker retains, too.")
def verify(database: Path | None, config_path: Path | None, broker: bool) -> None:
    """Verify every ledger and the audit log: nothing missing or changed, and each as anchored outside the database.

    Also lists records reported but not received. Exit status 1 if one is not intact, or there is no ledger.
    """
    from edge.headquarters.receive.proof import record_checks  # noqa: PLC0415 - see the module's docstring

    if (database is None) == (config_path is None):
        msg = "give either the database file or --config"
        raise UserError(msg)
    if broker and config_path is None:
        msg = "--broker: which broker is in the configuration: give --config"
        raise UserError(msg)
    config = load(HeadquartersConfig, config_path) if config_path is not None else None
    agency = _agency(config) if config is not None else None
    with database_at(config.database if config is not None else database or Path()) as store:
        checks, said, log = _compared(store, _files(config, database), agency, config if broker else None)
        record_checks(store, checks, time.time())
        missing = _missing(store, agency)
    for check in checks:
        click.echo(f"{check.unit} {check.ledger}: {check.records} records, {check.problem or 'chain intact'}")
    for sentence in (*said, *missing):
        click.echo(sentence)
    intact = sum(check.intact for check in checks)
    click.echo(f"{intact} of {len(checks)} ledgers intact" if checks else "No ledgers found; nothing to verify.")
    if log.records or not log.intact:
        click.echo(f"audit log: {log.records} entries, {log.problem or 'chain intact'}")
    if not checks or intact < len(checks) or not log.intact:
        raise SystemExit(1)


def _agency(config: HeadquartersConfig) -> "Agency | None":
    """The agency, whose keys sign; chains are proved without one."""
    from edge.contract.agency import load_agency  # noqa: PLC0415

    with suppress(UserError):
        return load_agency(config.agency)
    return None


def _files(config: HeadquartersConfig | None, database: Path | None) -> Path:
    return config.anchors_file if config is not None else anchors_beside(database or Path())


def _compared(
    store: "Store", file: Path, agency: "Agency | None", broker: HeadquartersConfig | None
) -> "tuple[list[LedgerCheck], list[str], LedgerCheck]":
    """What the chains came to, the anchors, and the audit log; what is anchored and not held at all is not intact."""
    from edge.headquarters.publish.anchors_read import anchors_in, retained_anchors  # noqa: PLC0415
    from edge.headquarters.receive.anchored import Anchored  # noqa: PLC0415
    from edge.headquarters.receive.audit_proof import verify_audit  # noqa: PLC0415
    from edge.headquarters.receive.proof import LedgerCheck, verify_all  # noqa: PLC0415
    from edge.headquarters.store import AUDIT_LEDGER  # noqa: PLC0415

    checks, log = verify_all(store), verify_audit(store)
    anchored = Anchored()
    said = anchors_in(file, agency, anchored)
    if not said and any(one.first < time.time() - DAY_S for one in store.reported().values()):
        said.append(f"anchors: {file} has none, so there is nothing outside the database to compare with")
    if broker is not None and agency is not None:
        said += retained_anchors(broker.publishing, agency, anchored)
    differing = {(one.unit, one.ledger): one for one in anchored.differing(store)}
    if (other := differing.pop(AUDIT_LEDGER, None)) is not None and log.intact:
        log = replace(log, problem=str(other))
    found = [
        replace(check, problem=str(differing[check.unit, check.ledger]))
        if check.intact and (check.unit, check.ledger) in differing
        else check
        for check in checks
    ]
    gone = differing.keys() - {(check.unit, check.ledger) for check in checks}
    found += [LedgerCheck(unit, ledger, 0, 0, str(differing[unit, ledger])) for unit, ledger in sorted(gone)]
    return found, said, log


def _missing(store: "Store", agency: "Agency | None") -> list[str]:
    """What was reported and is not held, a line a ledger; with an agency, which vehicles are retired."""
    from edge.headquarters.publish.retirement import Retirements, retirements  # noqa: PLC0415

    retired = retirements(store, agency) if agency is not None else Retirements({})
    lines = [f"the retirement of {one}" for one in retired.void]
    return [*lines, *(f"missing: {one.lack(retired=one.unit in retired.in_force)}" for one in store.behind())]
