"""The demo car that obeys its screen: to the box it offers, there until told to go, on when the offer changes."""

from itertools import islice, pairwise
from math import hypot

import shapely

from edge.demo.city import City
from edge.demo.guided import Word, guided
from edge.domain.grid import cell_of


class Screen:
    """What a screen would say, by a script of the test."""

    def __init__(self, word: Word) -> None:
        self.word = word

    def __call__(self) -> Word:
        """The word now."""
        return self.word


def test_the_car_goes_to_the_offered_box_and_stays_until_told_to_go(city: City) -> None:
    """Told to wait it stands; told a box it drives there and stays; told another one it goes there."""
    screen, (first, second) = Screen("wait"), city.boxes[:2]
    car = guided(city, 1, screen, city.station)
    waiting = list(islice(car, 60))
    assert len({(one.x, one.y) for one in waiting}) == 1
    screen.word = first
    cells = [cell_of(one.x, one.y) for one in islice(car, 900)]
    arrived = cells.index(first)
    screen.word = "wait"
    assert arrived < 700
    assert {cell_of(one.x, one.y) for one in islice(car, 600)} == {first}
    screen.word = second
    assert second in [cell_of(one.x, one.y) for one in islice(car, 900)]


def test_the_car_turns_when_the_offer_changes_on_the_way(city: City) -> None:
    """It brakes as a car does, stays on the streets, and ends in the box that is offered now."""
    far = max(city.boxes, key=lambda cell: hypot(cell[0] * 250 - city.station[0], cell[1] * 250 - city.station[1]))
    near = min(city.boxes, key=lambda cell: hypot(cell[0] * 250 - city.station[0], cell[1] * 250 - city.station[1]))
    screen = Screen(far)
    car = guided(city, 2, screen, city.station)
    driven = list(islice(car, 40))
    screen.word = near
    driven += list(islice(car, 500))
    for one, after in pairwise(driven):
        assert hypot(after.x - one.x, after.y - one.y) < 13.5
        assert abs(after.speed - one.speed) < 2.1
    network = shapely.union_all([edge.line for edge in city.streets.edges])
    assert shapely.distance(network, shapely.points([(one.x, one.y) for one in driven])).max() < 0.1
    assert cell_of(driven[-1].x, driven[-1].y) == near
    assert far not in [cell_of(one.x, one.y) for one in driven]


def test_with_nothing_due_the_car_drives_about(city: City) -> None:
    """The screen says so, and the car is not frozen: it gets around in the district."""
    car = guided(city, 1, Screen("roam"), city.station)
    cells = [cell_of(one.x, one.y) for one in islice(car, 1200)]
    assert len(set(cells)) > 15
