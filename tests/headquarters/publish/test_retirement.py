"""A scrapped car: retired by a signed record of headquarters' own, which reports list and a later record undoes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from edge.contract.agency import Agency, load_agency
from edge.contract.keys import DailyKey
from edge.contract.signing import create_private_key, public_key_of
from edge.headquarters.commands import hq
from edge.headquarters.console.context import Context
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.reports.reading import Cover, read_report
from edge.headquarters.store import Store
from tests.bundles import sign_again, signed_agency
from tests.headquarters.databases import sql
from tests.headquarters.ledgers import MORNING, SHIFT, TOPICS, a_busy_ledger, at, spoken
from tests.headquarters.visitors import client_of

ENDED: Final = MORNING.timestamp()
SCRAPPED: Final = a_busy_ledger(40, "car-9", "ledger-z")
WHY: Final = "scrapped after a crash"


class Desk:
    """A database in which car-1 sent all it has, and car-9 10 of its 40 records; the commands on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.agency: Agency = signed_agency(folder)
        self.database = folder / "hq.sqlite"
        self.write_config()
        car = a_busy_ledger(20)
        with Store(self.database) as store:
            Receiver(store, TOPICS, at(60).timestamp).handle([*SCRAPPED.messages()[:10], spoken(SCRAPPED, time=at(11))])
            Receiver(store, TOPICS, lambda: ENDED).handle([*car.messages(), spoken(car)])

    def write_config(self, more: str = "") -> None:
        """Headquarters' configuration."""
        (self.folder / "hq.toml").write_text(
            f'agency = "{self.folder}/agency"\ndatabase = "{self.database}"\n'
            f'signing_key = "{self.folder}/key.pem"\n{more}',
            encoding="utf-8",
        )

    def run(self, *words: str) -> Result:
        """A command of `roundsman hq`."""
        return CliRunner().invoke(hq, [*words, "--config", str(self.folder / "hq.toml")])

    def cover(self, shift: str = SHIFT) -> Cover:
        """A report's."""
        with Store(self.database) as store:
            return read_report(store, self.agency, shift, ENDED + 9e6)[1]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_scrapped_car_makes_no_report_incomplete_for_ever_once_it_is_retired(desk: Desk) -> None:
    """Its shift, past ones and later ones: complete, and what it never sent is listed; later ones do not name it."""
    shifts = ("2026-11-21/night", SHIFT)
    assert [desk.cover(shift).complete for shift in shifts] == [False, False]
    done = desk.run("retire", "car-9", "--reason", WHY)
    assert (done.exit_code, done.output) == (0, "car-9: retired, 30 records never received\n")
    listed = ("car-9, ledger ledger-z: retired, 30 records never received",)
    for shift in shifts:
        cover = desk.cover(shift)
        assert (cover.complete, cover.lacking, cover.retired) == (True, (), listed)
    with Store(desk.database) as store:
        later = f"{datetime.now(UTC).date() + timedelta(days=2)}/night"
        assert read_report(store, desk.agency, later, 3e9)[1].ledgers == ()
    pages = client_of(Context(desk.agency, desk.database, now=lambda: ENDED))
    page, first = pages.get(f"/reports/shift/{SHIFT}").text, pages.get("/").text
    assert "complete, except records that retired vehicles never sent: car-9, ledger ledger-z" in page
    assert f"40 (retired, 30 records never received: {WHY})" in page
    assert "retired, 30 never received" in first
    assert "missing: car-9, ledger ledger-z: retired, 30 records never received" in desk.run("verify").output


@pytest.mark.parametrize("undo", ["unretire", "a record"])
def test_a_retirement_is_undone_by_the_command_and_by_a_later_record(undo: str, desk: Desk) -> None:
    """Reports wait for the car again; it can be retired once more, with what is missing by then."""
    desk.run("retire", "car-9", "--reason", WHY)
    if undo == "unretire":
        assert desk.run("unretire", "car-9", "--reason", "repaired").output == "car-9: in service again\n"
    else:
        with Store(desk.database) as store:
            Receiver(store, TOPICS, lambda: 1.0).handle(SCRAPPED.messages()[:12])  # whatever the clock says
    cover = desk.cover()
    missing = 30 if undo == "unretire" else 28
    assert (cover.complete, cover.retired) == (False, ())
    assert cover.lacking == (f"car-9, ledger ledger-z: {missing} of 40 records not received",)
    assert f"retired, {missing} records" in desk.run("retire", "car-9", "--reason", "sold").output
    assert desk.cover().complete


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("retire", "car-9", "--reason", "  "), "signed with a role and a reason"),
        (("retire", "car-7", "--reason", WHY), "no vehicle 'car-7' has ever reported; known vehicles: car-1, car-9"),
        (("unretire", "car-9", "--reason", WHY), "car-9 is not retired; nothing to undo"),
        (("retire", "car-9", "--reason", "x" * 301), "the retirement of car-9 cannot be recorded: reason"),
    ],
)
def test_what_cannot_be_retired_is_refused_in_a_sentence(words: tuple[str, ...], sentence: str, desk: Desk) -> None:
    """Without a reason, of a unit that is not known (named), where there is nothing to undo: nothing is signed."""
    done = desk.run(*words)
    assert sentence in str(done.exception)
    assert sql(desk.database, "SELECT count(*) FROM signed") == [(0,)]
    assert "Missing option '--reason'" in desk.run("retire", "car-9").output


def test_a_retirement_that_a_stranger_put_into_the_database_does_not_hold(desk: Desk) -> None:
    """Its signature is verified by whoever reads it; the report says so and waits for the car."""
    desk.run("retire", "car-9", "--reason", WHY)
    sql(desk.database, "UPDATE signed SET body = ?", _forged(desk))
    cover = desk.cover()
    assert (cover.complete, cover.retired) == (False, ())
    assert cover.void_retirements == ("car-9: retirement rejected: not signed with this agency's key; retire it again",)


def _forged(desk: Desk) -> bytes:
    ((body,),) = sql(desk.database, "SELECT body FROM signed")
    return bytes(body).replace(b"scrapped", b"stranded")


def test_it_is_signed_with_the_fleets_key_where_the_bundle_names_keys(desk: Desk) -> None:
    """`[keys] fleet`; the agency's own key signs bundles only."""
    public = public_key_of(create_private_key(desk.folder / "fleet.pem"))
    key = DailyKey(key=public, expires=datetime.now(UTC).replace(microsecond=0) + timedelta(days=9))
    sign_again(desk.folder / "agency", desk.folder / "key.pem", version=2, keys={"fleet": (key,)})
    refused = desk.run("retire", "car-9", "--reason", WHY)
    assert "keys.fleet or signing_key: it is the agency key, which signs bundles only" in str(refused.exception)
    desk.write_config(f'[keys]\nfleet = "{desk.folder}/fleet.pem"\n')
    assert desk.run("retire", "car-9", "--reason", WHY).exit_code == 0
    desk.agency = load_agency(desk.folder / "agency")
    assert desk.cover().complete
    desk.agency = replace(desk.agency, daily_keys={})
    assert not desk.cover().complete
