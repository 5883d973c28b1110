"""The fleet's page: each vehicle with its age, what is wrong and what to do; where it is, for those who may see it."""

import re
from html import unescape
from pathlib import Path
from typing import Any, Final

import pytest
from flask.testing import FlaskClient

from edge.contract.agency import Agency
from edge.contract.messages import Status, encode
from edge.contract.wire import VERSION
from edge.headquarters.accounts.roles import Role
from edge.headquarters.console.context import Context
from edge.headquarters.held_status import HeldStatus
from edge.headquarters.receive.decoding import Received
from edge.headquarters.receive.receiver import Receiver
from edge.headquarters.store import Store
from tests.headquarters.ledgers import MORNING, TOPICS
from tests.headquarters.visitors import client_of

NOW: Final = MORNING.timestamp()
BOX: Final = "1995-17716"


def page(agency: Agency, database: Path, later_s: float = 0.0, role: Role = "analyst") -> str:
    """The page so many seconds after the latest status, as somebody of a role reads it."""
    client: FlaskClient = client_of(Context(agency, database, now=lambda: NOW + later_s), role)
    answer = client.get("/fleet")
    assert answer.status_code == 200
    return answer.text


def line(text: str, unit: str) -> list[str]:
    """The texts of a vehicle's cells."""
    found = re.search(rf'<tr[^>]*><th scope="row">{unit}</th>(.*?)</tr>', text)
    assert found, unit
    return [unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1])]


def well(agency: Agency, unit: str = "car-1", **given: Any) -> Received:
    """A status of a vehicle with nothing wrong, but for what is given."""
    values = {"online": True, "software": "2.0", "ledger": "ledger-a", "gps": "good", "clock": "gps", "time": MORNING}
    status = Status(**{"unit": unit, **values, "agency_hash": agency.hash, "box": BOX, **given})
    return Received(TOPICS.status(unit), encode(status), {"wire": str(VERSION)})


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Headquarters' database, which has heard nobody."""
    path = tmp_path / "hq.sqlite"
    Store(path).close()
    return path


def hear(database: Path, *messages: Received, when: float = NOW) -> None:
    """Headquarters receives some messages at an instant."""
    with Store(database) as store:
        Receiver(store, TOPICS, lambda: when).handle(list(messages))


def test_a_fleet_that_nobody_heard_is_said_in_a_sentence(square_agency: Agency, database: Path) -> None:
    """No empty table."""
    assert "No vehicle has reported yet." in page(square_agency, database)


def test_a_vehicle_that_is_well_has_nothing_to_do(square_agency: Agency, database: Path) -> None:
    """Its line says how it stands, and how old that is."""
    hear(database, well(square_agency, plan_version=7))
    text = page(square_agency, database, later_s=12)
    cells = line(text, "car-1")
    assert cells[:5] == ["online", "–", "12 s ago", "good", "gps"]
    assert cells[6:9] == ["7", "0", "0"]
    assert "1 of 1 vehicle online, 0 with something to do" in text


def test_a_vehicle_that_says_it_is_online_and_is_not_heard_is_silent(square_agency: Agency, database: Path) -> None:
    """What it said of GPS and box is not shown as if it were so now."""
    hear(database, well(square_agency))
    cells = line(page(square_agency, database, later_s=3_900), "car-1")
    assert [cells[0], *cells[2:6]] == ["silent", "1 h 05 min ago", "–", "–", "–"]
    assert "Check the broker and headquarters' receiver" in cells[1]


def test_a_parked_vehicle_is_nobodys_business_until_a_week_has_passed(square_agency: Agency, database: Path) -> None:
    """Offline is not wrong; offline for long is."""
    hear(database, well(square_agency, online=False))
    assert line(page(square_agency, database, later_s=86_400), "car-1")[1] == "–"
    cells = line(page(square_agency, database, later_s=8 * 86_400), "car-1")
    assert cells[2] == "8 days ago"
    assert cells[1] == "Offline for 8 days. Switch it on, or retire it with roundsman hq retire."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"gps": "lost"}, "No GPS position."),
        ({"gps": "none"}, "check the antenna"),
        ({"clock": "saved"}, "The clock is not set"),
        ({"agency_hash": "0" * 64}, "Its agency bundle is not headquarters' own."),
    ],
)
def test_each_thing_that_is_wrong_has_its_sentence(
    given: dict[str, str], said: str, square_agency: Agency, database: Path
) -> None:
    """And the vehicle stands above those that are well."""
    hear(database, well(square_agency), well(square_agency, "car-2", **given))
    text = page(square_agency, database)
    assert said in line(text, "car-2")[1]
    assert line(text, "car-1")[1] == "–"
    assert text.index(">car-2<") < text.index(">car-1<")
    assert "1 with something to do" in text


def test_a_vehicle_of_old_software_is_shown_by_what_its_status_says(square_agency: Agency, database: Path) -> None:
    """It announces no version of the wire: it is to be updated."""
    status = well(square_agency)
    hear(database, Received(status.topic, status.payload))
    with Store(database) as store:
        (held,) = store.documents("status")
        assert HeldStatus.model_validate_json(held.body).wire == 1
    assert line(page(square_agency, database), "car-1")[1] == "Its software is older than headquarters'. Update it."


def test_missing_records_are_named_once_they_are_not_on_their_way(square_agency: Agency, database: Path) -> None:
    """By numbers and ledger: of a vehicle that is off, and of a ledger that was replaced."""
    hear(database, well(square_agency, recorded=5))
    cells = line(page(square_agency, database), "car-1")
    assert cells[7:9] == ["5", "5"]
    assert cells[1] == "–"
    off = line(page(square_agency, database, later_s=500), "car-1")[1]
    assert "Records 1 to 5 of ledger ledger-a are missing. They are still in the vehicle" in off
    hear(database, well(square_agency, ledger="ledger-b"))
    replaced = line(page(square_agency, database), "car-1")[1]
    assert "Records 1 to 5 of ledger ledger-a are missing. The vehicle has begun another ledger" in replaced


def test_where_a_vehicle_is_only_those_see_who_may(square_agency: Agency, database: Path) -> None:
    """An admin looks after the vehicles, and is not shown their boxes; nobody is shown an officer."""
    hear(database, well(square_agency))
    assert ">Box<" in page(square_agency, database)
    text = page(square_agency, database, role="admin")
    assert ">Box<" not in text
    assert BOX not in text
    assert len(line(text, "car-1")) == len(line(page(square_agency, database), "car-1")) - 1


def test_what_a_vehicle_chose_is_escaped_and_bounded(square_agency: Agency, database: Path) -> None:
    """Its software's version and its ledger's name are text, and printable."""
    hear(database, well(square_agency, software="<script>" + "A" * 92, ledger="\x1b[2J<b>", recorded=3, online=False))
    text = page(square_agency, database)
    assert "<script" not in text
    assert "\x1b" not in text
    assert "A" * 61 not in text
