"""A unit's update: what works stays, what does not is taken back for good, what is refused changes nothing."""

import json
from pathlib import Path
from typing import Final

import pytest

from edge.errors import UserError
from provisioning.release.make import order_back
from provisioning.software.verified import MANIFEST
from provisioning.update.verdict import BOUND_S
from tests.provisioning.release.town import EPOCH, HERE, KEY, OTHER, sign, write_release
from tests.provisioning.update.units import NOW, OLD, Behavior, Unit, named

BROKEN: Final[tuple[Behavior, ...]] = ("dead", "loops", "faulty", "deaf", "forgets")


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    """With 0.1.0."""
    return Unit(tmp_path / "unit").first_installed()


def disk(unit: Unit) -> dict[str, str]:
    """Every file and link of it."""
    return {
        str(path): str(path.readlink()) if path.is_symlink() else path.read_text()
        for path in sorted(unit.folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def refused(unit: Unit, release: Path, utc: float = NOW) -> str:
    """Why it is; nothing on the unit is another, and its daemon was left alone."""
    unit.updater().settle()
    before, process = disk(unit), unit.car.process
    with pytest.raises(UserError) as why:
        unit.updater(utc).offer(release)
    assert disk(unit) == before
    assert (unit.car.process, unit.links) == (process, (OLD, OLD))
    assert "\n" not in str(why.value)
    return str(why.value)


def test_a_release_that_works_stays(unit: Unit, tmp_path: Path) -> None:
    """Its daemon was well for a minute; asked again, nothing is done; the one before is there until the next."""
    write_release(tmp_path / "new")
    name = named(tmp_path / "new")
    assert unit.update(tmp_path / "new") == f"Roundsman {name} works"
    assert unit.links == (name, name)
    assert unit.car.running == name
    assert 60.0 <= unit.time.mono < 70.0
    assert (unit.memory.highest, unit.memory.trial, unit.memory.bad) == ("0.2.0", None, ())
    process = unit.car.process
    assert unit.update(tmp_path / "new") == f"Roundsman {name} is installed"
    assert unit.car.process == process
    write_release(tmp_path / "next", "0.3.0", EPOCH + 60)
    unit.update(tmp_path / "next")
    assert {one.name for one in unit.places.releases.iterdir()} == {name, named(tmp_path / "next")}
    assert not unit.places.staged.exists()


@pytest.mark.parametrize("way", BROKEN)
def test_a_broken_release_is_taken_back_by_itself(tmp_path: Path, way: Behavior) -> None:
    """One that does not start, starts again and again, records nothing, or no longer hears the receiver."""
    unit = Unit(tmp_path / "unit", {"0.2.0": way}).first_installed()
    write_release(tmp_path / "new")
    with pytest.raises(UserError, match="does not work here and is not tried again"):
        unit.update(tmp_path / "new")
    assert unit.links == (OLD, OLD)
    assert unit.car.running == OLD
    assert unit.time.mono <= {"dead": 20.0, "loops": 155.0}.get(way, BOUND_S + 10.0)
    assert unit.memory.bad == (named(tmp_path / "new"),)
    assert "did not work" in refused(unit, tmp_path / "new")
    write_release(tmp_path / "next", "0.2.1", EPOCH + 60)
    assert "works" in unit.update(tmp_path / "next")


def test_a_release_that_finds_no_position_is_taken_back_where_the_one_before_finds_one(tmp_path: Path) -> None:
    """All else is well; the release before is the witness, and has one."""
    unit = Unit(tmp_path / "unit", {"0.2.0": "blind"}).first_installed()
    write_release(tmp_path / "new")
    with pytest.raises(UserError, match=f"finds no position where {OLD} has one, and is not tried again"):
        unit.update(tmp_path / "new")
    assert (unit.links, unit.car.running) == ((OLD, OLD), OLD)
    assert (unit.memory.bad, unit.memory.trial) == ((named(tmp_path / "new"),), None)
    assert unit.time.mono <= BOUND_S + 10.0
    assert "did not work" in refused(unit, tmp_path / "new")


@pytest.mark.parametrize("way", ["works", "blind"])
def test_a_car_in_a_garage_owes_no_fix(tmp_path: Path, way: Behavior) -> None:
    """It had none before: what its receiver says, its record and its screen decide."""
    unit = Unit(tmp_path / "unit", {"0.2.0": way}).first_installed()
    unit.car.sky_until = 0.0
    write_release(tmp_path / "new")
    assert "works" in unit.update(tmp_path / "new")
    assert unit.time.mono < 70.0


def test_one_fix_is_enough(unit: Unit, tmp_path: Path) -> None:
    """The car drives into a garage while the release is on trial."""
    unit.car.sky_until = 20.0
    write_release(tmp_path / "new")
    assert "works" in unit.update(tmp_path / "new")
    assert unit.time.mono < 70.0


@pytest.mark.parametrize("way", ["faulty", "blind"])
def test_a_release_that_was_taken_back_does_not_run_on(tmp_path: Path, way: Behavior) -> None:
    """The updater is killed when `bin` leads back and before the daemon was started anew: the next run does it."""
    unit = Unit(tmp_path / "unit", {"0.2.0": way}).first_installed()
    write_release(tmp_path / "new")
    restart, calls = unit.car.restart, 0

    def killed_at_the_second() -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyboardInterrupt
        restart()

    unit.car.restart = killed_at_the_second  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        unit.update(tmp_path / "new")
    assert (unit.places.runs, unit.car.running) == (OLD, named(tmp_path / "new"))
    assert unit.updater().settle() is None
    assert (unit.car.running, unit.memory.trial) == (OLD, None)
    assert unit.updater().settle() is None
    assert calls == 3


def test_nothing_is_held_against_a_release_where_the_sky_went_away(unit: Unit, tmp_path: Path) -> None:
    """The one before finds no position either: it runs, and the release is tried again and stays."""
    unit.car.sky_until = 0.5
    write_release(tmp_path / "new")
    said = unit.update(tmp_path / "new")
    assert said.endswith(f"found no position, nor does {OLD}, which runs; it is tried again")
    assert (unit.links, unit.car.running) == ((OLD, OLD), OLD)
    assert (unit.memory.bad, unit.memory.trial) == ((), None)
    assert "works" in unit.update(tmp_path / "new")


@pytest.mark.parametrize("way", ["faulty", "deaf", "forgets"])
def test_what_is_not_well_fails_without_a_sky_too(tmp_path: Path, way: Behavior) -> None:
    """No witness is asked."""
    unit = Unit(tmp_path / "unit", {"0.2.0": way}).first_installed()
    unit.car.sky_until = 0.5
    write_release(tmp_path / "new")
    with pytest.raises(UserError, match="does not work here and is not tried again"):
        unit.update(tmp_path / "new")


def test_a_daemon_that_checks_a_years_ledger_is_waited_for(tmp_path: Path) -> None:
    """As long as its own unit gives it."""
    unit = Unit(tmp_path / "unit", {"0.2.0": "slow"}).first_installed()
    write_release(tmp_path / "new")
    assert "works" in unit.update(tmp_path / "new")


def test_a_car_that_is_driven_gets_it_once_it_is_parked(unit: Unit, tmp_path: Path) -> None:
    """Installed meanwhile: its screen never goes dark on the road."""
    write_release(tmp_path / "new")
    unit.car.driving = True
    process = unit.car.process
    assert "waits until the car is parked" in unit.update(tmp_path / "new")
    assert (unit.links, unit.car.process) == ((OLD, OLD), process)
    unit.car.driving = False
    (tmp_path / "new" / "lamp-1.0.0-py3-none-any.whl").unlink()  # it is not read again
    assert "works" in unit.update(tmp_path / "new")


@pytest.mark.parametrize(
    "ways", [{"0.1.0": "dead"}, {"0.1.0": "faulty", "0.2.0": "faulty"}, {"0.1.0": "deaf", "0.2.0": "deaf"}]
)
def test_a_car_that_is_not_well_is_updated_too(tmp_path: Path, ways: dict[str, Behavior]) -> None:
    """An update may be what it needs; what was the matter before is not the release's fault."""
    unit = Unit(tmp_path / "unit", ways).first_installed()
    write_release(tmp_path / "new")
    assert "works" in unit.update(tmp_path / "new")


def test_an_older_release_is_refused_and_the_order_to_go_back_obeyed(unit: Unit, tmp_path: Path) -> None:
    """Neither an older one is taken, nor a lower version made later; one that is signed as the order is."""
    write_release(tmp_path / "older", "0.2.0", EPOCH)
    write_release(tmp_path / "new", "0.3.0", EPOCH + 60)
    write_release(tmp_path / "lower", "0.2.9", EPOCH + 120)
    unit.update(tmp_path / "new")
    name = named(tmp_path / "new")
    for folder, why in (("older", "is older than a release of 2025-11-30"), ("lower", "is lower than 0.3.0")):
        with pytest.raises(UserError, match=why):
            unit.update(tmp_path / folder)
        assert unit.links == (name, name)
    order_back(tmp_path / "older", KEY, EPOCH + 180)
    assert "works" in unit.update(tmp_path / "older")
    assert unit.places.runs.startswith("0.2.0-")
    with pytest.raises(UserError, match="is older than"):
        unit.update(tmp_path / "new")
    write_release(tmp_path / "mended", "0.2.1", EPOCH + 240)
    assert "works" in unit.update(tmp_path / "mended")


def test_forged_foreign_expired_and_truncated_releases_are_refused(unit: Unit, tmp_path: Path) -> None:
    """Each by its reason; what runs is untouched."""
    statement = write_release(tmp_path / "forged")
    sign(tmp_path / "forged", statement, OTHER)
    assert "not signed by the release key" in refused(unit, tmp_path / "forged")
    write_release(tmp_path / "foreign", target="cp39-x86_64")
    assert f"not for this computer ({HERE})" in refused(unit, tmp_path / "foreign")
    write_release(tmp_path / "late")
    assert "expired on 2026-11-30" in refused(unit, tmp_path / "late", EPOCH + 366 * 86_400.0)
    for name in (MANIFEST, "lamp-1.0.0-py3-none-any.whl"):
        folder = tmp_path / f"cut {name}"
        write_release(folder)
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: len(whole) // 2])
        assert name in refused(unit, folder)
        (folder / name).unlink()
        assert name in refused(unit, folder)


def test_a_unit_without_a_clock_is_updated(unit: Unit, tmp_path: Path) -> None:
    """It believes that it is 1970: expiry is not known then, and the patrol needs its software."""
    write_release(tmp_path / "new", "0.2.0", EPOCH)
    assert "works" in unit.update(tmp_path / "new", utc=0.0)


def test_a_release_that_cannot_be_installed_leaves_nothing(unit: Unit, tmp_path: Path) -> None:
    """And is not tried again, for each attempt wears the card."""
    write_release(tmp_path / "new")
    updater = unit.updater()

    def fails(*_: object) -> None:
        msg = "pip failed"
        raise UserError(msg)

    updater._install = fails
    updater.settle()
    with pytest.raises(UserError, match="pip failed"):
        updater.offer(tmp_path / "new")
    assert unit.links == (OLD, OLD)
    assert [one.name for one in unit.places.releases.iterdir()] == [OLD]
    assert not unit.places.staged.exists()
    assert "did not work" in refused(unit, tmp_path / "new")


def test_damaged_memory_stops_updates_and_nothing_else(unit: Unit, tmp_path: Path) -> None:
    """What has been seen is not known: no release is trusted."""
    write_release(tmp_path / "new")
    unit.update(tmp_path / "new")
    (unit.config.state / "releases.json").write_text(json.dumps({"bad": 1}))
    with pytest.raises(UserError, match="damaged"):
        unit.update(tmp_path / "new")
