"""Which bundle a car uses: a good one is copied and kept, a bad one refused with a sentence, and the last one stays."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from edge.contract.bundle import file_hash, read_manifest
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.errors import UserError
from edge.vehicle.config import VehicleConfig
from edge.vehicle.documents.bundle import Choice, choose, keep
from tests.agency.square import write_square
from tests.bundles import EXPIRED, WRONG, key_in, sign_again, signed_agency
from tests.words import all_shown, shown

NOW = 1_795_000_000.0  # 2026-11-18


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squaretown's bundles ``1`` and ``2``, by version; ``expired`` is version 3. The same key signs them."""
    folder = tmp_path_factory.mktemp("made")
    signed_agency(folder, "1")
    signed_agency(folder, "2", version=2)
    signed_agency(folder, "expired", version=3, **EXPIRED)
    return folder


@pytest.fixture
def car(made: Path, tmp_path: Path) -> VehicleConfig:
    """A vehicle to which nothing has been delivered."""
    return VehicleConfig(
        unit="car-1", agency=tmp_path / "delivered", agency_key=key_in(made), district="1", data=tmp_path / "data"
    )


@pytest.fixture
def deliver(made: Path, car: VehicleConfig) -> Callable[[str], Path]:
    """Put a bundle where the vehicle looks for it."""

    def put(name: str) -> Path:
        shutil.rmtree(car.agency, ignore_errors=True)
        shutil.copytree(made / name, car.agency)
        return car.agency

    return put


def start(car: VehicleConfig) -> Choice:
    """What a vehicle does with bundles as it starts."""
    return keep(choose(car), car.data)


def kept(car: VehicleConfig) -> list[int]:
    """The versions kept, the newest first."""
    folders = (car.data / "bundles").glob("*-*")
    return sorted((read_manifest(folder).version for folder in folders), reverse=True)


def test_the_first_bundle_is_copied_and_its_agency_pinned(
    car: VehicleConfig, deliver: Callable[[str], Path], made: Path
) -> None:
    """Every file that the manifest lists, and no other; the stick it came on may go."""
    (deliver("1") / "thumbs.db").write_text("not the agency's")
    choice = start(car)
    assert choice.notices(NOW) == ()
    assert choice.directory.parent == car.data / "bundles"
    assert choice.agency.map_path == choice.directory / "map.json"
    for path in choice.directory.iterdir():
        assert path.read_bytes() == (made / "1" / path.name).read_bytes()
    assert len(list(choice.directory.iterdir())) == 5
    trusted = json.loads((car.data / "bundles" / "trusted.json").read_text())
    key = public_key_of(load_private_key(made / "key.pem"))
    assert trusted == {"agency": "squaretown", "delivered": choice.manifest.digest(), "key": key}
    shutil.rmtree(car.agency)
    again = start(car)
    assert again.directory == choice.directory
    assert "New agency bundle rejected" in shown(again.notices(NOW)[0])


def test_choosing_writes_nothing(car: VehicleConfig, deliver: Callable[[str], Path]) -> None:
    """Another process may hold the data folder."""
    deliver("1")
    assert choose(car).directory == car.agency
    assert not car.data.exists()


def test_a_newer_bundle_replaces_the_one_in_force(car: VehicleConfig, deliver: Callable[[str], Path]) -> None:
    """The one before it stays beside it, in case; what is described is the new one."""
    for name in ("1", "2", "2"):
        deliver(name)
        choice = start(car)
        assert choice.notices(NOW) == ()
    assert kept(car) == [2, 1]
    described = choice.described()
    assert (described["agency"], described["version"], described["hash"]) == ("squaretown", 2, choice.agency.hash)


@pytest.mark.parametrize("wrong", WRONG)
def test_protection_8_a_bad_bundle_is_refused_and_the_last_verified_one_stays(
    wrong: str, car: VehicleConfig, deliver: Callable[[str], Path]
) -> None:
    """One sentence says what is wrong with it, and what stays in force."""
    deliver("1")
    start(car)
    spoil, says = WRONG[wrong]
    spoil(deliver("2"))
    choice = start(car)
    (notice,) = all_shown(choice.notices(NOW))
    assert notice.startswith(f"New agency bundle rejected: {car.agency}")
    assert says in notice
    assert notice.endswith("Still using version 1.")
    assert choice.manifest.version == 1
    assert kept(car) == [1]


@pytest.mark.parametrize("wrong", WRONG)
def test_protection_8_a_bad_bundle_and_none_kept_is_a_users_mistake(
    wrong: str, car: VehicleConfig, deliver: Callable[[str], Path]
) -> None:
    """A car that never had a good one does not start, and pins nothing."""
    spoil, says = WRONG[wrong]
    spoil(deliver("1"))
    with pytest.raises(UserError) as refused:
        start(car)
    assert says in str(refused.value)
    assert not car.data.exists()


def test_a_districts_name_that_no_topic_holds_is_refused_and_stops_no_car(
    car: VehicleConfig, deliver: Callable[[str], Path], made: Path
) -> None:
    """Older software built such bundles: a car that subscribed to ``plan/District #5/+`` would end with every start."""
    deliver("1")
    start(car)
    path = deliver("2") / "grid.json"
    path.write_bytes(path.read_bytes().replace(b'"district":"2"', b'"district":"District #5"'))
    files = read_manifest(path.parent).files | {"grid.json": file_hash(path.parent, path.name)}
    sign_again(path.parent, made / "key.pem", files=files)
    choice = start(car)
    (notice,) = all_shown(choice.notices(NOW))
    assert "'District #5' contains '#'; use letters, digits, spaces and" in notice
    assert choice.manifest.version == 1


def test_an_expired_bundle_is_used_with_a_warning(car: VehicleConfig, deliver: Callable[[str], Path]) -> None:
    """It replaces an older one all the same; before its expiry nothing is said, nor by a clock that was never set."""
    deliver("1")
    start(car)
    deliver("expired")
    choice = start(car)
    assert choice.manifest.version == 3
    assert [one.partition(";")[0] for one in all_shown(choice.notices(NOW))] == [
        "Agency bundle version 3 expired on 2026-02-02"
    ]
    assert choice.notices(0.0) == ()


def test_an_older_bundle_is_refused(car: VehicleConfig, deliver: Callable[[str], Path]) -> None:
    """Nobody can bring back what was withdrawn."""
    deliver("2")
    start(car)
    deliver("1")
    choice = start(car)
    assert choice.manifest.version == 2
    assert "older bundle ignored: version 1 of 2026-01-01 00:00:00 UTC (current: version 2 of" in shown(
        choice.notices(NOW)[0]
    )


def test_another_key_is_refused_until_the_configuration_names_it(
    car: VehicleConfig, deliver: Callable[[str], Path], made: Path, tmp_path: Path
) -> None:
    """However well it signs, and whatever its bundle says; then it is the trusted one, and the old key's are gone."""
    deliver("2")
    start(car)
    other = write_square(tmp_path).parent
    new = signed_agency(other, "new", key="other.pem", version=3).public_key
    shutil.rmtree(car.agency)
    shutil.copytree(other / "new", car.agency)
    choice = start(car)
    assert "not signed with the trusted agency key" in shown(choice.notices(NOW)[0])
    assert choice.manifest.version == 2
    named = car.model_copy(update={"agency_key": new})
    assert start(named).manifest.version == 3
    deliver("expired")
    choice = start(named)
    assert choice.key == new
    assert "trusted agency key" in shown(choice.notices(NOW)[0])


def test_no_bundle_is_trusted_on_first_use(car: VehicleConfig, deliver: Callable[[str], Path], tmp_path: Path) -> None:
    """A provisioned car believes nobody's bundle at its first start but that of the key it was given, and needs one."""
    deliver("1")
    named = car.model_copy(update={"agency_key": public_key_of(create_private_key(tmp_path / "other.pem"))})
    with pytest.raises(UserError, match="not signed with the trusted agency key"):
        start(named)
    with pytest.raises(ValidationError, match="agency_key"):
        VehicleConfig.model_validate(car.model_dump(exclude={"agency_key"}))


def test_another_agencys_bundle_is_refused(
    car: VehicleConfig, deliver: Callable[[str], Path], made: Path, tmp_path: Path
) -> None:
    """A car does not change hands by a USB stick, even where two agencies share a key."""
    deliver("1")
    start(car)
    toml = write_square(tmp_path)
    toml.write_text(toml.read_text().replace('"squaretown"', '"roundtown"'))
    shutil.copy(made / "key.pem", tmp_path / "key.pem")
    signed_agency(tmp_path, "round", version=9)
    shutil.rmtree(car.agency)
    shutil.copytree(tmp_path / "round", car.agency)
    choice = start(car)
    assert choice.agency.id == "squaretown"
    assert "it is for agency 'roundtown', but this vehicle belongs to 'squaretown'" in shown(choice.notices(NOW)[0])


def test_a_bundle_without_the_cars_district_is_refused(
    car: VehicleConfig, deliver: Callable[[str], Path], made: Path, tmp_path: Path
) -> None:
    """The one in force has it, and stays."""
    deliver("1")
    start(car)
    toml = write_square(tmp_path)
    districts = (tmp_path / "districts.geojson").read_text().replace('"district": 1', '"district": 3')
    (tmp_path / "districts.geojson").write_text(districts)
    shutil.copy(made / "key.pem", tmp_path / "key.pem")
    signed_agency(toml.parent, "other", version=2)
    shutil.rmtree(car.agency)
    shutil.copytree(tmp_path / "other", car.agency)
    choice = start(car)
    assert choice.manifest.version == 1
    assert "district: Squaretown has no district '1'; it has 2, 3" in shown(choice.notices(NOW)[0])


def test_a_kept_bundle_that_has_rotted_is_copied_again(car: VehicleConfig, deliver: Callable[[str], Path]) -> None:
    """While a good one is still where it was delivered, nobody need know."""
    deliver("1")
    rotten = start(car).directory / "grid.json"
    rotten.write_bytes(rotten.read_bytes()[:-100])
    choice = start(car)
    assert choice.notices(NOW) == ()
    assert rotten.read_bytes() == (car.agency / "grid.json").read_bytes()


def test_a_kept_bundle_that_has_rotted_gives_way_to_the_one_before(
    car: VehicleConfig, deliver: Callable[[str], Path]
) -> None:
    """With nothing good delivered, version 1 is better than none; both things are said."""
    for name in ("1", "2"):
        deliver(name)
        choice = start(car)
    (choice.directory / "grid.json").unlink()
    shutil.rmtree(car.agency)
    choice = start(car)
    assert choice.manifest.version == 1
    lost, refused = all_shown(choice.notices(NOW))
    assert lost.startswith("Stored agency bundle not used: ")
    assert "New agency bundle rejected" in refused


def test_a_lost_pin_is_that_of_the_configuration(
    car: VehicleConfig, deliver: Callable[[str], Path], tmp_path: Path
) -> None:
    """Another key's bundle does not get in when ``trusted.json`` is gone."""
    deliver("1")
    start(car)
    (car.data / "bundles" / "trusted.json").write_bytes(b"\x00")
    create_private_key(tmp_path / "other.pem")
    sign_again(deliver("2"), tmp_path / "other.pem")
    choice = start(car)
    assert choice.manifest.version == 1
    assert "trusted agency key" in shown(choice.notices(NOW)[0])
    assert json.loads((car.data / "bundles" / "trusted.json").read_text())["key"] == car.agency_key


def test_what_a_power_cut_left_of_a_copy_is_no_bundle(car: VehicleConfig, deliver: Callable[[str], Path]) -> None:
    """Half a copy has no bundle's name; the next start begins it anew."""
    deliver("1")
    start(car)
    half = car.data / "bundles" / "unfinished"
    half.mkdir()
    shutil.copy(deliver("2") / "grid.json", half)
    shutil.rmtree(car.agency)
    assert start(car).manifest.version == 1
    deliver("2")
    assert start(car).manifest.version == 2
    assert not half.exists()


def test_a_disk_that_takes_no_copy_stops_no_patrol(car: VehicleConfig, deliver: Callable[[str], Path]) -> None:
    """The bundle is used where it was delivered, and the notice says so."""
    deliver("1")
    car.data.mkdir()
    (car.data / "bundles").write_text("a file where the folder should be")
    choice = start(car)
    assert choice.directory == car.agency
    (notice,) = all_shown(choice.notices(NOW))
    assert "The agency bundle could not be copied to" in notice
    assert f"Using it from {car.agency}" in notice


def test_a_bundle_that_changes_while_it_is_copied_is_not_kept(
    car: VehicleConfig, deliver: Callable[[str], Path]
) -> None:
    """What was verified is what is kept, or nothing is."""
    delivered = deliver("1")
    choice = choose(car)
    (delivered / "map.json").write_text("{}")
    said = all_shown(keep(choice, car.data).notices(NOW))
    assert "map.json: changed while being copied" in said[0]
    assert kept(car) == []
