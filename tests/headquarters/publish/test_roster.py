"""Publishing a roster: its own daily key, numbered, retained; a car without a link takes it as a file, and keeps it."""

import shutil
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result

from edge.contract.agency import Agency, load_agency
from edge.contract.keys import DailyKey
from edge.contract.messages import Signed, decode, to_sign
from edge.contract.roster import MemberDoc
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import CONTEXT, ROSTER
from edge.contract.signing import create_private_key, load_private_key, public_key_of, sign
from edge.errors import UserError
from edge.headquarters.checks.keys import problems
from edge.headquarters.commands import hq
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.publish.document import publish, retained
from edge.headquarters.publish.older_cars import needed
from edge.headquarters.publish.roster import sign_roster
from edge.headquarters.store import Store
from edge.vehicle.documents.drop_folder import FOLDER, DropFolder
from edge.vehicle.in_force import InForce
from edge.vehicle.inbox import DocumentVerified
from edge.vehicle.store.vault import Vault
from tests.bundles import sign_again, signed_agency
from tests.headquarters.publish.desk import Desk
from tests.signed import stored_in

HASH: Final = "$argon2id$v=19$m=65536,t=3,p=4$Z29sZGVuIHNhbHQgMTYgYg$SGFzaCBvZiBub2JvZHkncw"
MEMBERS: Final = (MemberDoc(id="4711", role="officer", pin_hash=HASH),)
LAST: Final = DailyKey(key="ab" * 32, expires=datetime(2099, 1, 1, tzinfo=UTC))
TOPIC: Final = "roundsman/v1/squaretown/hq/roster"


@pytest.fixture
def agency(tmp_path: Path) -> Agency:
    """A bundle that names a daily key for rosters, and one for contexts."""
    signed_agency(tmp_path)
    named = {
        role: (LAST.model_copy(update={"key": public_key_of(create_private_key(tmp_path / f"{role}.pem"))}),)
        for role in ("roster", "context")
    }
    sign_again(tmp_path / "agency", tmp_path / "key.pem", keys=named)
    return load_agency(tmp_path / "agency")


def run(folder: Path, role: str, until: str = "2098-01-31") -> Result:
    """The command, with a key of a role."""
    (folder / "roster.csv").write_text(f'id,role,pin_hash\n4711,officer,"{HASH}"\n', encoding="utf-8")
    (folder / "hq.toml").write_text(
        f'agency = "{folder / "agency"}"\ndatabase = "{folder / "hq.sqlite"}"\n'
        f'[keys]\nroster = "{folder / f"{role}.pem"}"\n'
    )
    words = [folder / "roster.csv", "--config", folder / "hq.toml", "--until", until, "--out", folder / "signed.json"]
    said = ["--role", "chief of staff", "--reason", "new PINs"]
    return CliRunner().invoke(hq, ["publish-roster", *map(str, words), *said])


def test_it_is_written_for_a_car_without_a_link_which_keeps_it(agency: Agency, tmp_path: Path) -> None:
    """Through the drop folder into what is in force, and into the file a technician reads: in force after a restart."""
    Store(tmp_path / "hq.sqlite").close()
    done = run(tmp_path, "roster")
    assert (done.exit_code, done.output) == (
        0,
        f"{tmp_path / 'signed.json'}: roster 1; drop it into a vehicle's incoming folder\n",
    )
    drop_folder = DropFolder(tmp_path, agency, "1")
    shutil.copy(tmp_path / "signed.json", tmp_path / FOLDER / "roster.json")
    (said,) = drop_folder.take()
    assert isinstance(said, DocumentVerified)
    body = said.document.body
    assert (body.number, body.members) == (1, MEMBERS)
    assert body.expires.isoformat() == "2098-02-01T00:00:00-06:00"
    with closing(Vault(tmp_path / "car", "car-1")) as vault:
        vault.keep_document(said.document)
    assert '"pin_hash"' in (tmp_path / "car" / "documents.json").read_text(encoding="utf-8")
    with closing(Vault(tmp_path / "car", "car-1")) as vault:
        held = InForce(vault.load_documents(stored_in(agency, "1"))).get(ROSTER)
    assert held is not None
    assert held.body == body


def test_another_roles_key_signs_none(agency: Agency, tmp_path: Path) -> None:
    """Neither at headquarters, nor so that a car would take it."""
    Store(tmp_path / "hq.sqlite").close()
    assert "which may not sign this" in str(run(tmp_path, "context").exception)
    assert not (tmp_path / "signed.json").exists()


def test_a_day_that_has_passed_is_refused(agency: Agency, tmp_path: Path) -> None:
    Store(tmp_path / "hq.sqlite").close()
    assert "--until: 2020-02-01 has passed" in str(run(tmp_path, "roster", "2020-01-31").exception)


def test_each_has_the_next_number_and_the_newest_is_retained(tmp_path: Path) -> None:
    """And it is of a version of the wire that older cars do not speak: `hq publish-roster` names them."""
    agency = signed_agency(tmp_path)
    key = create_private_key(tmp_path / "any.pem")
    agency = replace(agency, public_key=public_key_of(key))
    desk = Desk(agency, key, tmp_path)
    with Store(tmp_path / "hq.sqlite") as store:
        for number in (1, 2):
            stored = sign_roster(MEMBERS, LAST.expires, agency, key, store, "chief", "new", 1.8e9)
            assert publish(stored, agency, store, desk).version == number
        assert retained(store, agency, 1.8e9) == [(TOPIC, stored.body)]
    assert needed(decode(Signed, desk.retained[TOPIC]), agency) == 5


def test_no_roster_has_room_for_a_name(agency: Agency, tmp_path: Path) -> None:
    """A field about people is refused by a car, too, whoever signed it; a context is no roster."""
    stored = {"agency": agency.id, "number": 1, "role": "chief", "reason": "x", "at": "2026-01-01T00:00:00Z"}
    members = [{"id": "4711", "role": "officer", "pin_hash": HASH, "last_name": "Smith"}]
    body = {**stored, "expires": "2098-01-01T00:00:00Z", "members": members}
    signature = sign(load_private_key(tmp_path / "roster.pem"), to_sign("roster", body))
    with pytest.raises(UserError, match="the field 'last_name', which is about people"):
        verify_here(ROSTER, Signed(kind="roster", body=body, signature=signature), agency)
    with pytest.raises(UserError, match="it is a roster"):
        verify_here(CONTEXT, Signed(kind="roster", body=body, signature=signature), agency)


def test_headquarters_without_a_key_for_rosters_is_in_order(agency: Agency, tmp_path: Path) -> None:
    """Not every agency has a roster: `[keys] roster` may be left out where the bundle names no key for it."""
    sign_again(tmp_path / "agency", tmp_path / "key.pem", keys={"plan": (LAST,)})
    config = HeadquartersConfig(
        agency=tmp_path / "agency", database=tmp_path / "hq.sqlite", signing_key=tmp_path / "key.pem"
    )
    assert [one.partition(":")[0] for one in problems(config)] == ["signing_key"]  # for plans and contexts
