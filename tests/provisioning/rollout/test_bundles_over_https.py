"""The agency's bundle from headquarters over real TLS: adopted the daemon's own way, or refused and nothing changed."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from edge.contract.bundle import read_manifest
from edge.errors import UserError
from edge.mqtt.tls_files import context_of
from edge.service.mounts import MOUNTINFO, mount_of
from provisioning.enrol.bundles import BOOK
from provisioning.fleet.folder import Fleet
from provisioning.rollout.bundle_shelf import BundleShelf
from provisioning.rollout.rollout import Rollout
from provisioning.rollout.stages import halted_by
from provisioning.software.offering import BundleOffer, BundleReport
from provisioning.update.commands import update
from provisioning.update.download import HALF
from provisioning.update.fetch_bundle import COMING
from provisioning.update.fetch_command import fetch_command
from provisioning.update.headquarters import OverHttps
from tests.bundles import EXPIRED, key_in, signed_agency
from tests.provisioning.devices import Device
from tests.provisioning.fleets import Clock, new_fleet
from tests.provisioning.services import serving
from tests.provisioning.update.bundled import Bundled, Shelf

STORED = "Agency bundle version 2 stored. It is used from the next start of this car."


@dataclass
class Weak:
    """A link that ends after so many bytes of files; ``says``: it ends as if that had been all."""

    hq: OverHttps | Shelf
    left: int
    says: bool = True

    def report_bundle(self, report: BundleReport) -> BundleOffer:
        """That is short enough."""
        return self.hq.report_bundle(report)

    def bundle_pieces(self, bundle: str, name: str, start: int, end: int) -> Iterator[bytes]:
        """Until it ends."""
        for data in self.hq.bundle_pieces(bundle, name, start, end):
            yield data[: self.left]
            if len(data) > self.left and self.says:
                msg = "the link is gone"
                raise UserError(msg)
            self.left = max(self.left - len(data), 0)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Squaretown's bundles ``1``, ``2`` and ``4``, ``expired`` (3) and one of another key (9)."""
    folder = tmp_path_factory.mktemp("made")
    for version in (1, 2, 4):
        signed_agency(folder, str(version), version=version)
    signed_agency(folder, "expired", version=3, **EXPIRED)
    signed_agency(folder, "strange", key="other.pem", version=9)
    return folder


@pytest.fixture
def hq(made: Path, tmp_path: Path, clock: Clock) -> Fleet:
    """A fleet that was set up with bundle 1."""
    return new_fleet(made / "1", tmp_path, clock, units=2)


@pytest.fixture
def car(made: Path, tmp_path: Path) -> Bundled:
    """A car that runs on bundle 1."""
    car = Bundled(tmp_path / "car-1", made / "1", key_in(made))
    assert car.start() == 1
    return car


def enrolled(fleet: Fleet, name: str, folder: Path) -> OverHttps:
    """How a unit asks its headquarters."""
    folder.mkdir(exist_ok=True)
    device = Device(fleet, name, folder).with_token()
    device.enrol()
    held = device.config.identity / "current"
    return OverHttps(device.config.service, context_of(device.config.ca, held / "cert.pem", held / "key.pem"))


@contextmanager
def served(fleet: Fleet, folder: Path) -> Iterator[OverHttps]:
    """How the enrolled car-1 asks its headquarters, which runs."""
    with serving(fleet):
        yield enrolled(fleet, "car-1", folder)


def publish(made: Path, name: str, fleet: Fleet) -> Path:
    """As an admin does it."""
    return shutil.copytree(made / name, fleet.folder / "bundles" / name)


def test_a_car_downloads_a_newer_bundle_and_uses_it_from_its_next_start(
    made: Path, hq: Fleet, car: Bundled, tmp_path: Path
) -> None:
    """Over a link that ends in the midst; the one that it has is not asked for, nor is an older one."""
    with served(hq, tmp_path / "unit") as https:
        assert car.fetch(https) == "Bundle 1: headquarters has no other one for this unit now"
        publish(made, "2", hq)
        large = max((made / "2").iterdir(), key=lambda one: one.stat().st_size)
        with pytest.raises(UserError, match="the link is gone"):
            car.fetch(Weak(https, (made / "2/manifest.json").stat().st_size + 100))
        assert [path.suffix for path in (car.incoming / COMING).glob("*/*")].count(HALF) == 1
        assert car.look() == []
        assert car.fetch(Weak(https, 10**9)) == "Bundle 2 is here; the vehicle uses it from its next start"
        assert large.read_bytes() == (car.dropped[0] / large.name).read_bytes()
        assert "is here already" in car.fetch(https)
        assert car.look() == [STORED]
        assert (car.dropped, car.fetch(https)) == ([], "Bundle 2: headquarters has no other one for this unit now")
        assert car.start() == 2
        shutil.rmtree(hq.folder / "bundles/2")
        assert car.fetch(https) == "Bundle 2: headquarters has no other one for this unit now"
    assert [*(car.incoming / COMING).glob("*/*")] == []


NO_OTHER = "headquarters has no other one for this unit now"


def test_a_bundle_goes_to_one_unit_and_to_the_next_once_that_one_has_used_it_for_an_hour(
    made: Path, hq: Fleet, car: Bundled, tmp_path: Path, clock: Clock
) -> None:
    """Stored is not enough: it is in force from the daemon's next start, and the daemon must answer."""
    other = Bundled(tmp_path / "car-2", made / "1", car.key)
    other.start()
    with served(hq, tmp_path / "unit") as first:
        second = enrolled(hq, "car-2", tmp_path / "unit-2")
        publish(made, "2", hq)
        assert "Bundle 2 is here" in car.fetch(first)
        assert car.look() == [STORED]
        for _ in range(3):
            clock.now += 3_600.0
            assert NO_OTHER in car.fetch(first)
            assert NO_OTHER in other.fetch(second)
        assert car.start() == 2
        for _ in range(2):
            assert NO_OTHER in other.fetch(second)
            assert NO_OTHER in car.fetch(first)
            clock.now += 3_600.0
        car.fetch(first)
        assert "Bundle 2 is here" in other.fetch(second)


def test_a_bundle_that_a_unit_refuses_is_offered_to_nobody(
    made: Path, hq: Fleet, car: Bundled, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What lies in the drop folder was changed: the daemon marks it, the unit reports it, the journal names the unit.

    It is removed with the next answer, and stays known as bad; the next bundle goes out.
    """
    other = Bundled(tmp_path / "car-2", made / "1", car.key)
    other.start()
    with served(hq, tmp_path / "unit") as first:
        second = enrolled(hq, "car-2", tmp_path / "unit-2")
        publish(made, "2", hq)
        car.fetch(first)
        (car.dropped[0] / "map.json").write_bytes(b"{}")
        assert "Agency bundle rejected" in car.look()[0]
        for _ in range(2):
            assert NO_OTHER in car.fetch(first)
            assert car.dropped == []
            assert NO_OTHER in other.fetch(second)
        assert "is halted: it fails on, or is not reported by, car-1" in caplog.text
        publish(made, "4", hq)
        assert "Bundle 4 is here" in car.fetch(first)


def test_a_unit_whose_daemon_does_not_answer_holds_up_the_next(
    made: Path, hq: Fleet, car: Bundled, tmp_path: Path, clock: Clock
) -> None:
    """After its start with the new bundle nothing answers: it is not back, and a day later it halts the bundle."""
    other = Bundled(tmp_path / "car-2", made / "1", car.key)
    other.start()
    with served(hq, tmp_path / "unit") as first:
        second = enrolled(hq, "car-2", tmp_path / "unit-2")
        publish(made, "2", hq)
        car.fetch(first)
        car.look()
        (car.folder / "in-force").unlink()
        for _ in range(26):
            clock.now += 3_600.0
            car.fetch(first)
            assert NO_OTHER in other.fetch(second)
        units = Rollout(hq, "bundle", BOOK).book().units
        assert halted_by(newest(hq) or "", units, clock.now) == ("car-1",)


def newest(fleet: Fleet) -> str | None:
    """The bundle that would be offered."""
    found = BundleShelf(fleet).newest()
    return None if found is None else found.manifest.digest()


def test_forged_and_expired_bundles_are_not_offered(made: Path, hq: Fleet, caplog: pytest.LogCaptureFixture) -> None:
    """The newest good one is; so is one with a file changed or gone passed over, and the journal names each."""
    two = publish(made, "2", hq)
    for name in ("expired", "strange"):
        publish(made, name, hq)
    assert newest(hq) == read_manifest(two).digest()
    assert "not signed with the trusted agency key" in caplog.text
    assert "expired" in caplog.text
    (two / "map.json").unlink()
    assert newest(hq) == read_manifest(made / "1").digest()
    (two / "manifest.json").write_text("{}")
    assert newest(hq) == read_manifest(made / "1").digest()


def test_only_a_unit_gets_a_bundle_and_nothing_else(made: Path, hq: Fleet, car: Bundled, tmp_path: Path) -> None:
    """One that was offered it; neither who is revoked or unknown, and no other file of the folder."""
    (shutil.copytree(made / "2", hq.folder / "bundles/2") / "secret").write_text("secret")
    with served(hq, tmp_path / "unit") as https:
        bundle = newest(hq)
        assert bundle is not None
        with pytest.raises(UserError, match="was not offered to this unit"):
            list(https.bundle_pieces(bundle, "manifest.json", 0, 100))
        car.fetch(https)
        for name in ("secret", "../fleet/issuing.key", "..%2f..%2ffleet/fleet.toml", "map.json/../secret"):
            with pytest.raises(UserError, match="status 40"):
                list(https.bundle_pieces(bundle, name, 0, 100))
        with hq.registry() as registry, registry.transaction():
            registry.revoke("car-1")
        for asks in (https, OverHttps(https.url, context_of(tmp_path / "unit/ca.pem", None, None))):
            with pytest.raises(UserError, match="a valid certificate of a unit is needed"):
                car.fetch(asks)
            with pytest.raises(UserError, match="status 403"):
                list(asks.bundle_pieces(bundle, "manifest.json", 0, 100))


def test_a_forged_bundle_is_downloaded_once_and_refused_by_the_daemon(made: Path, car: Bundled) -> None:
    """Of a headquarters that offers anything; the next good one takes its place."""
    assert "Bundle 9 is here" in car.fetch(Shelf(made / "strange"))
    (said,) = car.look()
    assert "not signed with the trusted agency key" in said
    assert car.start() == 1
    assert "is here already" in car.fetch(Shelf(made / "strange"))
    assert "Bundle 2 is here" in car.fetch(Shelf(made / "2"))
    assert (car.look(), car.start()) == ([STORED], 2)


def test_an_older_bundle_is_not_downloaded(made: Path, tmp_path: Path) -> None:
    """Nothing of it but its manifest."""
    car = Bundled(tmp_path / "car-1", made / "2", key_in(made))
    car.start()
    assert car.fetch(Shelf(made / "1")) == "Bundle 2: headquarters has no newer one"
    assert (car.dropped, car.look(), car.start()) == ([], [], 2)


@pytest.mark.parametrize("part", [0.0, 0.05, 0.5, 0.99])
def test_a_download_that_is_cut_without_a_word_is_not_taken_for_whole(made: Path, car: Bundled, part: float) -> None:
    """In the manifest, in a file, in the signature; the next one goes on."""
    shelf = Shelf(made / "2")
    with pytest.raises(UserError, match="sends"):
        car.fetch(Weak(shelf, int(part * sum(shelf.offer.sizes.values())), says=False))
    assert (car.dropped, car.look(), car.start()) == ([], [], 1)
    car.fetch(Shelf(made / "2"))
    assert (car.look(), car.start()) == ([STORED], 2)


@pytest.mark.parametrize("name", ["map.json", "signature.json"])
def test_a_file_that_was_changed_or_cut_at_headquarters_is_asked_for_again(
    made: Path, car: Bundled, tmp_path: Path, name: str
) -> None:
    """It is never put in the drop folder."""
    bundle = shutil.copytree(made / "2", tmp_path / "2")
    (bundle / name).write_bytes((bundle / name).read_bytes()[:-9])
    for _ in range(2):
        with pytest.raises(UserError, match=r"not the file that was signed|not a Signed message"):
            car.fetch(Shelf(bundle))
        assert (car.dropped, car.start()) == ([], 1)
    shutil.copy(made / "2" / name, bundle)
    car.fetch(Shelf(bundle))
    assert (car.look(), car.start()) == ([STORED], 2)


def test_a_bundle_kept_that_is_damaged_is_replaced(made: Path, car: Bundled) -> None:
    """As if it were not there; and a car that has kept none yet asks for none."""
    car.fetch(Shelf(made / "2"))
    car.look()
    (kept,) = (car.config.data / "bundles").glob("2-*")
    (kept / "map.json").write_bytes(b"")
    assert "Bundle 2 is here" in car.fetch(Shelf(made / "2"))
    assert (car.look(), car.start()) == ([STORED], 2)
    new = Bundled(car.folder / "new", made / "1", car.key)
    assert "none is downloaded" in new.fetch(Shelf(made / "2"))


def test_more_than_a_card_should_take_is_not_downloaded(made: Path, car: Bundled) -> None:
    """Whatever headquarters says; a file that it lacks is named."""

    @dataclass(frozen=True)
    class Saying(Shelf):
        sizes: dict[str, int]

        def report_bundle(self, _report: BundleReport) -> BundleOffer:
            return self.offer.model_copy(update={"sizes": self.sizes})

    with pytest.raises(UserError, match="more than 64 MB"):
        car.fetch(Saying(made / "2", {"manifest.json": 64_000_000, "map.json": 1}))
    manifest = (made / "2/manifest.json").stat().st_size
    with pytest.raises(UserError, match=r"has no .*; publish it anew"):
        car.fetch(Saying(made / "2", {"manifest.json": manifest}))
    assert car.dropped == []


def run_fetch(https: OverHttps, folder: Path, data: Path, key: str = f'release_key = "{"ab" * 32}"\n') -> Result:
    """``provision fetch`` of the unit in a folder, which has no release. ``key``: the line that pins a release key."""
    held, path = folder / "identity/current", folder / "update.toml"
    path.write_text(
        f'{key}root = "{folder}/opt"\nstate = "{folder}/state"\n[headquarters]\n'
        f'service = "{https.url}"\nca = "{folder}/ca.pem"\ncert = "{held}/cert.pem"\nkey = "{held}/key.pem"\n'
        f'downloads = "{folder}/downloads"\ndata = "{data}"\n'
    )
    return CliRunner().invoke(fetch_command, ["--config", str(path)])


def test_the_command_fetches_a_bundle_though_the_release_fails(
    made: Path, hq: Fleet, car: Bundled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says both."""
    monkeypatch.setattr("provisioning.update.fetch_command.refuse_forgetful", lambda *_: None)
    publish(made, "2", hq)
    with served(hq, tmp_path / "unit") as https:
        done = run_fetch(https, tmp_path / "unit", car.config.data)
    assert done.output == "Bundle 2 is here; the vehicle uses it from its next start\n"
    assert isinstance(done.exception, UserError)
    assert "opt/good: is no link to a release" in str(done.exception)


def test_the_command_downloads_nothing_into_memory(
    made: Path, hq: Fleet, car: Bundled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the root of a unit is sealed and a folder is not on the data partition, it names each."""
    monkeypatch.setattr("edge.service.mounts.IN_MEMORY", (mount_of(tmp_path, MOUNTINFO.read_text()).kind,))
    publish(made, "2", hq)
    with served(hq, tmp_path / "unit") as https:
        done = run_fetch(https, tmp_path / "unit", car.config.data)
    for folder in (car.config.data, tmp_path / "unit/downloads"):
        assert f"{folder}: forgets at a power cut what is written; mount a partition there" in str(done.exception)
    assert (done.output, car.dropped, (tmp_path / "unit/downloads").exists()) == ("", [], False)


def test_a_unit_that_pins_no_release_key_takes_bundles_alone(
    made: Path, hq: Fleet, car: Bundled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reports no release and asks for none; its updater has nothing to do, and refuses one that is given by hand."""
    monkeypatch.setattr("provisioning.update.fetch_command.refuse_forgetful", lambda *_: None)
    publish(made, "2", hq)
    with served(hq, tmp_path / "unit") as https:
        done = run_fetch(https, tmp_path / "unit", car.config.data, key="")
    assert (done.output, done.exception) == ("Bundle 2 is here; the vehicle uses it from its next start\n", None)
    assert not (hq.folder / "rollout-releases.json").exists()
    config = ["--config", str(tmp_path / "unit/update.toml")]
    idle = CliRunner().invoke(update, config)
    assert (idle.exit_code, "installs no releases" in idle.output) == (0, True)
    given = CliRunner().invoke(update, [*config, str(tmp_path)])
    assert isinstance(given.exception, UserError)
    assert "release_key: needed to install" in str(given.exception)
