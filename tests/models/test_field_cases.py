"""Every file of the field cases stands in the table of `models/FIELD_CASES.md` and in a test, and nothing else does."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import models

TABLE: Final = Path(models.__file__).with_name("FIELD_CASES.md")
TESTS: Final = Path(__file__).parents[1]
TESTED_IN: Final = {
    "ingest": ("models/ingest/test_field_*.py", "models/look/test_field_look.py"),
    "features": ("models/sources/test_field_features.py",),
    "maps": ("agency/test_field_maps.py",),
}
OF_SEVERAL: Final = {"ingest/22": "ingest/22a-first", "ingest/39": "ingest/39-geojson", "ingest/iso": "ingest/41-xlsx"}
"""A file that is named otherwise than its case: a mapping of several exports, an export of a mapping."""
FAMILIES: Final = ("ingest/36-col-",)
"""Cases that a test takes by their common name, with the right outcome of each by its number."""
NAME: Final = re.compile(r"(?P<gap>…)?[ ,]*`(?P<name>[^`]+)`")


def cases_of(text: str) -> Iterator[str]:
    """The cases in a row's first column: ``ingest/36-col-00` … `-02`, `-04`` is four, ``maps/21` … `23`` three."""
    room, stem, last = "", "", 0
    for found in NAME.finditer(text):
        name = found["name"]
        if "/" in name:
            room, _, name = name.partition("/")
        elif name.startswith("-"):
            name = stem + name
        number = re.search(r"\d+$", name)
        if found["gap"] and number:
            yield from (f"{room}/{name[: number.start()]}{between:02d}" for between in range(last + 1, int(number[0])))
        if number:
            stem, last = name[: number.start()].rstrip("-"), int(number[0])
        yield f"{room}/{name}"


LISTED: Final = {
    case
    for line in TABLE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| `")
    for case in cases_of(line.split("|")[1])
}


def names(case: str, listed: str) -> bool:
    """Whether a name of the table is a case's: the whole, or its number."""
    return case == listed or (listed.split("/")[1].isdigit() and case.startswith(f"{listed}-"))


@pytest.fixture(scope="module")
def cases(shared_data: Path) -> list[str]:
    """Every case as ``room/name``."""
    found = {
        f"{room}/{path.name.split('.')[0]}"
        for room in TESTED_IN
        for path in (shared_data / "field_cases" / room).iterdir()
    }
    return sorted(OF_SEVERAL.get(case, case) for case in found)


def test_every_file_of_the_field_cases_is_in_the_table(cases: list[str]) -> None:
    """A new file without an outcome fails."""
    assert [case for case in cases if not any(names(case, listed) for listed in LISTED)] == []


def test_the_table_has_no_case_that_is_not_there(cases: list[str]) -> None:
    """Nor one whose file is gone."""
    assert sorted(listed for listed in LISTED if not any(names(case, listed) for case in cases)) == []


@pytest.mark.parametrize("room", TESTED_IN)
def test_a_test_names_every_file_of_the_field_cases(cases: list[str], room: str) -> None:
    """By its whole name, or by its family's."""
    sources = "".join(path.read_text("utf-8") for pattern in TESTED_IN[room] for path in TESTS.glob(pattern))
    of_room = [case for case in cases if case.startswith(f"{room}/") and not case.startswith(FAMILIES)]
    assert of_room
    assert [case for case in of_room if f'"{case.split("/")[1]}' not in sources] == []
    assert [
        family for family in FAMILIES if family.startswith(room) and f'"{family.split("/")[1]}' not in sources
    ] == []
