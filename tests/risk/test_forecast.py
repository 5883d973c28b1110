"""Forecasts of a bundle: the same inputs give the same hashes, other inputs give others, and the parts are exact."""

import re
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from edge.contract.context import ContextDoc, GunfireDoc
from edge.errors import UserError
from edge.risk.features import World
from edge.risk.forecast import Forecast, Opened, forecast, forecast_made, known_for, open_bundle
from edge.risk.update import load_world
from models.daily.context import make_context
from tests.risk.tiny import TYPES, Tiny, made_up
from tests.words import all_shown, shown

SHIFT = "2026-10-14/day"


@pytest.fixture(scope="module")
def opened(tiny: Tiny) -> Opened:
    return open_bundle(tiny.directory, tiny.agency)


@pytest.fixture(scope="module")
def world(tiny: Tiny) -> World:
    return load_world(tiny.directory, tiny.agency)


@pytest.fixture(scope="module")
def plain(tiny: Tiny, opened: Opened, world: World) -> Forecast:
    return forecast(opened, world, tiny.agency, SHIFT)


def test_every_type_with_a_model_is_forecast(tiny: Tiny, opened: Opened, plain: Forecast) -> None:
    """Risk in millionths of an incident, of every box; the ledger's record names models, inputs and output."""
    assert opened.refused == ()
    assert tuple(plain.types) == TYPES
    record = forecast_made(plain, opened, 0)
    assert [name for name, _ in record.models] == list(TYPES)
    assert (record.inputs, record.output) == (plain.inputs, plain.output)
    for one in plain.types.values():
        assert one.units.dtype == np.int64
        assert len(one.units) == len(tiny.agency.grid.boxes)
        assert one.units.min() >= 0
        assert 0.2 < one.units.sum() / 1e6 < 20.0
    assert plain.known_to == date(2026, 10, 12)


def test_the_same_inputs_give_the_same_forecast(tiny: Tiny, opened: Opened, plain: Forecast) -> None:
    """Bit for bit, from files read anew."""
    again = forecast(opened, load_world(tiny.directory, tiny.agency), tiny.agency, SHIFT)
    assert (again.inputs, again.output) == (plain.inputs, plain.output)


def test_other_inputs_give_other_hashes(tiny: Tiny, opened: Opened, world: World, plain: Forecast) -> None:
    """Another shift, another context; each hash is of its own."""
    context = make_context(tiny.agency, tiny.counts, made_up(tiny.agency, date(2026, 10, 13), 3), date(2026, 10, 14))
    known, used, said = known_for(world, tiny.agency, SHIFT, context)
    assert (used, said) == (context, ())
    others = [
        forecast(opened, world, tiny.agency, "2026-10-14/night"),
        forecast(opened, world, tiny.agency, "2026-10-15/day"),
        forecast(opened, known, tiny.agency, SHIFT, "ab" * 32),
        forecast(opened, known, tiny.agency, SHIFT, "cd" * 32),
    ]
    assert len({one.inputs for one in [plain, *others]}) == 5
    assert others[2].output == others[3].output != plain.output
    assert others[2].known_to == date(2026, 10, 13)


def test_a_context_of_another_bundle_is_left_out(tiny: Tiny, world: World) -> None:
    """With a sentence; the forecast is the bundle's own."""
    context = ContextDoc(agency="squaretown", base="00" * 32, number=3, date=date(2026, 10, 14))
    known, used, said = known_for(world, tiny.agency, SHIFT, context)
    assert (known, used) == (world, None)
    assert all_shown(said) == ["daily context not used: it is for another bundle's counts"]


def test_shots_raise_the_risk_of_their_box_most(tiny: Tiny, opened: Opened, world: World, plain: Forecast) -> None:
    """Of gunfire itself, and of what follows gunfire."""
    shots = (GunfireDoc(box=12, at=datetime(2026, 10, 14, 15, 0, tzinfo=UTC)),)
    context = ContextDoc(
        agency="squaretown", base=tiny.counts.digest(), number=1, date=date(2026, 10, 14), complete=2, gunfire=shots
    )
    known, _, _ = known_for(world, tiny.agency, SHIFT, context)
    heard = forecast(opened, known, tiny.agency, SHIFT)
    for name in ("gunfire", "robbery"):
        change = heard.types[name].units / plain.types[name].units
        assert int(np.argmax(change)) == 11
        assert change[11] > 1.2


def test_a_model_too_old_is_used_with_a_sentence(tiny: Tiny, opened: Opened, world: World) -> None:
    """Each model by its own date."""
    later = date(2026, 10, 13) + timedelta(days=20_001)
    (first, *_) = forecast(opened, world, tiny.agency, f"{later}/day").remarks
    assert re.match("Gunfire model expired on [0-9-]{10}; still in use.", shown(first))


def test_a_shift_that_the_agency_does_not_have(tiny: Tiny, opened: Opened, world: World) -> None:
    """Its name, and those there are."""
    with pytest.raises(UserError, match="no shift 'evening'; it has day, night"):
        forecast(opened, world, tiny.agency, "2026-10-14/evening")


def test_percentiles_order_the_boxes(plain: Forecast) -> None:
    """Of 100 boxes, how many have less: none for the least, almost all for the most."""
    one = plain.types["robbery"]
    assert one.percentile[int(np.argmin(one.units))] == 0.0
    assert one.percentile[int(np.argmax(one.units))] > 98.0
