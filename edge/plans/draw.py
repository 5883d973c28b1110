"""A draw with known inclusion probabilities: systematic sampling along a line of boxes, beat after beat.

Everything is a whole number, so every machine draws the same boxes: an inclusion probability is a count of
millionths (`SURE` is certainty), and the draw happens with exactly that probability. Probabilities are in proportion
to the boxes' sizes, but none is above certainty and those of a beat together are no more than its limit; what that
takes from a box goes to the others in proportion. Must not know what a size means, nor use a floating point number.

**Why the limits hold.** The probabilities lie end to end on a line, those of a beat side by side; the boxes drawn are
those in which the points start, start + 1, start + 2 … of the line fall. A stretch no longer than m holds at most m
such points, and a box, no longer than 1, at most one. The start is uniform on the millionths of the first unit, so a
box is drawn with the probability that is its length, whatever the order of the beats, and of the boxes in a beat.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

SURE: Final = 1_000_000
"""Certainty, in the unit of inclusion probabilities."""

Rate: TypeAlias = tuple[int, int]
"""A fraction: a box of size s is drawn with the probability ``min(1, s × numerator / denominator)``."""


def inclusion(sizes: Sequence[int], beats: Sequence[int], boxes: int, max_per_beat: int) -> list[int]:
    """The inclusion probability of each box in millionths; their sum is a whole number of certainties.

    ``sizes``: not negative; a box of size 0 is never drawn. ``beats``: the beat of each box. ``boxes``: so many are
    drawn, or as many as the beats' limits and the boxes with a size allow.
    """
    members: dict[int, list[int]] = {}
    for place, (size, beat) in enumerate(zip(sizes, beats, strict=True)):
        if size > 0:
            members.setdefault(beat, []).append(place)
    wanted = min(boxes, sum(min(max_per_beat, len(places)) for places in members.values()))
    full = _full_beats(sizes, members, wanted, max_per_beat)
    groups = [(members[beat], max_per_beat) for beat in full]
    rest = [place for beat, places in members.items() if beat not in full for place in places]
    groups.append((rest, wanted - max_per_beat * len(full)))
    given = [0] * len(sizes)
    for places, share in groups:
        allotted = _allot([sizes[place] for place in places], [beats[place] for place in places], share, max_per_beat)
        for place, probability in zip(places, allotted, strict=True):
            given[place] = probability
    return given


def systematic(probabilities: Sequence[int], line: Sequence[int], start: int) -> list[int]:
    """The places drawn, in the order of ``line``, which keeps a beat together; ``start``: 0 to ``SURE`` - 1."""
    drawn = []
    point, reached = start, 0
    for place in line:
        reached += probabilities[place]
        if point < reached:
            drawn.append(place)
            point += SURE
    return drawn


def _full_beats(sizes: Sequence[int], members: Mapping[int, Sequence[int]], wanted: int, limit: int) -> list[int]:
    """The beats that get just their limit, because more would fall to them in proportion.

    Such a beat takes less than would fall to it, so the rate of the others only rises from round to round: a beat
    that is full stays full, and the search ends.
    """
    full: list[int] = []
    left = {beat: [sizes[place] for place in places] for beat, places in members.items()}
    while True:
        rate = _rate([size for own in left.values() for size in own], wanted - limit * len(full))
        found = [beat for beat, own in left.items() if len(own) > limit and _exceeds(own, rate, limit)]
        if not found:
            return full
        full += found
        for beat in found:
            del left[beat]


def _rate(sizes: Sequence[int], wanted: int) -> Rate:
    """The rate at which the probabilities of some boxes add up to ``wanted``, which is not more than there are."""
    top, bottom = wanted, sum(sizes)
    for size in sorted(sizes, reverse=True):
        if size * top < bottom:
            return top, bottom
        top, bottom = top - 1, bottom - size  # drawn for certain; the others share the rest
    return 1, 1  # every box is drawn for certain, or there is none


def _exceeds(sizes: Sequence[int], rate: Rate, limit: int) -> bool:
    """Whether the probabilities of some boxes add up to more than ``limit``."""
    top, bottom = rate
    return sum(min(bottom, size * top) for size in sizes) > limit * bottom


def _allot(sizes: Sequence[int], beats: Sequence[int], wanted: int, limit: int) -> list[int]:
    """Whole millionths that add up to ``wanted`` certainties: rounded down, the rest to the largest remainders."""
    top, bottom = _rate(sizes, wanted)
    exact = [SURE * min(bottom, size * top) for size in sizes]
    given = [share // bottom for share in exact]
    spare = wanted * SURE - sum(given)
    room = Counter(dict.fromkeys(beats, limit * SURE))
    for beat, share in zip(beats, given, strict=True):
        room[beat] -= share
    for place in sorted(range(len(sizes)), key=lambda place: (-(exact[place] % bottom), place)):
        if spare and room[beats[place]] and exact[place] % bottom:
            given[place] += 1
            room[beats[place]] -= 1
            spare -= 1
    return given
