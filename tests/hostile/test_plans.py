"""Plans that must not be obeyed, whoever sends them: the plan in force stays, and a sentence says why."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import LARGEST, encode
from edge.contract.signing import public_key_of
from edge.contract.topics import Topics
from edge.domain.inputs import AdoptPlan, Start, Tick
from edge.domain.patrol import decide
from edge.domain.state import State
from edge.errors import UserError
from edge.vehicle.in_force import why_ignored
from edge.vehicle.inbox import PlanVerified
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.store.vault import Vault
from tests.signed import stored_in, verified_plan
from tests.vehicle.link.signing import DISTRICT, FOREIGN_KEY, KEY, plan_body, signed_plan
from tests.vehicle.town_shift import BOOT, UTC, setting, shift_id
from tests.words import shown

UNIT = "car-1"
TOPICS = Topics("squaretown")
DAY = 86_400.0


class Car:
    """What a vehicle does with plans, without its threads: reads, decides, keeps; ``sentence`` is the link's."""

    def __init__(self, agency: Agency, folder: Path) -> None:
        self.agency = agency
        self.inbound = Inbound(agency, UNIT, DISTRICT)
        self.sentence = ""
        self.vault = Vault(folder, UNIT)
        self.state, plans = self.vault.load(stored_in(agency, DISTRICT))
        self.decide(Start(self.state.mono, BOOT, UTC, "test"))
        self.decide(Tick(self.state.mono + 1.0, UTC, ntp=True))
        for plan in plans:
            self.decide(AdoptPlan(self.state.mono, plan))

    def decide(self, given: Any) -> None:
        """As the engine does."""
        self.state, events = decide(setting(self.agency), self.state, given)
        self.vault.commit(events, self.state)

    def hear(self, topic: str, payload: bytes) -> None:
        """As the link and the engine do."""
        try:
            said = self.inbound.read(topic, payload)
        except UserError as error:
            self.sentence = str(error)
            return
        if isinstance(said, PlanVerified):
            self.sentence = shown(why_ignored(said.plan, self.state, self.agency.calendar))
            known = self.state.plans
            self.decide(AdoptPlan(self.state.mono, said.plan))
            if said.plan in self.state.plans and said.plan not in known:
                self.vault.keep_plan(said.signed, said.plan)

    def told(self, body: dict[str, Any], **how: Any) -> None:
        """A signed plan comes on the topic of its own shift."""
        self.hear(TOPICS.hq(f"plan/{DISTRICT}/{body['shift']}"), encode(signed_plan(body, **how)))

    @property
    def in_force(self) -> int | None:
        """The version of the running shift's plan."""
        return self.state.plan.version if self.state.plan else None


def restarted(car: Car, folder: Path) -> Car:
    """The same vehicle after a power cut."""
    car.vault.close()
    return Car(car.agency, folder)


def other_shift(agency: Agency, days: float) -> str:
    """The shift so many days from the present one."""
    return agency.calendar.shift_at(UTC + days * DAY).id


Attack = Callable[[Car, dict[str, Any]], None]


def forged(car: Car, body: dict[str, Any]) -> None:
    car.told({**body, "version": 9}, key=FOREIGN_KEY)


def tampered(car: Car, body: dict[str, Any]) -> None:
    good = signed_plan(body)
    changed = good.model_copy(update={"body": {**body, "version": 9}})
    car.hear(TOPICS.hq(f"plan/{DISTRICT}/{body['shift']}"), encode(changed))


def foreign_agency(car: Car, body: dict[str, Any]) -> None:
    car.told({**body, "version": 9, "agency": "elsewhere"})


def foreign_district(car: Car, body: dict[str, Any]) -> None:
    car.told({**body, "version": 9, "district": "1"})


def older(car: Car, body: dict[str, Any]) -> None:
    car.told({**body, "version": 2})


def on_another_topic(car: Car, body: dict[str, Any]) -> None:
    tomorrow = {**body, "version": 9, "shift": other_shift(car.agency, 1.0)}
    car.hear(TOPICS.hq(f"plan/{DISTRICT}/{body['shift']}"), encode(signed_plan(tomorrow)))


def another_kind(car: Car, body: dict[str, Any]) -> None:
    car.told({**body, "version": 9}, kind="roster")


def huge(car: Car, body: dict[str, Any]) -> None:
    car.hear(
        TOPICS.hq(f"plan/{DISTRICT}/{body['shift']}"), encode(signed_plan({**body, "version": 9})) + b" " * LARGEST
    )


def nested(car: Car, body: dict[str, Any]) -> None:
    car.hear(TOPICS.hq(f"plan/{DISTRICT}/{body['shift']}"), b'{"kind":"plan","body":' + b'{"a":' * 100_000)


ATTACKS: dict[Attack, str] = {
    forged: "plan rejected: not signed with this agency's key",
    tampered: "plan rejected: not signed with this agency's key",
    another_kind: "plan rejected: not signed with this agency's key",
    foreign_agency: "plan rejected: it is for elsewhere/2",
    foreign_district: "plan rejected: it is for squaretown/1",
    older: "older plan ignored: version 2 for 2026-10-14/day (current: version 3)",
    on_another_topic: "plan rejected: it is for plan/2/2026-10-15/day but came on plan/2/2026-10-14/day",
    huge: "plan rejected: not a Signed message: it has 1,04",
    nested: "plan rejected: not a Signed message: the document: is not valid JSON",
}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_a_plan_that_must_not_be_obeyed_is_not(attack: Attack, agency: Agency, tmp_path: Path) -> None:
    """Nor after a restart; the sentence is the same then, and the plan in force is still there."""
    body = plan_body(agency, version=3)
    car = Car(agency, tmp_path)
    car.told(body)
    assert (car.in_force, car.sentence) == (3, "")
    for _ in range(2):
        attack(car, body)
        assert car.in_force == 3
        assert car.sentence.startswith(ATTACKS[attack])
        car = restarted(car, tmp_path)
        assert car.in_force == 3
    car.vault.close()


def test_the_plan_in_force_may_come_again(agency: Agency, tmp_path: Path) -> None:
    """The broker tells it at each connection: not a word about it, and an emptied topic takes nothing back."""
    car = Car(agency, tmp_path)
    body = plan_body(agency, version=3)
    with closing(car.vault):
        for _ in range(3):
            car.told(body)
            car.hear(TOPICS.hq(f"plan/{DISTRICT}/{body['shift']}"), b"")
        assert (car.in_force, car.sentence) == (3, "")


def test_the_plan_of_an_ended_shift_is_not_obeyed(agency: Agency, tmp_path: Path) -> None:
    """Said where there is no plan for this shift: it may be what somebody takes for one."""
    car = Car(agency, tmp_path)
    with closing(car.vault):
        car.told(plan_body(agency, shift=other_shift(agency, -1.0)))
        assert car.in_force is None
        assert car.sentence == ("Ignored plan for 2026-10-13/day (shift over). No plan for this shift.")
        car.told(plan_body(agency))
        car.told(plan_body(agency, shift=other_shift(agency, -1.0), version=9))
        assert [plan.version for plan in car.state.plans if plan.shift == shift_id(agency)] == [1]
        assert car.sentence == ""


def test_a_signature_by_an_old_key_ends_with_the_key(agency: Agency, tmp_path: Path) -> None:
    """The agency has a new key: what the old one signed is refused, off the wire and out of the documents."""
    car = Car(agency, tmp_path)
    body = plan_body(agency, version=3)
    car.told(body)
    assert car.in_force == 3
    car.vault.close()
    renewed = Car(replace(agency, public_key=public_key_of(FOREIGN_KEY)), tmp_path)
    with closing(renewed.vault):
        assert renewed.in_force is None
        assert "not used: plan rejected: not signed with" in shown(renewed.vault.notices[-1])
        renewed.told({**body, "version": 4}, key=KEY)
        assert renewed.in_force is None
        assert "not signed with this agency's key" in renewed.sentence
        renewed.told({**body, "version": 5}, key=FOREIGN_KEY)
        assert renewed.in_force == 5


def test_an_older_plan_of_a_state_without_clock_is_refused(agency: Agency) -> None:
    """A version is a version, whatever the time."""
    plan = verified_plan(signed_plan(plan_body(agency, version=3)), agency, DISTRICT)
    state = State(UNIT, "x", plans=(plan,))
    assert "version 1" in shown(why_ignored(replace(plan, version=1), state, agency.calendar))
    assert why_ignored(replace(plan, version=4), state, agency.calendar) is None


def test_an_ended_plan_is_not_missed_while_the_running_one_is_on_its_way(tmp_path: Path, agency: Agency) -> None:
    """Both come at once on a new connection; the rules have neither yet."""
    car = Car(agency, tmp_path)
    ended = replace(verified_plan(signed_plan(plan_body(agency)), agency, DISTRICT), shift=other_shift(agency, -2.0))
    assert car.state.shift is not None
    assert "No plan for this shift" in shown(why_ignored(ended, car.state, agency.calendar))
    assert why_ignored(ended, car.state, agency.calendar, {car.state.shift.id}) is None
    car.vault.close()
