"""``roundsman hq draft …`` with a real broker: build, show, edit, approve; the plan is retained for the cars."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from edge.errors import UserError
from edge.headquarters.commands import hq
from edge.headquarters.store import Store
from tests.brokers import Mosquitto
from tests.risk.tiny import tiny_bundle

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, mosquitto: Mosquitto) -> Run:
    """Run a command of the group at a headquarters with models; what it printed. A UserError comes out as it is."""
    tiny = tiny_bundle(tmp_path, datetime.now(UTC).date() - timedelta(days=1))
    config = tmp_path / "hq.toml"
    config.write_text(
        f"agency = {json.dumps(str(tiny.directory))}\ndatabase = {json.dumps(str(tmp_path / 'hq.sqlite'))}\n"
        f"signing_key = {json.dumps(str(tiny.key))}\n[broker]\nport = {mosquitto.port}\n",
        encoding="utf-8",
    )
    Store(tmp_path / "hq.sqlite").close()

    def call(*given: object) -> str:
        result = CliRunner().invoke(hq, ["draft", *map(str, given), "--config", str(config)], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return call


def test_from_a_draft_to_a_plan_that_cars_hear(run: Run, tmp_path: Path) -> None:
    """Built for tomorrow; a box is suppressed; approved; listed so, and stored as published."""
    shift, area, *_ = re.findall(r"^(\S+) (\S+): built: 4 boxes$", run("build"), re.MULTILINE)[0]
    number = re.findall(r"^ +(\d+)  beat", run("show", shift, area), re.MULTILINE)[0]
    by = ("--account", "a.smith", "--role", "analyst", "--reason", "road closed")
    assert run("suppress", shift, area, "--box", number, "--edition", 1, *by).endswith("edition 2\n")
    assert "suppressed: road closed" in run("show", shift, area)
    with pytest.raises(UserError, match="this draft has changed since edition 1"):
        run("approve", shift, area, "--edition", 1, *by)
    assert f"published version 1 for district {area}" in run("approve", shift, area, "--edition", 2, *by)
    assert f"{shift} {area}: approved, version 1, edition 3, 4 boxes" in run("list")
    with Store(tmp_path / "hq.sqlite") as store:
        assert [(one.shift, one.district, one.version) for one in store.plans()] == [(shift, area, 1)]


def test_mistakes_are_told_and_change_nothing(run: Run) -> None:
    """A shift without a draft, a box that is none, a change of nothing."""
    by = ("--edition", 1, "--account", "a.smith", "--role", "analyst", "--reason", "road closed")
    with pytest.raises(UserError, match="there is no draft for 1, shift 2999-01-01/night; build it first"):
        run("show", "2999-01-01/night", "1")
    with pytest.raises(UserError, match="--box: the agency has no box 99999"):
        run("suppress", "2999-01-01/night", "1", "--box", 99999, *by)
    with pytest.raises(UserError, match="give at least one of --minutes, --visits and --tactic"):
        run("change", "2999-01-01/night", "1", "--box", 1, *by)
