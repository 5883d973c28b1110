"""What the streets of the demo city are called: numbers from south to north, plants and minerals from west to east."""

from typing import Final

RIVER: Final = "River Drive"
DIAGONAL: Final = "Summit Boulevard"
ARTERIALS: Final = (
    "Ferry Road", "Mill Avenue", "Locust Avenue", "Park Avenue", "Main Street", "Market Avenue", "Depot Avenue",
    "Orchard Avenue", "Quarry Road",
)  # fmt: skip
_LOCALS: Final = (
    "Agate", "Alder", "Almond", "Amber", "Apple", "Ash", "Aspen", "Balsam", "Basalt", "Bay", "Beech", "Birch", "Cedar",
    "Chalk", "Cherry", "Chestnut", "Clay", "Clover", "Copper", "Coral", "Cypress", "Dogwood", "Elder", "Elm", "Fern",
    "Fir", "Flint", "Garnet", "Granite", "Hazel", "Heather", "Hemlock", "Hickory", "Holly", "Ivy", "Jasper", "Juniper",
    "Larch", "Laurel", "Lilac", "Linden", "Magnolia", "Maple", "Marble", "Mulberry", "Oak", "Olive", "Onyx", "Opal",
    "Peach", "Pear", "Pecan", "Pine", "Plum", "Poplar", "Quartz", "Redwood", "Rose", "Sage", "Slate", "Spruce",
    "Sumac", "Sycamore", "Topaz", "Tulip", "Walnut", "Willow", "Yew",
)  # fmt: skip


def local_name(place: int) -> str:
    """The name of a side street from south to north, counted from the west."""
    return f"{_LOCALS[place % len(_LOCALS)]} Avenue"


def numbered(place: int) -> str:
    """The name of a street from west to east, counted from the south."""
    number = place + 1
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending} Street"
