"""What differs by board: the firmware's settings on a Pi, the kernel's words, an MDT's boot loader."""

import re
import shlex
import subprocess
from typing import Final, get_args

import pytest

from provisioning.image.device_files import FIRMWARE, LAYERS, device_files
from provisioning.units.unit import Board

PIS: Final[tuple[Board, ...]] = ("rpi4", "rpi5")
SWITCHES: Final = {
    "arm_64bit", "auto_initramfs", "disable_fw_kms_setup", "display_auto_detect", "disable_overscan", "disable_splash",
    "enable_uart", "usb_max_current_enable",
}  # fmt: skip
"""Of raspberrypi.com/documentation/computers/config_txt.html, those in use here; each is 0 or 1."""
OVERLAYS: Final = {"vc4-kms-v3d", "disable-bt"}
PARAMETERS: Final = {"watchdog=on", "uart0=on"}


def settings(board: Board) -> list[tuple[str, str]]:
    """The lines of a board's config.txt; each is a key and a value, without blanks, of at most 98 characters."""
    lines = [line for line in device_files(board)["/boot/firmware/config.txt"].splitlines() if line]
    assert max(map(len, lines)) <= 98
    read = [re.fullmatch(r"([a-z0-9_]+)=(\S+)", line) for line in lines if not line.startswith("#")]
    assert all(read)
    return [(one[1], one[2]) for one in read if one is not None]


@pytest.mark.parametrize("board", PIS)
def test_the_firmware_of_a_pi_knows_every_key(board: Board) -> None:
    """The firmware passes over what it does not know, without a word: so each key is one of a list here."""
    for key, value in settings(board):
        match key:
            case "dtoverlay":
                assert value in OVERLAYS
            case "dtparam":
                assert value in PARAMETERS
            case "max_framebuffers":
                assert value == "2"
            case _:
                assert key in SWITCHES
                assert value in ("0", "1")


@pytest.mark.parametrize("board", PIS)
def test_a_pi_is_64_bit_has_a_watchdog_and_gives_its_serial_port_to_the_receiver(board: Board) -> None:
    """On a Pi 4 Bluetooth would have the good port; a Pi 5 has to be told of it."""
    made = settings(board)
    assert ("arm_64bit", "1") in made
    assert ("dtparam", "watchdog=on") in made
    assert ("dtoverlay", "disable-bt") in made
    assert (("enable_uart", "1") if board == "rpi4" else ("dtparam", "uart0=on")) in made
    words = device_files(board)["/usr/lib/roundsman/cmdline"].splitlines()
    assert {"-console=serial0,115200", "+quiet"} <= set(words)
    assert 'KERNEL=="ttyAMA0"' in device_files(board)["/etc/udev/rules.d/61-roundsman-gpio-gps.rules"]


def test_an_mdts_boot_loader_waits_for_nobody() -> None:
    """Neither at a start nor after a power cut; a shell reads the file."""
    path = FIRMWARE / "mdt/etc/default/grub.d/roundsman.cfg"
    show = f'. {shlex.quote(str(path))}; echo "$GRUB_TIMEOUT/$GRUB_RECORDFAIL_TIMEOUT/$GRUB_CMDLINE_LINUX_DEFAULT"'
    done = subprocess.run(["sh", "-euc", show], capture_output=True, text=True, check=True)
    assert done.stdout == "0/0/quiet loglevel=3 vt.global_cursor_default=0\n"


@pytest.mark.parametrize("board", get_args(Board))
def test_a_board_has_what_every_board_has(board: Board) -> None:
    """By its path on the device; no file of a Pi is on an MDT."""
    files = device_files(board)
    for path in (FIRMWARE / "common").rglob("*"):
        if path.is_file():
            assert f"/{path.relative_to(FIRMWARE / 'common')}" in files
    assert ("/boot/firmware/config.txt" in files) == (board in PIS)


def test_every_folder_of_files_is_of_some_board() -> None:
    """A folder that no board names would be put on no device."""
    named = {layer for layers in LAYERS.values() for layer in layers}
    assert {path.name for path in FIRMWARE.iterdir() if path.is_dir()} - {"kiosk"} == named
