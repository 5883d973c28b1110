"""A fleet set up by its commands: the authority, the import, the boot files of each unit."""

import json
import os
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.cli import roundsman
from edge.contract.agency import load_agency
from edge.errors import UserError
from provisioning.authority.pem import common_name, public_bytes
from provisioning.exchange import TokenFile, digest_of
from provisioning.fleet.folder import Fleet
from provisioning.registry.records import Certificate
from tests.provisioning.fleets import Clock, csv_of

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, signed_square: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command of `roundsman provision`, in a folder with the agency's bundle; what it prints."""
    shutil.copytree(signed_square, tmp_path / "agency")
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> str:
        result = CliRunner().invoke(roundsman, ["provision", *arguments])
        if result.exception is not None:
            raise result.exception
        return result.output

    return command


def set_up(run: Run, count: int = 3) -> None:
    run("ca", "init", "fleet", "--agency", "agency", "--host", "hq.example")
    Path("units.csv").write_text(csv_of(count))
    run("fleet", "import", "units.csv")


def test_three_commands_make_the_boot_files_of_a_fleet(run: Run) -> None:
    """A folder for each unit: cloud-init's files, its own token, the agency's bundle; for their owner alone."""
    set_up(run)
    said = run("image-files", "--all", "--out", "cards")
    assert "3 units in " in said
    tokens = {TokenFile.model_validate_json(path.read_bytes()).token for path in Path("cards").rglob("enrolment.json")}
    assert len(tokens) == 3
    for number in (1, 2, 3):
        card = Path("cards") / f"car-{number}"
        names = {"user-data", "meta-data", "network-config", "roundsman", "config.txt"}
        assert {path.name for path in card.iterdir()} == names
        assert json.loads((card / "roundsman/enrolment.json").read_text())["unit"] == f"car-{number}"
        assert load_agency(card / "roundsman/agency").id == "squaretown"
        assert stat.S_IMODE((card / "roundsman/enrolment.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(card.stat().st_mode) == 0o700


def test_the_service_holds_a_hash_of_each_token_and_no_token(run: Run) -> None:
    """Whoever reads the registry cannot enrol."""
    set_up(run, 1)
    run("image-files", "car-1", "--out", "cards")
    token = TokenFile.model_validate_json(Path("cards/car-1/roundsman/enrolment.json").read_bytes())
    with Fleet(Path("fleet")).registry() as registry:
        (held,) = registry.tokens()
    assert (held.digest, held.unit) == (digest_of(token.token), "car-1")
    assert not [
        path for path in Path("fleet").rglob("*") if path.is_file() and token.token.encode() in path.read_bytes()
    ]


def test_new_boot_files_take_the_earlier_token_out_of_force(run: Run, clock: Clock) -> None:
    """A card that was lost is worth nothing once another was made."""
    set_up(run, 1)
    run("image-files", "car-1", "--out", "cards")
    run("image-files", "car-1", "--out", "cards", "--days", "2")
    with Fleet(Path("fleet")).registry() as registry:
        first, second = registry.tokens()
    assert not first.open(clock())
    assert second.open(clock())
    assert abs(second.expires - clock() - 2 * 86_400) < 600


@pytest.mark.parametrize("days", ["0", "8", "-1", "nan"])
def test_a_token_is_good_for_seven_days_at_most(run: Run, days: str) -> None:
    """Another number is refused."""
    set_up(run, 1)
    with pytest.raises(UserError, match="--days: must be more than 0 and at most 7"):
        run("image-files", "car-1", "--out", "cards", "--days", days)


def test_private_keys_are_their_owners_alone_and_no_file_for_a_unit_has_one(run: Run) -> None:
    """Of the authority's folder the keys have mode 0600; what goes to a unit holds certificates only."""
    set_up(run, 1)
    run("image-files", "--all", "--out", "cards")
    keys = list(Path("fleet").glob("*.key"))
    assert {path.name for path in keys} == {"root.key", "issuing-1.key"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in keys} == {0o600}
    assert not [path for path in Path("cards").rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]


def test_a_second_import_changes_what_differs_and_removes_nothing(run: Run) -> None:
    """What is missing in the file is named; it stays in the fleet."""
    set_up(run, 3)
    Path("units.csv").write_text("unit,board,district\ncar-1,rpi5,1\ncar-2,rpi4,2\ncar-9,mdt,1\n")
    said = run("fleet", "import", "units.csv")
    assert "1 added, 1 changed, 1 as before" in said
    assert "car-3" in said
    with Fleet(Path("fleet")).registry() as registry:
        assert {name: one.board for name, one in registry.units().items()} == {
            "car-1": "rpi5", "car-2": "rpi4", "car-3": "rpi5", "car-9": "mdt",
        }  # fmt: skip
        assert [one.what for one in registry.audit()] == ["unit added"] * 4 + ["unit changed"]


def test_a_file_with_a_mistake_changes_nothing(run: Run) -> None:
    """Not even its good lines."""
    set_up(run, 1)
    Path("units.csv").write_text("unit,board,district\ncar-2,rpi5,1\nCAR-1,rpi5,1\n")
    with pytest.raises(UserError, match="'CAR-1' is too much like 'car-1'"):
        run("fleet", "import", "units.csv")
    with Fleet(Path("fleet")).registry() as registry:
        assert list(registry.units()) == ["car-1"]


def test_a_unit_that_is_enrolled_gets_no_new_files_until_it_is_revoked(run: Run, clock: Clock) -> None:
    """Each has one certificate; `--all` passes it over."""
    set_up(run, 2)
    with Fleet(Path("fleet")).registry() as registry, registry.transaction():
        registry.put_certificate(Certificate("1", "car-1", 1, clock(), clock() + 1e6, "", "", "admin"))
    with pytest.raises(UserError, match=r"car-1: is enrolled until .* provision revoke car-1"):
        run("image-files", "car-1", "--out", "cards")
    assert "1 unit in" in run("image-files", "--all", "--out", "cards")
    assert not Path("cards/car-1").exists()
    assert Path("cards/car-2").exists()


def test_rendering_shows_or_writes_a_units_files(run: Run) -> None:
    """The same text each time; below a folder it has the paths of the device."""
    set_up(run, 1)
    shown = run("render", "car-1")
    assert shown == run("render", "car-1")
    assert "--- /etc/roundsman/vehicle.toml" in shown
    run("render", "car-1", "--out", "root")
    text = Path("root/etc/roundsman/vehicle.toml").read_text()
    assert text in shown
    with pytest.raises(UserError, match="car-9: no such unit in the fleet"):
        run("render", "car-9")


def test_a_folder_of_other_files_is_not_replaced(run: Run) -> None:
    """An admin who names the wrong folder loses nothing, and no token is made."""
    set_up(run, 1)
    Path("cards/car-1").mkdir(parents=True)
    Path("cards/car-1/photos.zip").write_text("mine")
    with pytest.raises(UserError, match="holds other files than a unit's"):
        run("image-files", "--all", "--out", "cards")
    with Fleet(Path("fleet")).registry() as registry:
        assert registry.tokens() == []


def test_a_fleet_is_set_up_once(run: Run) -> None:
    """A second `ca init` would make cars that trust another root."""
    set_up(run, 1)
    root = Path("fleet/root.pem").read_bytes()
    with pytest.raises(UserError, match="already exists"):
        run("ca", "init", "fleet", "--agency", "agency", "--host", "hq.example")
    assert Path("fleet/root.pem").read_bytes() == root


def test_a_fleet_whose_setup_was_cut_short_is_finished(run: Run) -> None:
    """By the same command, with the root that is there."""
    set_up(run, 1)
    root = Path("fleet/root.pem").read_bytes()
    Path("fleet/fleet.toml").unlink()
    run("ca", "init", "fleet", "--agency", "agency", "--host", "hq.example")
    assert Path("fleet/root.pem").read_bytes() == root
    assert "car-1" in run("render", "car-1")


@pytest.mark.parametrize("host", ["hq example", "https://hq.example", "", "[::1]"])
def test_a_host_that_no_car_could_reach_is_refused(run: Run, host: str) -> None:
    """And nothing is made."""
    with pytest.raises(UserError, match="--host: host: "):
        run("ca", "init", "fleet", "--agency", "agency", "--host", host)
    assert not Path("fleet").exists()


def test_a_folder_that_is_no_fleets_stays_as_it_is(run: Run) -> None:
    """A wrong --fleet makes no registry there."""
    Path("elsewhere").mkdir()
    for command in (("status",), ("audit",), ("revoke", "car-1", "--reason", "x"), ("serve",)):
        with pytest.raises(UserError, match=r"elsewhere/fleet\.toml"):
            run(*command, "--fleet", "elsewhere")
    assert list(Path("elsewhere").iterdir()) == []


def test_mosquitto_can_read_its_files_whatever_the_umask(run: Run) -> None:
    """All but its key are for everybody; the key is for its owner, and for mosquitto's group where there is one."""
    set_up(run, 1)
    mask = os.umask(0o077)
    try:
        said = run("broker", "render", "--out", "broker")
    finally:
        os.umask(mask)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in Path("broker").iterdir()}
    assert modes.pop("broker.key") in (0o600, 0o640)
    assert set(modes) == {"mosquitto.conf", "access.acl", "ca.pem", "broker.pem", "revoked.pem"}
    assert set(modes.values()) == {0o644}
    assert "a new certificate of the broker's own" in said
    own = Path("broker/broker.pem").read_bytes()
    assert "a new certificate" not in run("broker", "render", "--out", "broker")
    assert Path("broker/broker.pem").read_bytes() == own
    assert re.search("AGENCY|in place of", Path("broker/access.acl").read_text()) is None
    assert "roundsman/v1/squaretown/" in Path("broker/access.acl").read_text()


def test_a_rotated_issuing_key_signs_and_the_earlier_one_is_kept(run: Run, tmp_path: Path) -> None:
    """The root stays as it is, and may have been taken offline; another root's key is refused."""
    set_up(run, 1)
    offline = tmp_path / "safe.key"
    Path("fleet/root.key").rename(offline)
    with pytest.raises(UserError, match="give the offline root key with --root-key"):
        run("ca", "rotate")
    run("ca", "rotate", "--root-key", str(offline))
    authority = Fleet(Path("fleet")).authority
    assert authority.numbers() == [1, 2]
    new = authority.newest()[1]
    assert common_name(new.certificate) == "Roundsman issuing 2"
    assert public_bytes(new.key.public_key()) == public_bytes(new.certificate.public_key())
    new.certificate.verify_directly_issued_by(authority.root)
    with pytest.raises(UserError, match=r"not the key of .*root\.pem"):
        run("ca", "rotate", "--root-key", "fleet/issuing-1.key")
