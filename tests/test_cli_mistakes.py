"""Every command with every kind of file that is not what it should be: a sentence, status 2, nothing written.

A table of commands by the place of the bad file, and a table of bad files; each cell is a test.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from click import Context, Group

from edge.cli import COMMANDS as GROUPS
from edge.cli import roundsman
from tests.commands import ROUNDSMAN, command_town, here, refuse

__all__ = ["command_town", "here", "refuse"]


def _loop(path: Path) -> None:
    """A link to itself: nobody can read it, not even the superuser."""
    path.symlink_to(path)


NOT_READABLE: Final[dict[str, Callable[[Path], object]]] = {
    "missing": str,
    "below-a-file": str,
    "long-name": str,
    "directory": Path.mkdir,
    "unreadable": _loop,
}
"""How to make what cannot be read at all; the first three are names alone."""

WRONG_CONTENT: Final[dict[str, Callable[[Path], object]]] = {
    "empty": lambda path: path.touch(0o600),
    "binary": lambda path: path.write_bytes(bytes(range(256)) * 8),
    "not-utf-8": lambda path: path.write_bytes('name = "Zürich"\n'.encode("latin-1")),
    "other-toml": lambda path: path.write_text('colour = "red"\n'),
    "broken-toml": lambda path: path.write_text("unit = [[[\n"),
    "deep": lambda path: path.write_text("a = " + "[" * 50_000),
    "nul": lambda path: path.write_text('unit = "a\\u0000b"\nagency = "a\\u0000b"\ndata = "d"\ndistrict = "1"'),
    "utf-16": lambda path: path.write_text('unit = "car-1"\n', encoding="utf-16"),
}
"""How to make what can be read and is no document of ours."""

BAD: Final = NOT_READABLE | WRONG_CONTENT
NAMES: Final = {"below-a-file": "plan.toml/bad", "long-name": "b" * 300}
IN_PLACE: Final = [bad for bad in BAD if bad not in NAMES]

COMMANDS: Final = {
    "build": ["agency", "build", "BAD", "--out", "out"],
    "build with key": ["agency", "build", "BAD", "--out", "out", "--key", "new.pem"],
    "build with risk": ["agency", "build", "agency.toml", "--out", "out", "--risk", "BAD"],
    "sign": ["agency", "sign", "BAD", "--key", "key.pem"],
    "sign with key": ["agency", "sign", "agency", "--key", "BAD"],
    "build with keys": ["agency", "build", "agency.toml", "--out", "out", "--keys", "BAD"],
    "sign with keys": ["agency", "sign", "agency", "--keys", "BAD"],
    "keys init": ["agency", "keys", "init", "out", "--key", "BAD"],
    "keys daily": ["agency", "keys", "daily", "plan", "BAD", "--until", "2099-01-01"],
    "keys revoke": ["agency", "keys", "revoke", "plan", "BAD"],
    "keys rotate": ["agency", "keys", "rotate-agency", "BAD"],
    "keys list": ["agency", "keys", "list", "BAD"],
    "basemap": ["agency", "basemap", "BAD", "--agency", "agency"],
    "basemap of": ["agency", "basemap", "plan.toml", "--agency", "BAD"],
    "verify": ["agency", "verify", "BAD"],
    "show": ["agency", "show", "BAD"],
    "tactics sheet": ["agency", "tactics-sheet", "BAD", "--out", "out.html"],
    "plan": ["plan", "check", "BAD", "--agency", "agency"],
    "plan sign": [
        *("plan", "sign", "BAD", "--agency", "agency", "--key", "key.pem"),
        *("--role", "analyst", "--reason", "test", "--out", "out.json"),
    ],
    "check vehicle": ["config", "check", "vehicle", "BAD"],
    "check hq": ["config", "check", "hq", "BAD"],
    "show vehicle": ["config", "show", "vehicle", "BAD"],
    "show hq": ["config", "show", "hq", "BAD"],
    "gps": ["gps", "check", "BAD"],
    "gps json": ["gps", "check", "BAD", "--json"],
    "hq run": ["hq", "run", "--config", "BAD"],
    "hq migrate": ["hq", "migrate", "--config", "BAD"],
    "hq rebuild": ["hq", "rebuild", "--config", "BAD"],
    "hq verify": ["hq", "verify", "BAD"],
    "hq verify config": ["hq", "verify", "--config", "BAD"],
    "hq report": ["hq", "report", "2026-11-22/night", "--config", "BAD"],
    "hq publish": ["hq", "publish-plan", "BAD", "--config", "hq.toml", "--role", "analyst", "--reason", "a test"],
    "hq publish config": [
        "hq",
        "publish-plan",
        "plan.toml",
        "--config",
        "BAD",
        "--role",
        "analyst",
        "--reason",
        "test",
    ],
    "hq context": ["hq", "publish-context", "BAD", "--config", "hq.toml", "--role", "analyst", "--reason", "a test"],
    "hq gunfire": "hq report-gunfire --lat 41.88 --lon -87.63 --config BAD --role analyst --reason test".split(),  # noqa: SIM905 - read as typed
    "hq draft build": ["hq", "draft", "build", "--config", "BAD"],
    "hq draft list": ["hq", "draft", "list", "--config", "BAD"],
    "hq draft show": ["hq", "draft", "show", "2026-11-22/night", "1", "--config", "BAD"],
    "hq nightly": ["hq", "nightly", "--config", "BAD"],
    "hq retire": ["hq", "retire", "car-1", "--config", "BAD", "--reason", "a test"],
    "hq unretire": ["hq", "unretire", "car-1", "--config", "BAD", "--reason", "a test"],
    "hq set-pin": ["hq", "set-pin", "4711", "BAD"],
    "hq roster": "hq publish-roster BAD --config hq.toml --until 2099-01-31 --role chief --reason test".split(),  # noqa: SIM905 - as above
    "hq user": ["hq", "user", "list", "--config", "BAD"],
    "hq key": ["hq", "key", "list", "--config", "BAD"],
    "hq void": ["hq", "void", "car-1:ledger-a:1", "--config", "BAD", "--reason", "a test"],
    "plan build": "plan build BAD --date 2026-11-22 --shift night --district 1 --out drawn.toml".split(),  # noqa: SIM905 - as above
    "plan show": ["plan", "show", "BAD"],
    "plan explain": ["plan", "explain", "BAD", "1"],
    "provision announce": "provision announce --fleet BAD --config hq.toml --role admin --reason test".split(),  # noqa: SIM905 - as above
    "provision announce config": "provision announce --config BAD --role admin --reason test".split(),  # noqa: SIM905 - as above
    "provision ca": ["provision", "ca", "init", "new-fleet", "--agency", "BAD", "--host", "hq.example"],
    "provision rotate": ["provision", "ca", "rotate", "--fleet", "BAD"],
    "provision fleet": ["provision", "fleet", "import", "plan.toml", "--fleet", "BAD"],
    "provision render": ["provision", "render", "car-1", "--fleet", "BAD"],
    "provision image": ["provision", "image-files", "--all", "--out", "out", "--fleet", "BAD"],
    "provision serve": ["provision", "serve", "--fleet", "BAD"],
    "provision enrol": ["provision", "enrol", "--config", "BAD"],
    "provision renew": ["provision", "renew", "--config", "BAD"],
    "provision revoke": ["provision", "revoke", "car-1", "--reason", "stolen", "--fleet", "BAD"],
    "provision broker": ["provision", "broker", "render", "--fleet", "BAD"],
    "provision status": ["provision", "status", "--fleet", "BAD"],
    "provision audit": ["provision", "audit", "--fleet", "BAD"],
    "provision fetch": ["provision", "fetch", "--config", "BAD"],
    "provision update": ["provision", "update", "--config", "BAD"],
    "vehicle run": ["vehicle", "run", "--config", "BAD"],
    "vehicle replay": ["vehicle", "replay", "--config", "vehicle.toml", "BAD"],
    "vehicle replay config": ["vehicle", "replay", "--config", "BAD", "recording"],
}
ANY_CONTENT: Final = ("gps", "gps json")
"""A receiver's log may hold anything: what is no sentence is refused and counted."""

EMPTY_IS_FINE: Final = ("hq verify", "vehicle replay")
"""No ledger is held, no input was recorded."""

CELLS: Final = [
    (command, bad)
    for command in COMMANDS
    for bad in BAD
    if not (bad in WRONG_CONTENT and command in ANY_CONTENT) and not (bad == "empty" and command in EMPTY_IS_FINE)
]


@pytest.mark.parametrize(("command", "bad"), CELLS)
def test_a_bad_file_is_a_sentence_and_status_2(command: str, bad: str, here: Path, refuse: Callable[..., str]) -> None:
    """The sentence names the file; nothing is half-written."""
    name = NAMES.get(bad, "bad-file")
    if bad not in NAMES:
        BAD[bad](here / name)
    assert name in refuse(*[name if one == "BAD" else one for one in COMMANDS[command]])


def _commands(group: str) -> list[str]:
    found = roundsman.get_command(Context(roundsman), group)
    return found.list_commands(Context(found)) if isinstance(found, Group) else []


def test_every_command_of_the_program_is_in_the_table() -> None:
    """A command that is added must be added here."""
    called = {tuple(word for word in words[:2] if word.isidentifier() or "-" in word) for words in COMMANDS.values()}
    known = {
        (group, name)
        for group in GROUPS
        if group not in ("demo", "models")  # the one reads no file, the other has tests of its own
        for name in _commands(group)
        if name != "example"  # nor does it
    }
    assert called == known


@pytest.mark.parametrize("bad", IN_PLACE)
@pytest.mark.parametrize("file", ["agency.json", "grid.json", "map.json", "manifest.json"])
def test_a_bad_file_in_the_agency_directory(file: str, bad: str, here: Path, refuse: Callable[..., str]) -> None:
    """Whatever happened to it, whoever reads the directory says which file it is."""
    (here / "agency" / file).unlink()
    BAD[bad](here / "agency" / file)
    assert file in refuse("plan", "check", "plan.toml", "--agency", "agency")
    assert file in refuse("hq", "run", "--config", "hq.toml")
    assert file in refuse("vehicle", "run", "--config", "vehicle.toml")
    for command in ("verify", "show"):
        assert file in refuse("agency", command, "agency")


@pytest.mark.parametrize("bad", IN_PLACE)
@pytest.mark.parametrize("file", ["boundary", "districts", "beats", "opt_out"])
def test_a_bad_geojson_file(file: str, bad: str, here: Path, refuse: Callable[..., str]) -> None:
    """A build names the file, and leaves neither a directory nor a key."""
    (here / f"{file}.geojson").unlink()
    BAD[bad](here / f"{file}.geojson")
    assert f"{file}.geojson" in refuse("agency", "build", "agency.toml", "--out", "out", "--key", "new.pem")


@pytest.mark.parametrize("out", ["/sys/agency", "/dev/full/agency", "plan.toml/agency", "o" * 300])
def test_an_agency_that_cannot_be_written(out: str, refuse: Callable[..., str]) -> None:
    """Not writable even for the superuser, a device, below a file, too long: and no key is left."""
    assert out in refuse("agency", "build", "agency.toml", "--out", out, "--key", "new.pem")


@pytest.mark.parametrize("key", ["/sys/key.pem", "plan.toml/key.pem", "nowhere/key.pem", "k" * 300, "agency"])
def test_a_key_that_cannot_be_used(key: str, refuse: Callable[..., str]) -> None:
    """No directory is left either."""
    assert key in refuse("agency", "build", "agency.toml", "--out", "out", "--key", key)


@pytest.mark.parametrize("command", ["check", "show"])
def test_a_full_disk_behind_the_output_is_a_sentence(command: str, here: Path) -> None:
    """`roundsman … > report` on a full disk must not look like success."""
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [ROUNDSMAN, "config", command, "vehicle", "vehicle.toml"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("roundsman: ")
    assert b"Traceback" not in done.stderr


def test_a_name_that_is_no_text_is_written_all_the_same(here: Path) -> None:
    """A file system's names are bytes: a name that is no UTF-8 ends in no traceback."""
    name = os.fsencode(here) + b"/caf\xe9.toml"
    shutil.copy(os.fsencode(here / "vehicle.toml"), name)
    done = subprocess.run([ROUNDSMAN.encode(), b"config", b"check", b"vehicle", name], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
