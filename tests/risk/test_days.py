"""Days: what is known of a date, also of one that the table lacks."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from edge.errors import UserError
from edge.risk.days import DATE_PARTS, Days, load_days, save_days
from edge.risk.feature_column import Column
from edge.risk.npz import save_npz

FIRST = date(2018, 1, 1).toordinal()


def table() -> Days:
    """Three dates; a holiday, and the highest temperature."""
    columns = (
        Column("holiday", "time", "1 on a holiday", "0 or 1", 0.0, "a list", "MIT", "2018-01-01"),
        Column("weather_tmax", "weather", "highest temperature", "°C", 11.5, "a station", "public", "2018-01-01"),
    )
    return Days(FIRST, columns, np.array([[1, -5], [0, -2.5], [0, 3]], dtype=np.float32))


def test_a_date_has_its_row() -> None:
    """By the date's ordinal, in the order of the columns, as float32."""
    assert table().of(FIRST + 1).tolist() == [0.0, -2.5]
    assert table().of(FIRST + 1).dtype == np.float32
    assert table().last == FIRST + 2


@pytest.mark.parametrize("day", [FIRST - 1, FIRST + 3, FIRST + 4000])
def test_a_date_outside_the_table_has_the_missing_values(day: int) -> None:
    """An expired bundle goes on: the documented values stand where nothing is known."""
    assert table().of(day).tolist() == [0.0, 11.5]


def test_the_parts_of_a_date_need_no_table() -> None:
    """Day of the month, weekday (Monday is 0) and month of any date, mixed with columns in the order asked for."""
    day = date(2020, 2, 29).toordinal()
    assert Days.none().named(DATE_PARTS, day).tolist() == [29.0, 5.0, 2.0]
    assert table().named(("month", "holiday"), FIRST).tolist() == [1.0, 1.0]
    with pytest.raises(KeyError):
        Days.none().named(("holiday",), day)


def test_a_forecast_takes_the_place_of_the_normal_on_its_date_alone() -> None:
    """A context's value changes one cell of a copy; unknown names and dates outside the table change nothing."""
    before = table()
    after = before.with_values(FIRST + 1, {"weather_tmax": 8.25, "weather_unknown": 1.0})
    assert after.of(FIRST + 1).tolist() == [0.0, 8.25]
    assert after.of(FIRST).tolist() == before.of(FIRST).tolist()
    assert before.of(FIRST + 1).tolist() == [0.0, -2.5]
    assert before.with_values(FIRST + 9, {"weather_tmax": 8.25}).digest() == before.digest() != after.digest()


def test_a_row_is_nobodys_to_change() -> None:
    """Changing what `of` gave leaves the table as it was."""
    days = table()
    days.of(FIRST)[0] = 99.0
    assert days.of(FIRST)[0] == 1.0


def test_the_file_gives_back_the_same_and_always_the_same_bytes(tmp_path: Path) -> None:
    """First date, columns and values survive; two files of the same days are equal."""
    save_days(tmp_path / "a.npz", table())
    loaded = load_days(tmp_path / "a.npz")
    save_days(tmp_path / "b.npz", loaded)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert (loaded.first, loaded.columns, loaded.digest()) == (FIRST, table().columns, table().digest())


def test_a_file_without_its_first_date_is_refused(tmp_path: Path) -> None:
    """A table whose dates are not known is damaged, in one sentence."""
    save_npz(
        tmp_path / "days.npz",
        {"values": np.zeros((1, 0), dtype=np.float32)},
        {"kind": "days", "format": 1, "columns": []},
    )
    with pytest.raises(UserError, match=r"days\.npz: damaged \(no first date\)"):
        load_days(tmp_path / "days.npz")
