"""The technician's tool: `roundsman gps check`."""

import json
import random
import sys
from pathlib import Path

import pytest

from edge.cli import main
from edge.errors import UserError
from edge.vehicle.gps.check import check_log
from edge.vehicle.gps.gate import ROLLOVER
from tests.vehicle.gps.sentences import LAT, LON, START, drive, gga, rmc, sentence


def lines(data: bytes, folder: Path, *, as_json: bool = True, now: float = START) -> list[str]:
    log = folder / "a.nmea"
    log.write_bytes(data)
    return list(check_log(log, now=now, as_json=as_json))


def test_json_lines(tmp_path: Path) -> None:
    """One object a fix, and last the refusals by reason and the number of fixes."""
    data = gga(0) + rmc(0) + gga(1) + rmc(1, status="V") + gga(2) + rmc(2)[:-4] + b"00\r\n"
    first, last = map(json.loads, lines(data, tmp_path))
    assert first == {
        "time": "2026-03-02T12:00:00.000Z",
        "lat": pytest.approx(LAT, abs=1e-7),
        "lon": pytest.approx(LON, abs=1e-7),
        "speed": 2.572,
        "accuracy": 6.0,
        "quality": 1,
        "flags": [],
    }
    assert last == {"refused": {"checksum": 1, "no_rmc": 1, "not_active": 1}, "fixes": 1}


def test_a_table_for_people(tmp_path: Path) -> None:
    """The same in columns, with a last line in words."""
    table = lines(drive(0, 2) + rmc(2, knots=""), tmp_path, as_json=False)
    assert table[0].split() == ["time", "lat", "lon", "m/s", "±", "m", "quality", "flags"]
    assert table[1].split() == ["2026-03-02T12:00:00.000Z", "41.880000", "-87.630000", "11.1", "6.0", "1"]
    assert table[3].split()[-2:] == ["1", "accuracy_assumed"]
    assert table[-1] == "3 fixes; refused: none"


def test_rollover_is_mended_and_flagged(tmp_path: Path) -> None:
    """A receiver of old whose weeks rolled over: the right date, and it says so."""
    first, _ = map(json.loads, lines(rmc(-ROLLOVER), tmp_path))
    assert (first["time"], first["flags"]) == ("2026-03-02T12:00:00.000Z", ["accuracy_assumed", "rollover"])


def test_an_old_log_stays_old(tmp_path: Path) -> None:
    """What would be in the future if it were mended was recorded long ago."""
    first, _ = map(json.loads, lines(rmc(-ROLLOVER), tmp_path, now=START - 10 * 86400))
    assert (first["time"], first["flags"]) == ("2006-07-17T12:00:00.000Z", ["accuracy_assumed"])


@pytest.mark.parametrize(
    "data",
    [
        sentence("AIVDM,1,1,,A,177KQJ5000G?,0").replace(b"$", b"!"),
        b"$GPGSV,1,1,00*79\r\n",
        rmc(0, status="V"),
        b"no log at all\n" + gga(0),
    ],
)
def test_a_log_without_a_fix_is_an_answer(data: bytes, tmp_path: Path) -> None:
    """Ships' messages, satellites in view, a receiver without a fix: NMEA all the same."""
    assert json.loads(lines(data, tmp_path)[-1])["fixes"] == 0
    assert lines(data, tmp_path, as_json=False)[-1].startswith("0 fixes; refused: ")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n\n",
        b"$",
        b"$GPRMC",
        b'unit = "car-1"\n[gps]\nsource = "gpsd"\n',
        b"\xff\x00" * 1000,
        b"\xb5\x62\x01\x07\x5c\x00" * 100,
        rmc(0).partition(b"*")[0],
        random.Random(5).randbytes(50_000),  # noqa: S311 - the same noise each time
    ],
)
@pytest.mark.parametrize("as_json", [True, False])
def test_a_file_that_is_no_log_is_the_users_error(data: bytes, as_json: bool, tmp_path: Path) -> None:
    """Nothing, a configuration, noise, UBX, a sentence cut off: no answer that sounds as if all were well."""
    with pytest.raises(UserError, match="no NMEA sentences found"):
        lines(data, tmp_path, as_json=as_json)


def test_the_command_exits_2_for_what_is_no_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As for any mistake of the user's, in a sentence; nothing is printed before it."""
    monkeypatch.setattr(sys, "argv", ["roundsman", "gps", "check", "/dev/null"])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert (ended.value.code, said.out) == (2, "")
    assert "/dev/null: no NMEA sentences found" in said.err


def test_binary_between_sentences_costs_no_fix(tmp_path: Path) -> None:
    """RTCM, UBX or noise between the lines, dollars and line ends among it."""
    noise = random.Random(7)  # noqa: S311 - the same noise each time
    data = b"".join(noise.randbytes(300) + b"\n" + gga(s) + rmc(s) for s in range(20))
    assert json.loads(lines(data, tmp_path)[-1])["fixes"] == 20


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """The user's error names the file; so does a folder."""
    for path in (tmp_path / "missing.nmea", tmp_path):
        with pytest.raises(UserError, match=path.name):
            list(check_log(path, now=START, as_json=True))
