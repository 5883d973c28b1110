"""The table of commands: everything loads, and a user's mistake is one sentence and status 2."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from edge.cli import COMMANDS, main, roundsman
from edge.command_table import CommandTable, Row
from edge.errors import UserError


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_of_the_table_loads_and_explains_itself(name: str) -> None:
    """`roundsman NAME --help` works for each line of the table."""
    result = CliRunner().invoke(roundsman, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage" in result.output


def test_the_table_is_listed_without_loading_anything() -> None:
    """`roundsman --help` names every command and imports no daemon: it is quick on a Pi."""
    code = "import sys, edge.cli as c\ntry: c.main()\nexcept SystemExit: pass\nprint('flask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, "--help"], capture_output=True, text=True, check=True)
    assert all(name in done.stdout for name in COMMANDS)
    assert done.stdout.rstrip().endswith("False")


MISTAKES = {
    "a missing configuration": (["vehicle", "run", "--config", "nowhere.toml"], "nowhere.toml"),
    "a missing log": (["gps", "check", "nowhere.log"], "nowhere.log"),
    "a missing agency source": (["agency", "build", "nowhere.toml", "--out", "out"], "nowhere.toml"),
    "a missing agency": (["plan", "check", "plan.toml", "--agency", "nowhere"], "nowhere"),
    "an unknown kind": (["config", "check", "radio", "x.toml"], "radio"),
    "a missing fleet": (["provision", "fleet", "import", "units.csv", "--fleet", "nowhere"], "nowhere"),
    "a missing enrolment file": (["provision", "enrol", "--config", "nowhere.toml"], "nowhere.toml"),
    "headquarters without a file": (["hq", "run", "--config", "nowhere.toml"], "nowhere.toml"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_users_mistake_is_one_sentence_and_status_2(
    mistake: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence names what is wrong; there is no traceback."""
    arguments, named = MISTAKES[mistake]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["roundsman", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert named in said
    assert "Traceback" not in said


def test_every_error_of_a_configuration_is_told_at_once(tmp_path: Path) -> None:
    """Three mistakes, three lines, each with its key path; an unknown key is one of them."""
    toml = tmp_path / "vehicle.toml"
    toml.write_text('unit = "car 1"\nagency = "a"\ndistrict = "1"\ndata = "d"\ncolour = "red"\n[gps]\nbaud = "fast"\n')
    result = CliRunner().invoke(roundsman, ["config", "check", "vehicle", str(toml)])
    assert result.exception is not None
    text = str(result.exception)
    assert all(key in text for key in ("unit", "colour", "gps.baud"))


def test_a_secret_is_masked_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`config show` says what is in force and never the password."""
    toml = tmp_path / "vehicle.toml"
    toml.write_text(
        f'unit = "car-1"\nagency = "a"\nagency_key = "{"0" * 64}"\ndistrict = "1"\ndata = "d"\n'
        '[broker]\npassword = "hunter2"\n'
    )
    monkeypatch.setenv("ROUNDSMAN_VEHICLE__BROKER__PORT", "2883")
    result = CliRunner().invoke(roundsman, ["config", "show", "vehicle", str(toml)])
    assert result.exit_code == 0, result.output
    assert "hunter2" not in result.output
    assert "broker.port = 2883" in result.output


@pytest.mark.parametrize(
    ("command", "room", "library", "extra"),
    [(["agency", "build"], "edge.agency", "pyproj", "hq"), (["models", "train"], "models.train", "lightgbm", "train")],
)
def test_a_command_whose_extra_is_not_installed_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, command: list[str], room: str, library: str, extra: str
) -> None:
    """A vehicle's install has no pyproj and no lightgbm: the command names the library and the extra that brings it."""
    for name in [name for name in sys.modules if name.startswith((room, "models.export"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    result = CliRunner().invoke(roundsman, [*command, "--help"], prog_name="roundsman")
    assert isinstance(result.exception, UserError)
    assert str(result.exception) == (
        f"`roundsman {' '.join(command)}` needs {library};"
        f" pip install 'roundsman[{extra}]' (in a clone: pip install '.[{extra}]')"
    )


def test_a_library_that_is_imported_as_a_command_runs_is_named_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Headquarters' commands load their database only when they need it."""
    for name in [name for name in sys.modules if name.startswith("edge.headquarters.store")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    (tmp_path / "hq.toml").write_text(f'agency = "{tmp_path}"\ndatabase = "{tmp_path}/hq.sqlite"\n')
    result = CliRunner().invoke(
        roundsman, ["hq", "migrate", "--config", str(tmp_path / "hq.toml")], prog_name="roundsman"
    )
    assert str(result.exception) == (
        "`roundsman hq` needs sqlalchemy; pip install 'roundsman[hq]' (in a clone: pip install '.[hq]')"
    )


def test_a_module_of_ours_that_is_missing_is_no_library_to_install() -> None:
    """It is a defect of the program, so it is raised as it is."""
    table = CommandTable({"broken": Row("edge.no_such_room", "broken", "Nothing.")})
    with pytest.raises(ModuleNotFoundError):
        table.get_command(click.Context(table), "broken")


def test_onnxruntime_is_silenced_before_it_can_be_imported() -> None:
    """Importing the package switches the library's telemetry off for every process that runs it."""
    environment = {key: value for key, value in os.environ.items() if key not in ("CI", "ORT_DISABLE_TELEMETRY")}
    code = "import edge, os; print(os.environ['ORT_DISABLE_TELEMETRY'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "1"
