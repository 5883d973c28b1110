"""What headquarters reads of every kind of record that a vehicle writes, before a report is made of it."""

from dataclasses import replace

import pytest

from edge.contract.records import encode_event
from edge.domain.events import EventData, PlanComputed, UnreadableRecord
from edge.headquarters.receive.decoding import read_event
from tests.contract.samples import DATA, event


@pytest.mark.parametrize("data", DATA, ids=lambda data: data.type)
def test_every_kind_can_be_read(data: EventData) -> None:
    """A plan that a vehicle computed names its boxes with their probabilities; others name them alone."""
    assert read_event(encode_event(event(data))).data == data


def test_a_computed_plan_with_a_box_that_is_none_is_unreadable() -> None:
    """No figure is made of it; who recorded it, when and what kind it is are known."""
    computed = next(data for data in DATA if isinstance(data, PlanComputed))
    sample = event(replace(computed, boxes=(("<b>", 1),)))
    read = read_event(encode_event(sample))
    assert isinstance(read.data, UnreadableRecord)
    assert (read.data.type, read.id, read.unit, read.time) == ("plan_computed", sample.id, sample.unit, sample.time)
    assert "box" in read.data.problem
