"""What a vehicle reported and headquarters does not hold is named, whichever of its ledgers it is of."""

from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from edge.contract.agency import Agency
from edge.headquarters.address import Address
from edge.headquarters.commands import hq
from edge.headquarters.console.context import Context
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.receive.turn import MOST_LEDGERS
from edge.headquarters.reports.reading import read_report
from edge.headquarters.reports.shift_report import cover_json
from edge.headquarters.store import Reported, Store
from tests.headquarters.databases import as_of, sql
from tests.headquarters.ledgers import MORNING, SHIFT, TOPICS, a_busy_ledger, at, spoken
from tests.headquarters.visitors import client_of

ENDED: Final = MORNING.timestamp()
SENTENCE: Final = "car-1, ledger ledger-a: 243 of 301 records not received"


class Clock:
    """Headquarters', in minutes of the night."""

    minutes = 0.0

    def __call__(self) -> float:
        """POSIX seconds."""
        return at(self.minutes).timestamp()


def a_ledger_breaks(store: Store) -> None:
    """58 of its 301 records had arrived; the vehicle goes on with another ledger, of which all arrive."""
    clock = Clock()
    receiver = Receiver(store, TOPICS, clock)
    first, second = a_busy_ledger(301), a_busy_ledger(20, ledger="ledger-b")
    receiver.handle([*first.messages()[:58], spoken(first)])
    clock.minutes = 90.0
    receiver.handle([*second.messages(), spoken(second)])
    receiver.handle([spoken(first, 7, online=False)])
    clock.minutes = 91.0
    receiver.handle([spoken(second)])


def test_a_broken_ledgers_missing_records_are_named_though_the_vehicle_began_another(
    store: Store, square_agency: Agency
) -> None:
    """301 were reported, 58 are held: no status of the next ledger, and no late last will, makes the shift complete."""
    a_ledger_breaks(store)
    cover = read_report(store, square_agency, SHIFT, ENDED)[1]
    assert [(one.ledger, one.recorded, one.missing) for one in cover.ledgers] == [
        ("ledger-a", 301, 243),
        ("ledger-b", 20, 0),
    ]
    assert not cover.complete
    assert cover.lacking == (SENTENCE,)
    values = cover_json(cover)
    assert (values["complete"], values["lacking"], values["ledgers"][0]["missing"]) == (False, [SENTENCE], 243)


def test_the_headline_the_first_page_and_verify_name_what_is_missing(file: Path, square_agency: Agency) -> None:
    """Unit, ledger and how many; `hq verify` finds the chains intact, and says what it did not find."""
    with Store(file) as store:
        a_ledger_breaks(store)
    pages = client_of(Context(square_agency, file, now=lambda: ENDED))
    assert f"incomplete: {SENTENCE}" in pages.get(f"/reports/shift/{SHIFT}").text
    assert "243 missing" in pages.get("/").text
    said = CliRunner().invoke(hq, ["verify", str(file)])
    assert said.exit_code == 0
    assert f"missing: {SENTENCE}" in said.output
    assert "2 of 2 ledgers intact" in said.output


def test_what_a_ledger_lacks_is_of_no_shift_that_began_after_it(store: Store, square_agency: Agency) -> None:
    """The vehicle had begun its next ledger before the next shift; one that may still send is of every shift."""
    a_ledger_breaks(store)
    cover = read_report(store, square_agency, "2026-11-24/night", ENDED + 9e5)[1]
    assert [one.ledger for one in cover.ledgers] == []
    Receiver(store, TOPICS, lambda: ENDED).handle([spoken(a_busy_ledger(1, "car-9", "ledger-z"), 12)])
    cover = read_report(store, square_agency, "2026-11-24/night", ENDED + 9e5)[1]
    assert [(one.unit, one.missing) for one in cover.ledgers] == [("car-9", 12)]


def test_a_database_of_before_knows_what_its_vehicles_reported_last(database: Address) -> None:
    """Filled in place from the statuses held; one that cannot be read says nothing."""
    with Store(database) as store:
        Receiver(store, TOPICS, lambda: 7.5).handle([spoken(a_busy_ledger(1), 301)])
    as_of(database, "0005")
    sql(database, "INSERT INTO documents VALUES (?, ?, ?, ?)", "car-2", "status", b"{}", 8.5)
    with Store(database) as store:
        assert store.reported() == {("car-1", "ledger-a"): Reported("car-1", "ledger-a", 301, 7.5, 7.5)}
        assert [one.lack(retired=False) for one in store.behind()] == [
            "car-1, ledger ledger-a: 301 of 301 records not received"
        ]


@pytest.mark.parametrize("beyond", [0, 3])
def test_a_vehicle_that_makes_up_ledgers_fills_no_table(beyond: int, file: Path) -> None:
    """So many are recorded, and a finding says that there are more; another vehicle's are recorded as ever."""
    with Store(file) as store:
        receiver = Receiver(store, TOPICS, lambda: 1.0)
        made_up = [spoken(a_busy_ledger(0, "car-1", f"x{number}"), 5) for number in range(MOST_LEDGERS + beyond)]
        receiver.handle([*made_up, spoken(a_busy_ledger(0, "car-2", "y"), 5)])
        assert len(store.reported()) == MOST_LEDGERS + 1
        assert ("car-2", "y") in store.reported()
        assert [(one.kind, one.unit, one.times) for one in store.findings()] == (
            [("ledgers", "car-1", beyond)] if beyond else []
        )
