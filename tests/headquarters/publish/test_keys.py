"""Publishing by role: what vehicles would refuse for its key is refused at headquarters, before anything is sent."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.contract.agency import Agency, load_agency
from edge.contract.keys import DailyKey
from edge.contract.messages import Signed, decode, encode
from edge.contract.signed_documents import verify_here
from edge.contract.signed_kinds import CONTEXT, PLAN
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.errors import UserError
from edge.headquarters.commands import hq
from edge.headquarters.config import HeadquartersConfig, KeysConfig
from edge.headquarters.publish.context import sign_context
from edge.headquarters.publish.document import publish
from edge.headquarters.publish.plan import publish_plan
from edge.headquarters.store import Store
from tests.bundles import sign_again, signed_agency
from tests.headquarters.drives import plan_of_night, plan_toml
from tests.headquarters.publish.test_context import DOC

SOON = datetime.now(UTC).replace(microsecond=0)


@dataclass
class Desk:
    """A desk with a key for each role; ``spare`` expired yesterday. The broker retains."""

    folder: Path
    agency: Agency
    retained: dict[str, bytes] = field(default_factory=dict)

    def publish(self, topic: str, payload: bytes) -> None:
        """Retain."""
        self.retained[topic] = payload

    def key(self, name: str) -> Ed25519PrivateKey:
        """One by its file's name."""
        return load_private_key(self.folder / f"{name}.pem")

    def plan(self) -> Path:
        """A plan file."""
        cells = [box.cell for box in self.agency.grid.boxes.values() if box.district == "1" and not box.opt_out]
        path = self.folder / "plan.toml"
        path.write_text(plan_toml(plan_of_night(self.agency, cells[:3], 1), self.agency), encoding="utf-8")
        return path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    signed_agency(tmp_path)

    def made(name: str, days: int = 30) -> DailyKey:
        public = public_key_of(create_private_key(tmp_path / f"{name}.pem"))
        return DailyKey(key=public, expires=SOON + timedelta(days=days))

    keys = {"plan": (made("spare", -1), made("plan")), "context": (made("context"),)}
    sign_again(tmp_path / "agency", tmp_path / "key.pem", version=2, keys=keys)
    create_private_key(tmp_path / "lost.pem")
    return Desk(tmp_path, load_agency(tmp_path / "agency"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "key",
            "keys.plan or signing_key: it is the agency key, which signs bundles only; vehicles would",
        ),
        ("context", "which may not sign this; vehicles would reject the plan"),
        ("spare", f"which expired on {SOON - timedelta(days=1):%Y-%m-%d}; vehicles would reject the plan"),
        ("lost", "it is a key that is not in the current bundle: "),
    ],
)
def test_a_key_that_vehicles_would_refuse_publishes_nothing(name: str, sentence: str, desk: Desk, store: Store) -> None:
    """The agency's own, another role's, one that has expired, a lost one: nothing is stored or sent."""
    with pytest.raises(UserError) as refused:
        publish_plan(desk.plan(), desk.agency, desk.key(name), store, desk, "analyst", "why")
    assert sentence in str(refused.value)
    assert (desk.retained, store.plans()) == ({}, [])
    if name != "context":
        with pytest.raises(UserError, match="vehicles would reject the context"):
            sign_context(lambda: DOC, desk.agency, desk.key(name), store, "analyst", "why")
        assert store.last_signed("context") is None


def test_each_role_publishes_with_its_own_key(desk: Desk, store: Store) -> None:
    """And vehicles with that bundle obey both."""
    publish_plan(desk.plan(), desk.agency, desk.key("plan"), store, desk, "analyst", "why")
    stored = sign_context(lambda: DOC, desk.agency, desk.key("context"), store, "analyst", "why")
    publish(stored, desk.agency, store, desk)
    plan, context = (decode(Signed, payload) for payload in desk.retained.values())
    assert verify_here(PLAN, plan, desk.agency, "1").body.version == 1
    assert verify_here(CONTEXT, context, desk.agency).body.number == 1


def test_a_role_without_a_key_of_its_own_has_the_signing_key(tmp_path: Path) -> None:
    """A configuration of before goes on; acknowledgements are signed only with a key that is meant for them."""
    config = HeadquartersConfig(agency=tmp_path, database=tmp_path / "hq", signing_key=tmp_path / "old.pem")
    assert config.key_of("plan") == config.key_of("context") == ("signing_key", tmp_path / "old.pem")
    assert config.key_of("acks") is None
    own = config.model_copy(update={"keys": KeysConfig(plan=tmp_path / "p.pem", acks=tmp_path / "a.pem")})
    assert own.key_of("plan") == ("keys.plan", tmp_path / "p.pem")
    assert own.key_of("context") == ("signing_key", tmp_path / "old.pem")
    assert own.key_of("acks") == ("keys.acks", tmp_path / "a.pem")
    assert HeadquartersConfig(agency=tmp_path, database=tmp_path / "hq").key_of("plan") is None


def test_the_commands_sign_with_the_key_of_the_role(desk: Desk) -> None:
    """`[keys] context` of the configuration; with another role's key there, the command says which key it is."""
    Store(desk.folder / "hq.sqlite").close()
    (desk.folder / "context.json").write_bytes(encode(DOC))
    out = desk.folder / "signed.json"
    for name, refused in (("plan", "keys.context or signing_key: it is the plan key"), ("context", "")):
        (desk.folder / "hq.toml").write_text(
            f'agency = "{desk.folder}/agency"\ndatabase = "{desk.folder}/hq.sqlite"\n'
            f'signing_key = "{desk.folder}/key.pem"\n[keys]\ncontext = "{desk.folder}/{name}.pem"\n'
        )
        words = ["publish-context", desk.folder / "context.json", "--config", desk.folder / "hq.toml", "--out", out]
        done = CliRunner().invoke(hq, [*map(str, words), "--role", "analyst", "--reason", "why"])
        assert refused in str(done.exception or "")
        assert out.exists() == (not refused)
    assert verify_here(CONTEXT, decode(Signed, out.read_bytes()), desk.agency).body.number == 1
