"""The recorder: every input as a line, and the same bytes when it is decided again; a torn file, a full disk."""

import json
import resource
import signal
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.records import encode_event
from edge.domain.inputs import SignIn
from edge.domain.state import State
from edge.errors import UserError
from edge.vehicle.engine import Engine
from edge.vehicle.recorder import Recorder, replay
from edge.vehicle.store.ledger import Reader
from edge.vehicle.store.vault import Vault
from tests.domain.test_own_plan import forecast
from tests.vehicle.test_engine import FakeClock
from tests.vehicle.town_shift import as_said, inputs, setting
from tests.words import shown


def record_lives(folder: Path, agency: Agency, lives: int) -> list[bytes]:
    """A shift recorded over several lives of the daemon; the ledger's bytes."""
    everything = list(inputs(agency))
    size = -(-len(everything) // lives)
    for life in range(lives):
        with closing(Vault(folder, "car-1")) as vault:
            state, _ = vault.load(as_said)
            with closing(Recorder(folder / "record.jsonl", state)) as recorder:
                one = Engine(setting(agency), state, vault, FakeClock(), lambda _: None, recorder)
                for given in everything[life * size : (life + 1) * size]:
                    one.take(given)
    with closing(Reader(folder / "ledger.sqlite3")) as reader:
        return [body for _, body, _ in reader.after(0, 1000)]


@pytest.mark.parametrize("lives", [1, 2, 5])
def test_a_recorded_shift_decided_again_gives_the_same_bytes(tmp_path: Path, square_agency: Agency, lives: int) -> None:
    """Every record of the ledger, over restarts too: visits, tactics, a pause, a loss of GPS, a suppression."""
    stored = record_lives(tmp_path, square_agency, lives)
    again = [encode_event(event) for event in replay(tmp_path / "record.jsonl", setting(square_agency))]
    assert again == stored
    kinds = {json.loads(body)["data"]["type"] for body in stored}
    assert {"visit_opened", "visit_counted", "visit_closed", "tactic_undone", "paused", "gps_lost", "presence"} <= kinds


def test_a_recorded_forecast_gives_the_same_records(tmp_path: Path, square_agency: Agency) -> None:
    """What the scoring process said is an input as any other: a replay needs no model."""
    rules = setting(square_agency)
    with closing(Vault(tmp_path, "car-1")) as vault:
        state, _ = vault.load(as_said)
        with closing(Recorder(tmp_path / "record.jsonl", state)) as recorder:
            one = Engine(rules, state, vault, FakeClock(), lambda _: None, recorder)
            for given in (*list(inputs(square_agency))[:2], forecast(square_agency), SignIn(3.0, "4711")):
                one.take(given)
    with closing(Reader(tmp_path / "ledger.sqlite3")) as reader:
        stored = [body for _, body, _ in reader.after(0, 100)]
    assert [encode_event(event) for event in replay(tmp_path / "record.jsonl", rules)] == stored
    kinds = [json.loads(body)["data"]["type"] for body in stored]
    assert kinds[-4:] == ["forecast_made", "plan_computed", "plan_adopted", "signed_in"]


def test_a_replay_shows_that_a_record_or_a_rule_was_changed(tmp_path: Path, square_agency: Agency) -> None:
    """Other rules give other records: so the comparison means something."""
    stored = record_lives(tmp_path, square_agency, 1)
    rules = setting(square_agency)
    other = replace(rules, policy=replace(rules.policy, metering=replace(rules.policy.metering, counts_from_s=75.0)))
    assert [encode_event(event) for event in replay(tmp_path / "record.jsonl", other)] != stored


def test_what_is_no_recording_is_refused_in_a_sentence(tmp_path: Path, square_agency: Agency) -> None:
    """Missing, other text, an unknown input: the file and the line are named."""
    rules = setting(square_agency)
    path = tmp_path / "record.jsonl"
    with pytest.raises(UserError, match=r"record\.jsonl: No such file or directory; give a file written"):
        list(replay(path, rules))
    for line in ("$GPRMC,", "[1]", '{"Tick": {"mono": 1}, "Fix": {}}', '{"Arrest": {}}'):
        path.write_text('{"Tick":{"mono":1.0,"system_utc":1.0,"ntp":false}}\n' + line + "\n")
        with pytest.raises(UserError, match=r"record\.jsonl, line 2: not a recorded input"):
            list(replay(path, rules))
    path.write_text('{"Tick":{"mono":"noon","system_utc":1.0}}\n')
    with pytest.raises(UserError, match=r"record\.jsonl, line 1: mono: "):
        list(replay(path, rules))


def test_a_recording_that_was_torn_by_a_power_cut_is_read(tmp_path: Path, square_agency: Agency) -> None:
    """The last line of a life cut anywhere: passed over, whether a new life follows or none; no other line may be."""
    stored = record_lives(tmp_path, square_agency, 2)
    path, rules = tmp_path / "record.jsonl", setting(square_agency)
    lines = path.read_bytes().splitlines(keepends=True)
    second = max(number for number, line in enumerate(lines) if line.startswith(b'{"State":'))
    for torn in (b'{"Fi', b"{", b'{"Fix":{"utc":17'):
        path.write_bytes(b"".join([*lines[:second], torn + b"\n", *lines[second:]]) + torn)
        assert [encode_event(event) for event in replay(path, rules)] == stored
    path.write_bytes(b"".join([*lines[:5], b'{"Fi\n', *lines[5:]]))
    with pytest.raises(UserError, match=r"line 6: not a recorded input"):
        list(replay(path, rules))


def test_a_new_life_begins_a_line_after_a_torn_one(tmp_path: Path, square_agency: Agency) -> None:
    """What was cut stays one line of its own."""
    path = tmp_path / "record.jsonl"
    path.write_bytes(b'{"Fix":{"ut')
    with closing(Recorder(path, State("car-1", "x"))):
        pass
    assert path.read_bytes().startswith(b'{"Fix":{"ut\n{"State":')
    assert list(replay(path, setting(square_agency))) == []


def test_what_a_life_decided_and_never_kept_is_left_out(tmp_path: Path, square_agency: Agency) -> None:
    """Killed between an input and its commit: the next life begins with an older number, and so does the replay."""
    path, rules = tmp_path / "record.jsonl", setting(square_agency)
    with closing(Vault(tmp_path, "car-1")) as vault:
        state, _ = vault.load(as_said)
        for tapped in ("never kept", "4711"):
            with closing(Recorder(path, state)) as recorder:
                recorder(SignIn(1.0, tapped))
    signed_in = [event.officer for event in replay(path, rules)]
    assert signed_in == ["4711"]


def test_a_disk_that_takes_no_more_ends_the_recording_not_the_patrol(tmp_path: Path) -> None:
    """It says so once, and is silent from then on."""
    recorder = Recorder(Path("/dev/full"), State("car-1", "x"))
    assert recorder.trouble is not None
    assert shown(recorder.trouble).startswith("Input recording stopped: cannot write /dev/full.")
    recorder(SignIn(1.0, "4711"))
    recorder.close()


def test_a_recording_in_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The key and the path are named."""
    with pytest.raises(UserError, match=r"record: .*missing/record\.jsonl cannot be written \(No such file"):
        Recorder(tmp_path / "missing" / "record.jsonl", State("car-1", "x"))


def test_a_torn_recording_on_a_full_disk_is_no_end_of_the_start(tmp_path: Path) -> None:
    """Not even the end of the torn line fits: the daemon starts, and says that nothing is recorded."""
    path = tmp_path / "record.jsonl"
    path.write_bytes(b'{"Fix":{"ut')
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handled = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, before[1]))
    try:
        with closing(Recorder(path, State("car-1", "x"))) as recorder:
            assert recorder.trouble is not None
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handled)
