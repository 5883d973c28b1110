"""The agency's numbers: the defaults are the design's table, and several crime types share one prescription."""

from dataclasses import asdict

from edge.domain.policy import CRIME_TYPES, Metering, Policy, Prescription

ROBBERY = Prescription(minutes=10.0, visits=2, spacing_s=3600.0, cap_shift=4, cap_7_days=5)


def test_the_defaults_are_those_of_the_metering_table() -> None:
    """Each figure as the table has it."""
    table = {
        "arrive_inside_m": 10, "arrive_s": 5,
        "leave_outside_m": 25, "leave_s": 10, "margin_accuracy_m": 10, "return_s": 120,
        "parked_speed": 0.5, "parked_s": 10,
        "max_accuracy_m": 30, "stale_s": 3, "stale_intervals": 2.5, "lost_s": 10,
        "counts_from_s": 60, "overstay_s": 300, "restart_s": 300,
    }  # fmt: skip
    assert asdict(Metering()).items() >= table.items()
    assert Prescription() == Prescription(minutes=15, visits=1, spacing_s=7200, cap_shift=3, cap_7_days=7)


def test_crime_types_are_part_1_and_gunfire() -> None:
    """Seven types and no other."""
    assert set(CRIME_TYPES) == {
        "gunfire", "homicide", "aggravated_assault", "robbery", "burglary", "motor_vehicle_theft", "theft",
    }  # fmt: skip


def test_a_crime_type_has_its_own_prescription_or_the_default() -> None:
    """Policy by type where the agency set one."""
    policy = Policy(by_type={"robbery": ROBBERY})
    assert policy.prescription(("robbery",)) == ROBBERY
    assert policy.prescription(("theft",)) == policy.prescription(()) == Prescription()


def test_several_crime_types_take_the_longest_stay_and_the_tightest_caps() -> None:
    """Most minutes and visits, shortest spacing, lowest caps; the order of the types does not matter."""
    policy = Policy(by_type={"robbery": ROBBERY})
    both = Prescription(minutes=15.0, visits=2, spacing_s=3600.0, cap_shift=3, cap_7_days=5)
    assert policy.prescription(("robbery", "theft")) == policy.prescription(("theft", "robbery")) == both
