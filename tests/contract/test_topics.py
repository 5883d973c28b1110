"""Topics: a vehicle writes below its own name only, headquarters below ``hq``."""

from edge.contract.topics import Topics, unit_of

TOPICS = Topics("squaretown")


def test_every_topic_of_an_agency_lies_below_its_name() -> None:
    """So that one access rule a side is enough."""
    own = [TOPICS.events("car-1"), TOPICS.status("car-1"), TOPICS.visits("car-1")]
    hq = [TOPICS.hq("plan/7/2026-03-02/day"), TOPICS.acks("car-1")]
    assert all(topic.startswith("roundsman/v1/squaretown/vehicles/car-1/") for topic in own)
    assert all(topic.startswith("roundsman/v1/squaretown/hq/") for topic in hq)
    assert len({*own, *hq}) == 5


def test_without_a_unit_a_topic_is_a_filter_for_all() -> None:
    """What headquarters, and for visits the fleet, subscribes to."""
    assert TOPICS.events() == "roundsman/v1/squaretown/vehicles/+/events"
    assert TOPICS.visits() == "roundsman/v1/squaretown/vehicles/+/visits"


def test_a_vehicles_topic_says_whose_it_is() -> None:
    """By its place in the topic."""
    assert unit_of(TOPICS.events("car-1")) == "car-1"
    assert unit_of(TOPICS.visits("a.b_c-9")) == "a.b_c-9"
