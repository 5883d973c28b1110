"""The files of a device: accepted by the programs that read them, with a reason for each group of lines."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

FIRMWARE: Final = Path(__file__).parents[2] / "firmware_config"
COMMON: Final = FIRMWARE / "common"
LAYERS: Final = ("common", "pi", "rpi4", "rpi5", "mdt")
FILES: Final = sorted(path for layer in LAYERS for path in (FIRMWARE / layer).rglob("*") if path.is_file())
CHRONYD: Final = Path(__file__).parents[2] / "build/checkers/usr/sbin/chronyd"
RULES: Final = [path for path in FILES if path.suffix == ".rules"]

KEYS: Final = r"(?:ACTION|SUBSYSTEM|KERNEL|SYMLINK|TAG|OPTIONS|RUN|MODE|GROUP|ATTRS?\{[A-Za-z_]+\}|ENV\{[A-Za-z_]+\})"
RULE: Final = re.compile(rf'{KEYS}(?:==|!=|\+=|:=|=)"[^"]*"')


def needs(program: str) -> pytest.MarkDecorator:
    found = shutil.which(program, path="/usr/sbin:/usr/bin:/sbin:/bin")
    return pytest.mark.skipif(found is None, reason=f"needs {program}")


def run(*command: str | Path) -> str:
    """What a checker says of a file that is right."""
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def lines_of(path: Path) -> list[str]:
    """A file without its comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FIRMWARE)))
def test_each_file_says_why_its_lines_are_there(path: Path) -> None:
    """It begins with what it is for."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#!")]
    assert lines[0].startswith(("# ", "// "))
    assert len(lines[0]) > 20


@needs("nft")
def test_nftables_takes_the_rules() -> None:
    """Without putting them in force; what comes in is dropped unless a line lets it."""
    run("nft", "-c", "-f", COMMON / "etc/nftables.conf")
    text = (COMMON / "etc/nftables.conf").read_text()
    assert "hook input priority filter; policy drop;" in text
    assert "hook forward priority filter; policy drop;" in text
    assert "dport" not in text.replace("udp dport 546", "")  # no port is open to a stranger


@pytest.mark.skipif(not CHRONYD.exists(), reason="needs Debian's chrony, unpacked by tests/system.sh")
def test_chrony_takes_its_configuration() -> None:
    """It stands in the place of the distribution's: it is the whole of it."""
    path = COMMON / "etc/chrony/chrony.conf"
    assert run(CHRONYD, "-p", "-f", path).splitlines() == lines_of(path)


def test_a_clock_is_set_at_any_time_and_asks_nobody_but_the_agency() -> None:
    """The last `makestep` holds; no server or pool of the Internet's is named."""
    words = [line.split() for line in lines_of(COMMON / "etc/chrony/chrony.conf")]
    assert [line for line in words if line[0] == "makestep"] == [["makestep", "1", "-1"]]
    assert not {"server", "pool", "peer", "confdir", "include"} & {line[0] for line in words}


def test_gpsd_gives_chrony_the_time_that_chrony_asks_for() -> None:
    """Its first receiver's, all the time: of the one device that is opened."""
    gpsd = lines_of(COMMON / "etc/default/gpsd")
    assert 'GPSD_OPTIONS="-n"' in gpsd
    assert 'DEVICES="/dev/gps"' in gpsd
    assert 'USBAUTO="false"' in gpsd
    (clock,) = (line for line in lines_of(COMMON / "etc/chrony/chrony.conf") if line.startswith("refclock"))
    assert clock.startswith("refclock SHM 0 ")


@needs("systemd-sysusers")
def test_the_daemons_user_is_made_in_its_groups(tmp_path: Path) -> None:
    """In a root of its own; it cannot log in."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/group").write_text("dialout:x:20:\nvideo:x:44:\n")
    (tmp_path / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\n")
    run("systemd-sysusers", f"--root={tmp_path}", COMMON / "usr/lib/sysusers.d/roundsman.conf")
    made = (tmp_path / "etc/passwd").read_text()
    assert re.search(r"^roundsman:.*:/usr/sbin/nologin$", made, re.MULTILINE)
    groups = (tmp_path / "etc/group").read_text()
    assert {"dialout:x:20:roundsman", "video:x:44:roundsman"} <= set(groups.splitlines())


@needs("systemd-tmpfiles")
def test_the_daemons_folders_are_made(tmp_path: Path) -> None:
    """Its state for itself alone."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/group").write_text("root:x:0:\nroundsman:x:990:\n")
    (tmp_path / "etc/passwd").write_text("root:x:0:0:root:/root:/bin/sh\nroundsman:x:990:990::/:/bin/false\n")
    run("systemd-tmpfiles", f"--root={tmp_path}", "--create", COMMON / "usr/lib/tmpfiles.d/roundsman.conf")
    assert (tmp_path / "var/lib/roundsman").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "etc/roundsman").stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_udev_can_read_each_rule(path: Path) -> None:
    """By a parser of our own: systemd 252 has no checker. Comma-separated keys with an operator and a quoted value."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            assert RULE.sub("", line).replace(",", "").strip() == "", line


def test_a_receiver_is_named_by_what_it_is_and_gpsd_opens_no_other() -> None:
    """Vendors are four hexadecimal digits; the name is the one that gpsd and the vehicle's configuration have."""
    rules = (COMMON / "etc/udev/rules.d/60-roundsman-gps.rules").read_text()
    vendors = re.findall(r'ATTRS\{idVendor\}=="([^"]*)"', rules)
    assert vendors
    assert all(re.fullmatch(r"[0-9a-f]{4}", one) for one in vendors)
    assert rules.count('SYMLINK+="gps"') == len(vendors)
    assert 'DEVICES="/dev/gps"' in (COMMON / "etc/default/gpsd").read_text()


@needs("shellcheck")
def test_shellcheck_finds_no_fault_in_the_scripts() -> None:
    """Nor in the variables of gpsd and GRUB, which a shell reads."""
    scripts = [path for path in FILES if path.read_text(encoding="utf-8").startswith("#!/bin/sh")]
    assert len(scripts) == 3
    run(
        "shellcheck", FIRMWARE / "install.sh", FIRMWARE / "data_partition.sh", FIRMWARE / "install_release.sh", *scripts
    )
    variables = [COMMON / "etc/default/gpsd", FIRMWARE / "mdt/etc/default/grub.d/roundsman.cfg"]
    run("shellcheck", "--shell=sh", "--exclude=SC2034", *variables)


def test_installing_puts_units_and_page_in_their_places(tmp_path: Path) -> None:
    """Below the root that is named, readable for all; nothing can put it to sleep; without such a root it refuses."""
    run("sh", FIRMWARE / "install.sh", tmp_path)
    units = tmp_path / "etc/systemd/system"
    for path in (units / "roundsman-enrol.service", tmp_path / "usr/share/roundsman/starting.html"):
        assert path.stat().st_mode & 0o777 == 0o644
    assert (units / "suspend.target").readlink() == Path("/dev/null")
    done = subprocess.run(["sh", FIRMWARE / "install.sh", tmp_path / "nowhere"], capture_output=True, check=False)
    assert done.returncode == 2
