"""Protection 1 for what machines send: a field that is not known is passed over, one about persons is refused."""

import pytest

from edge.contract.unknown_fields import refuse_persons
from edge.errors import UserError

KNOWN = {"box": "1-1", "patrols": [{"box": "1-1"}, {"box": "1-2"}], "name": "night"}


@pytest.mark.parametrize(
    "received",
    [
        KNOWN,
        {**KNOWN, "shade": {"trees": 3}},
        {**KNOWN, "patrols": [{"box": "1-1"}, {"box": "1-2", "lights": ["out"]}]},
    ],
)
def test_other_unknown_fields_are_passed_over(received: object) -> None:
    """Also a name that the model itself knows."""
    refuse_persons("plan", received, KNOWN)


@pytest.mark.parametrize(
    ("received", "word"),
    [
        ({**KNOWN, "offender": "X"}, "offender"),
        ({**KNOWN, "patrols": [{"box": "1-1"}, {"box": "1-2", "suspectName": "X"}]}, "suspectName"),
        ({**KNOWN, "patrols": [{"box": "1-1", "victim_age": 3}]}, "victim_age"),
        ({**KNOWN, "shade": {"trees": [{"owner": "X"}]}}, "owner"),
    ],
)
def test_protection_1_a_field_about_persons_is_refused_by_its_name(received: object, word: str) -> None:
    """At any depth, below fields that are known or not."""
    with pytest.raises(UserError, match=f"this plan has the field '{word}', which is about people"):
        refuse_persons("plan", received, KNOWN)
