"""The end of a first boot: command line, data partition and read-only root, in a root of the test's own."""

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from provisioning.image.device_files import FIRMWARE

SEAL: Final = FIRMWARE / "common/usr/lib/roundsman/seal"
FORWARD: Final = FIRMWARE / "common/usr/lib/roundsman/clock-forward"
PARTITION: Final = FIRMWARE / "data_partition.sh"
SFDISK: Final = FIRMWARE.parent / "build/checkers/sbin"
GENERATOR: Final = Path("/usr/lib/systemd/system-generators/systemd-fstab-generator")
MOUNTS: Final = (
    "var-lib-roundsman.mount",
    "opt-roundsman.mount",
    r"var-lib-roundsman\x2dupdate.mount",
    r"var-lib-roundsman\x2ddownloads.mount",
)
IMAGES_LINE: Final = "console=serial0,115200 console=tty1 root=PARTUUID=4e639091-02 rootfstype=ext4 rootwait quiet\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root file system as an image has it, as far as `seal` looks at it."""
    for name in ("boot/firmware", "usr/lib/roundsman", "etc", "run", "dev/disk/by-label", "opt/roundsman/bin"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "boot/firmware/cmdline.txt").write_text(IMAGES_LINE)
    (tmp_path / "usr/lib/roundsman/cmdline").write_text((FIRMWARE / "pi/usr/lib/roundsman/cmdline").read_text())
    (tmp_path / "opt/roundsman/bin/roundsman").write_text("the first release")
    (tmp_path / "etc/fstab").write_text("PARTUUID=4e639091-02 / ext4 defaults,noatime 0 1\n")
    return tmp_path


def seal(root: Path) -> str:
    """What it says; its status is always 0: cloud-init has more to do."""
    return subprocess.run(["sh", SEAL, root], capture_output=True, text=True, check=True).stderr


def with_partition(root: Path) -> None:
    (root / "dev/disk/by-label/roundsman-data").touch()


def files(root: Path) -> dict[str, str]:
    return {str(path.relative_to(root)): path.read_text() for path in root.rglob("*") if path.is_file()}


def test_the_command_line_loses_and_gains_its_words_and_keeps_the_images_own(root: Path) -> None:
    """The serial console goes; a word that is there is not written twice; a reboot is due."""
    seal(root)
    assert (root / "boot/firmware/cmdline.txt").read_text() == (
        "console=tty1 root=PARTUUID=4e639091-02 rootfstype=ext4 rootwait quiet "
        "loglevel=3 logo.nologo vt.global_cursor_default=0\n"
    )
    assert (root / "run/roundsman-reboot").exists()


def test_without_a_data_partition_the_root_stays_writable(root: Path) -> None:
    """In an overlay the records would be gone at the next power cut. It says so."""
    assert "the root stays writable" in seal(root)
    assert not (root / "etc/overlayroot.local.conf").exists()
    assert "roundsman-data" not in (root / "etc/fstab").read_text()


def test_with_one_the_next_boots_root_is_read_only_and_records_are_on_the_partition(root: Path) -> None:
    """The overlay is of the root alone."""
    with_partition(root)
    assert seal(root) == ""
    assert 'overlayroot="tmpfs:recurse=0"' in (root / "etc/overlayroot.local.conf").read_text()
    lines = [line.split() for line in (root / "etc/fstab").read_text().splitlines()[-5:]]
    assert [line[:3] for line in lines] == [
        ["LABEL=roundsman-data", "/data", "ext4"],
        ["/data/state", "/var/lib/roundsman", "none"],
        ["/data/software", "/opt/roundsman", "none"],
        ["/data/updates", "/var/lib/roundsman-update", "none"],
        ["/data/downloads", "/var/lib/roundsman-downloads", "none"],
    ]
    assert all({"nofail", "x-systemd.before=roundsman-vehicle.service"} <= set(line[3].split(",")) for line in lines)
    assert (root / "data/state").stat().st_mode & 0o777 == 0o700
    assert all((root / line[0][1:]).is_dir() for line in lines[1:])


@pytest.mark.skipif(not GENERATOR.exists(), reason="needs systemd")
def test_systemd_makes_mounts_of_the_lines_that_keep_no_car_from_starting(root: Path) -> None:
    """By its own generator: before the daemon, looked over first, wanted and not required."""
    with_partition(root)
    seal(root)
    made = root / "made"
    made.mkdir()
    run = {"SYSTEMD_FSTAB": str(root / "etc/fstab"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    subprocess.run([GENERATOR, made, made, made], check=True, env=run)
    for name in ("data.mount", *MOUNTS):
        assert "Before=roundsman-vehicle.service" in (made / name).read_text()
        assert (made / "local-fs.target.wants" / name).is_symlink()
        assert not (made / "local-fs.target.requires" / name).exists()
    assert "Requires=systemd-fsck@" in (made / "data.mount").read_text()
    assert all("RequiresMountsFor=/data" in (made / name).read_text() for name in MOUNTS)


def test_the_software_is_on_the_partition_for_an_update_to_outlive_a_power_cut(root: Path) -> None:
    """Copied once, whole or not at all: what a cut left of a copy goes, what an update changed stays."""
    with_partition(root)
    (root / "data/software.writing").mkdir(parents=True)
    (root / "data/software.writing/half").touch()
    seal(root)
    held = root / "data/software/bin/roundsman"
    assert held.read_text() == "the first release"
    assert not (root / "data/software/half").exists()
    held.write_text("the second release")
    seal(root)
    assert held.read_text() == "the second release"


def test_sealing_again_changes_nothing_and_asks_for_no_reboot(root: Path) -> None:
    """As after a power cut behind its last step."""
    with_partition(root)
    seal(root)
    before = files(root)
    (root / "run/roundsman-reboot").unlink()
    seal(root)
    assert files(root) == {name: text for name, text in before.items() if name != "run/roundsman-reboot"}


def test_an_mdts_token_does_not_stay_in_a_root_that_cannot_be_written(root: Path) -> None:
    """It moves onto the partition, for its owner alone."""
    token = root / "var/lib/cloud/seed/nocloud/roundsman/enrolment.json"
    token.parent.mkdir(parents=True)
    token.write_text("the token")
    with_partition(root)
    seal(root)
    assert not token.exists()
    assert (root / "data/state/enrolment.json").read_text() == "the token"
    assert (root / "data/state/enrolment.json").stat().st_mode & 0o777 == 0o600


def partition(card: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": f"{SFDISK}:/usr/sbin:/usr/bin:/sbin:/bin"}
    return subprocess.run(["sh", PARTITION, card], capture_output=True, text=True, check=False, env=environment)


@pytest.mark.skipif(not (SFDISK / "sfdisk").exists(), reason="needs Debian's fdisk, unpacked by tests/system.sh")
def test_a_card_gets_a_data_partition_behind_its_systems_once(tmp_path: Path) -> None:
    """With the label that `seal` looks for; asked again, or on a card without room, nothing is changed."""
    card = tmp_path / "card.img"
    with card.open("wb") as file:
        file.truncate(13 * 2**30)
    table = "label: dos\nstart=16384, size=1048576, type=c\nstart=1064960, size=8000000, type=83\n"
    subprocess.run([SFDISK / "sfdisk", "-q", card], input=table, text=True, check=True)
    done = partition(card)
    assert (done.returncode, done.stderr) == (0, "")
    at = 12 * 2**30
    with card.open("rb") as file:
        file.seek(at + 1024 + 120)  # an ext4's superblock, and its label in it
        assert file.read(16).rstrip(b"\0") == b"roundsman-data"
    again = partition(card)
    assert (again.returncode, "nothing was changed" in again.stderr) == (2, True)
    os.truncate(card, at)
    assert partition(card).returncode == 2


def test_the_clock_goes_forward_to_the_cars_newest_file_and_never_back(tmp_path: Path) -> None:
    """A stand-in for `date` notes what it is asked to set."""
    asked, state = tmp_path / "asked", tmp_path / "state"
    state.mkdir()
    date = tmp_path / "date"
    date.write_text(f'#!/bin/sh\n[ "$1" = +%s ] && echo 1000 || echo "$1" >> {asked}\n')
    date.chmod(0o755)
    script = tmp_path / "forward"
    script.write_text(FORWARD.read_text().replace("/var/lib/roundsman", str(state)))
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin"}

    def forward(newest: int) -> str:
        asked.write_text("")
        (state / "ledger.sqlite3-wal").touch()
        os.utime(state / "ledger.sqlite3-wal", (newest, newest))
        subprocess.run(["sh", script], check=True, env=environment)
        return asked.read_text()

    subprocess.run(["sh", script], check=True, env=environment)  # a new car has no file
    assert not asked.exists()
    assert forward(5000) == "--set=@5000\n"
    assert forward(900) == ""
