"""Layers: columns per box with their provenance, in a file whose bytes depend on nothing but them."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from edge.errors import UserError
from edge.risk.days import Days, save_days
from edge.risk.feature_column import Column
from edge.risk.layers import Layers, load_layers, save_layers


def column(name: str, group: str = "places") -> Column:
    """A column that says where it is from."""
    return Column(name, group, f"{name} in the box", "count", 0.0, "a city's list of places", "free", "2017-12-31")


def three() -> Layers:
    """Two boxes, three columns of two groups."""
    values = np.array([[1, 0, 2.5], [3, 7, 0]], dtype=np.float32)
    return Layers((column("bar"), column("vacant", "housing"), column("shop")), values)


def test_columns_come_in_the_order_asked_for() -> None:
    """`stacked` gives float32 in the order of the names it is given, and none for none."""
    found = three().stacked(("shop", "bar"))
    assert found.dtype == np.float32
    assert found.tolist() == [[2.5, 1.0], [0.0, 3.0]]
    assert three().stacked(()).shape == (2, 0)
    with pytest.raises(KeyError):
        three().stacked(("church",))


def test_no_layers_are_layers_too() -> None:
    """An agency without any source has layers of no column, whose file can be read."""
    assert Layers.none(5).stacked(()).shape == (5, 0)
    assert Layers.none().names == ()


def test_the_digest_is_of_names_and_values() -> None:
    """Another value or another name is another digest; provenance is none of it."""
    same = Layers((column("bar", "housing"), column("vacant"), column("shop")), three().values)
    assert three().digest() == same.digest()
    assert Layers(three().columns, three().values + np.float32(1)).digest() != three().digest()
    assert Layers((column("pub"), column("vacant"), column("shop")), three().values).digest() != three().digest()


def test_the_file_gives_back_the_same_and_always_the_same_bytes(tmp_path: Path) -> None:
    """Values, names and provenance survive; two files of the same layers are equal, with no time of day in them."""
    save_layers(tmp_path / "a.npz", three())
    save_layers(tmp_path / "b.npz", load_layers(tmp_path / "a.npz"))
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    loaded = load_layers(tmp_path / "a.npz")
    assert loaded.columns == three().columns
    assert loaded.values.tobytes() == three().values.tobytes()
    with zipfile.ZipFile(tmp_path / "a.npz") as file:
        assert {info.date_time for info in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_numpy_reads_the_file_by_itself(tmp_path: Path) -> None:
    """The file is an ordinary npz: an auditor needs no code of ours for its values."""
    save_layers(tmp_path / "a.npz", three())
    with np.load(tmp_path / "a.npz", allow_pickle=False) as file:
        assert file["values"].tolist() == three().values.tolist()


@pytest.mark.parametrize(
    ("columns", "values"),
    [
        ((column("bar"),), np.zeros((2, 1))),
        ((column("bar"),), np.zeros((2, 2), dtype=np.float32)),
        ((column("bar"),), np.full((2, 1), np.nan, dtype=np.float32)),
        ((column("bar"), column("bar")), np.zeros((2, 2), dtype=np.float32)),
    ],
    ids=["double", "too many", "not a number", "twice"],
)
def test_columns_that_do_not_fit_are_refused(columns: tuple[Column, ...], values: np.ndarray) -> None:
    """Only finite float32 of one column a name: the car must never meet a gap that the builder left."""
    with pytest.raises(ValueError, match=r"float32|finite|two columns"):
        Layers(columns, values)


def test_a_bad_file_is_one_sentence(tmp_path: Path) -> None:
    """A missing, damaged, cut or foreign file is a UserError that names it."""
    path = tmp_path / "layers.npz"
    with pytest.raises(UserError, match=r"layers\.npz: No such file"):
        load_layers(path)
    path.write_bytes(b"not a zip")
    with pytest.raises(UserError, match=r"layers\.npz: damaged"):
        load_layers(path)
    save_layers(path, three())
    whole = path.read_bytes()
    for cut in (len(whole) // 2, len(whole) - 10):
        path.write_bytes(whole[:cut])
        with pytest.raises(UserError, match=r"layers\.npz: damaged"):
            load_layers(path)
    path.write_bytes(whole[:60] + bytes([whole[60] ^ 255]) + whole[61:])
    with pytest.raises(UserError, match=r"layers\.npz: damaged"):
        load_layers(path)
    save_days(path, Days.none())
    with pytest.raises(UserError, match=r"layers\.npz: does not contain layers"):
        load_layers(path)


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """A directory that is not there is named, with the mend."""
    with pytest.raises(UserError, match="cannot be written"):
        save_layers(tmp_path / "nowhere" / "layers.npz", three())
