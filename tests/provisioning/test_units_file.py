"""units.csv: what a fleet may list, every mistake by its line, no secret and no person in it."""

from pathlib import Path

import pytest

from edge.errors import UserError
from provisioning.units.units_file import read_units

AREAS = {"1", "2"}
HEAD = "unit,board,district"


def written(folder: Path, text: str) -> Path:
    path = folder / "units.csv"
    path.write_bytes(text.encode())
    return path


def refused(folder: Path, text: str) -> list[str]:
    with pytest.raises(UserError) as error:
        read_units(written(folder, text), AREAS)
    return [one.removeprefix(f"{folder / 'units.csv'}") for one in str(error.value).splitlines()]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_units_are_read_whatever_program_wrote_the_table(tmp_path: Path, mark: str) -> None:
    """A byte order mark, other delimiters, spaces, other line ends, empty lines and cells; defaults where left out."""
    text = "\ufeffUnit , board,district, diagonal,gps\r\n\r\ncar-1,rpi4,1,,\r\nMDT 2x,mdt,2,12.1,serial\r\n"
    one, two = read_units(written(tmp_path, text.replace(",", mark).replace("MDT 2x", "MDT_2.x")), AREAS)
    assert (one.unit, one.board, one.district, one.diagonal, one.gps) == ("car-1", "rpi4", "1", 7.0, "gpsd")
    assert (two.unit, two.board, two.district, two.diagonal, two.gps) == ("MDT_2.x", "mdt", "2", 12.1, "serial")
    assert two.host == "mdt-2-x"


def test_every_mistake_is_told_at_once_by_its_line(tmp_path: Path) -> None:
    """Of every kind: a name no certificate can have, an unknown board, a district of no bundle, a missing cell."""
    text = f"{HEAD},diagonal\ncar 1,rpi5,1,7\ncar-2,rpi3,1,7\ncar-3,rpi5,9,7\ncar-4,,1,7\ncar-5,rpi5,1,wide\n"
    said = refused(tmp_path, text)
    assert [one.split(":")[0] for one in said] == [", line 2", ", line 3", ", line 5", ", line 6", ", line 4"]
    assert "unit: must be 1 to 63 letters" in said[0]
    assert "board: must be 'rpi4', 'rpi5' or 'mdt', not 'rpi3'" in said[1]
    assert "board: is missing; add it" in said[2]
    assert "diagonal: must be a number of inches such as 7, not 'wide'" in said[3]
    assert "district: '9' is not in the agency's bundle, which has 1, 2" in said[4]


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("car-1", "each unit has one line"),
        ("CAR-1", "each unit has one line"),
        ("car.1", "each unit has one line"),
        ("publisher", "reserved for a headquarters process"),
        ("receiver-9", "reserved for a headquarters process"),
        ("con", "not allowed as a file name"),
        ("car-2_", "must end with a letter or digit"),
    ],
)
def test_a_unit_has_a_name_of_its_own(tmp_path: Path, other: str, why: str) -> None:
    """Neither another's in another form, for the host name would be one; nor one of headquarters' own."""
    (said,) = refused(tmp_path, f"{HEAD}\ncar-1,rpi5,1\n{other},rpi5,1\n")
    assert said.startswith(", line 3: unit: ")
    assert why in said


@pytest.mark.parametrize(
    ("column", "why"),
    [
        ("password", "secrets never stand in this file"),
        ("wifi_psk", "secrets never stand in this file"),
        ("Token", "secrets never stand in this file"),
        ("PIN", "secrets never stand in this file"),
        ("api key", "secrets never stand in this file"),
        ("officer_name", "is about people"),
        ("driver", "is about people"),
        ("colour", "is unknown"),
    ],
)
def test_a_column_for_a_secret_a_person_or_nothing_known_is_refused(tmp_path: Path, column: str, why: str) -> None:
    """By its name, before a line is read."""
    (said,) = refused(tmp_path, f"{HEAD},{column}\ncar-1,rpi5,1,x\n")
    assert why in said
    assert repr(column.lower()) in said


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "the first line has no column 'unit'"),
        (f"{HEAD}\n", "has 0 units"),
        ("unit,board\ncar-1,rpi5\n", "the first line has no column 'district'"),
        (f"{HEAD},unit\ncar-1,rpi5,1,car-2\n", "column 'unit' is there twice"),
        (f"{HEAD}\ncar-1,rpi5,1,2\n", "line 2: has more cells"),
    ],
)
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str, why: str) -> None:
    """With what is wrong."""
    assert why in refused(tmp_path, text)[0]
