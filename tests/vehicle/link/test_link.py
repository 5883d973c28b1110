"""The link over a real mosquitto: in order, acknowledged by headquarters alone, through every kind of outage."""

import multiprocessing
import socket
import time
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import VisitDoc, Visits, encode
from edge.contract.records import GENESIS
from edge.domain.inputs import MergeVisits
from edge.mqtt import timings as mqtt
from edge.vehicle.inbox import Acknowledged, PlanVerified
from edge.vehicle.link.timings import Timings
from tests.brokers import Mosquitto, free_port
from tests.vehicle.link import headquarters as ends
from tests.vehicle.link.headquarters import TOPICS, UNIT, car, headquarters
from tests.vehicle.link.signing import DISTRICT, FOREIGN_KEY, plan_body, signed_plan
from tests.vehicle.town_shift import other_visit, plan
from tests.waiting import PATIENCE_S, wait_for
from tests.words import shown

PLAN = TOPICS.hq(f"plan/{DISTRICT}/2026-10-14/day")


def test_records_arrive_once_in_order_with_their_place_in_the_chain(
    broker: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """A backlog of more than a window, then one more: each once, the ledger's own bytes, the queue empty at last."""
    with headquarters(broker.port) as hq, car(agency, broker.port, tmp_path) as one:
        one.record(1200)
        wait_for(lambda: one.acknowledged == 1200)
        one.record(1)
        wait_for(lambda: one.acknowledged == 1201)
        assert [seen.seq for seen in hq.came] == list(range(1, 1202))
        assert hq.held == one.bodies()
        assert hq.head == one.ledger.head
        assert hq.came[-1].properties["hash"] == one.ledger.head.hex()
        assert hq.came[0].properties["specversion"] == "1.0"
        wait_for(lambda: one.view.queue == 0)
        assert (one.view.state, shown(one.view.notice)) == ("connected", "")


def test_a_brokers_acknowledgement_moves_nothing(broker: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """The broker confirms, headquarters has them and falls silent: the cursor stays, they come again, it is said."""
    timings = Timings(patience_s=0.5)
    with headquarters(broker.port) as hq, car(agency, broker.port, tmp_path, timings=timings) as one:
        wait_for(lambda: Acknowledged(0) in one.posted)
        hq.silent = True
        one.record(5)
        wait_for(lambda: len(hq.came) >= 10)
        assert one.acknowledged == 0
        assert one.view.queue == 5
        assert shown(one.view.notice) == "No answer from headquarters."
        hq.silent = False
        hq.acknowledge()
        wait_for(lambda: one.acknowledged == 5)
        wait_for(lambda: shown(one.view.notice) == "")


def test_without_headquarters_nothing_is_sent_and_the_screen_says_so(
    broker: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """Only the broker is there: records wait, and the officer reads why; headquarters comes, and they go."""
    timings = Timings(patience_s=0.3)
    with car(agency, broker.port, tmp_path, timings=timings) as one:
        one.record(3)
        wait_for(lambda: one.view.state == "connected" and one.view.queue == 3)
        wait_for(lambda: shown(one.view.notice) == "No answer from headquarters.")
        with headquarters(broker.port) as hq:
            wait_for(lambda: one.acknowledged == 3)
            assert [seen.seq for seen in hq.came] == [1, 2, 3]


def test_a_first_status_that_was_lost_is_repeated_soon(broker: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """Nothing is sent before headquarters has answered one: in a storm the broker may drop it."""
    timings = Timings(ask_s=0.2)
    with headquarters(broker.port) as hq:
        hq.silent = True
        with car(agency, broker.port, tmp_path, timings=timings) as one:
            one.record(3)
            wait_for(lambda: len(hq.statuses) >= 3)
            hq.silent = False
            wait_for(lambda: one.acknowledged == 3)


def test_a_record_that_headquarters_never_takes_is_told(broker: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """Said when repeats do not help, not at the first gap; gone when it is taken after all."""
    timings = Timings(patience_s=0.5)
    with headquarters(broker.port) as hq, car(agency, broker.port, tmp_path, timings=timings) as one:
        wait_for(lambda: Acknowledged(0) in one.posted)
        hq.silent = True
        one.record(5)
        sentence = "Headquarters rejected record 1 (missing: record 1); contact your fleet admin."

        def told() -> bool:
            hq.acknowledge(0, GENESIS, problem="missing: record 1")
            return shown(one.view.notice) == sentence

        hq.acknowledge(0, GENESIS, problem="missing: record 1")
        wait_for(told)
        hq.silent = False
        wait_for(lambda: one.acknowledged == 5 and shown(one.view.notice) == "")


def test_a_broker_that_is_killed_and_started_again_costs_nothing(
    broker: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """Kill -9 in the middle: the screen says offline, recording goes on, and it recovers by itself, all in order."""
    with headquarters(broker.port) as hq, car(agency, broker.port, tmp_path) as one:
        one.record(300)
        wait_for(lambda: len(hq.held) > 0)
        broker.kill()
        wait_for(lambda: one.view.state == "offline")
        assert "The connection to the broker was lost." in [shown(view.notice) for view in one.views]
        wait_for(lambda: "Cannot reach the broker: nothing is listening at" in shown(one.view.notice))
        one.record(300)
        broker.start()
        wait_for(lambda: one.acknowledged == 600)
        assert hq.held == one.bodies()
        wait_for(lambda: one.view == one.views[-1] and one.view.queue == 0)
        assert one.view.state == "connected"


def test_a_headquarters_that_lost_its_database_gets_everything_again(
    broker: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """It says that it holds nothing: the cursor goes back, and all records come again."""
    with headquarters(broker.port) as hq, car(agency, broker.port, tmp_path) as one:
        one.record(50)
        wait_for(lambda: one.acknowledged == 50)
        hq.held.clear()
        hq.came.clear()
        hq.acknowledge()
        wait_for(lambda: len(hq.held) == 50)
        wait_for(lambda: one.acknowledged == 50)
        assert hq.held == one.bodies()
        assert Acknowledged(0) in one.posted[1:]


def test_a_headquarters_that_holds_another_record_gets_nothing(
    broker: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """A changed record shows on the vehicle too: nothing is sent on top of it, and a person is asked to look."""
    with headquarters(broker.port) as hq:
        hq.silent = True
        with car(agency, broker.port, tmp_path) as one:
            one.record(5)
            wait_for(lambda: bool(hq.statuses))
            hq.acknowledge(2, bytes(32))
            wait_for(lambda: "Record 2 at headquarters differs" in shown(one.view.notice))
            hq.acknowledge(99)
            wait_for(lambda: "Record 99 at headquarters differs" in shown(one.view.notice))
            assert hq.came == []
            assert one.acknowledged == 0


def test_an_acknowledgement_of_a_former_ledger_is_not_heard(broker: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """The file was set aside and a new one begun: what was said of the old one is no news of this one."""
    with headquarters(broker.port) as hq:
        hq.silent = True
        with car(agency, broker.port, tmp_path) as one:
            one.record(5)
            wait_for(lambda: bool(hq.statuses))
            truth = hq.statuses[-1]
            hq.statuses.append(truth.model_copy(update={"ledger": "former"}))
            hq.acknowledge(0)
            hq.statuses.append(truth)
            hq.silent = False
            hq.acknowledge()
            wait_for(lambda: one.acknowledged == 5)
            assert one.posted[0] == Acknowledged(0)


def live_and_hang(agency: Agency, port: int, folder: Path, named: dict[str, str]) -> None:
    """A car that is connected until it is killed."""
    with car(agency, port, folder, username=named.get("username"), password=named.get("password")):
        time.sleep(60.0)


def test_a_car_that_is_killed_leaves_its_last_will(broker: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """The broker says offline in its place, with what it last said; retained for whoever asks later."""
    with headquarters(broker.port) as hq:
        child = multiprocessing.get_context("spawn").Process(
            target=live_and_hang, args=(agency, broker.port, tmp_path, ends.NAMED), daemon=True
        )
        child.start()
        wait_for(lambda: any(status.online for status in hq.statuses))
        child.kill()
        child.join(PATIENCE_S)
        wait_for(lambda: not hq.statuses[-1].online)
        assert (hq.statuses[-1].unit, hq.statuses[-1].ledger) == (UNIT, hq.statuses[0].ledger)


def test_a_car_that_leaves_in_order_says_so(broker: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """The retained status is offline at once, and how far it had come is in it."""
    with headquarters(broker.port) as hq:
        with car(agency, broker.port, tmp_path) as one:
            one.record(4)
            wait_for(lambda: one.acknowledged == 4)
        wait_for(lambda: not hq.statuses[-1].online)
        assert (hq.statuses[-1].recorded, hq.statuses[-1].acknowledged) == (4, 4)


def test_a_retained_plan_is_handed_on(broker: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """Published before the car was there."""
    with headquarters(broker.port) as hq:
        hq.publish(PLAN, encode(signed_plan(plan_body(agency))))
        with car(agency, broker.port, tmp_path) as one:
            wait_for(lambda: any(isinstance(item, PlanVerified) for item in one.posted))
            (verified,) = [item for item in one.posted if isinstance(item, PlanVerified)]
            assert verified.plan.patrols == plan(agency).patrols


def test_a_forged_plan_is_refused_and_the_screen_says_so(broker: Mosquitto, agency: Agency, tmp_path: Path) -> None:
    """The sentence stays while headquarters goes on answering; a good plan after it is obeyed and ends the sentence."""
    with headquarters(broker.port) as hq, car(agency, broker.port, tmp_path) as one:
        wait_for(lambda: Acknowledged(0) in one.posted)
        hq.publish(PLAN, encode(signed_plan(plan_body(agency), FOREIGN_KEY)))
        refusal = "Plan rejected: not signed with this agency's key."
        wait_for(lambda: refusal in [shown(view.notice) for view in one.views])
        assert not any(isinstance(item, PlanVerified) for item in one.posted)
        one.record(3)
        wait_for(lambda: one.acknowledged == 3)
        assert shown(one.view.notice) == refusal, "an acknowledgement has wiped it off the screen"
        hq.publish(PLAN, encode(signed_plan(plan_body(agency))))
        wait_for(lambda: any(isinstance(item, PlanVerified) for item in one.posted))
        wait_for(lambda: shown(one.view.notice) == "")


GARBAGE = {
    "acks": (TOPICS.acks(UNIT), b"\xff\x00"),
    "ack beyond sqlite": (
        TOPICS.acks(UNIT),
        b'{"unit":"car-1","ledger":"LEDGER","seq":99999999999999999999,"head":"' + b"ab" * 32 + b'","problem":null}',
    ),
    "plan": (PLAN, b'{"kind":"plan","body":{"version":1e999},"signature":"' + b"ab" * 64 + b'"}'),
    "visits": (
        TOPICS.visits("car-2"),
        b'{"unit":"car-2","shift":null,"visits":[{"id":"car-2:x:1","box":"1-1","shift":"2026-10-13/day",'
        b'"opened":"0001-01-01T00:00:00","ended":null,"dosage_s":1,"counted":true,"early":false}]}',
    ),
}


@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_does_not_end_the_link(broker: Mosquitto, agency: Agency, tmp_path: Path, name: str) -> None:
    """Retained, it would end the daemon at every start: it is refused with a sentence, and records go on."""
    topic, payload = GARBAGE[name]
    with headquarters(broker.port) as hq, car(agency, broker.port, tmp_path) as one:
        hq.publish(topic, payload.replace(b"LEDGER", one.ledger.id.encode()))
        wait_for(lambda: one.died is not None or any(shown(view.notice) for view in one.views))
        one.record(1)
        wait_for(lambda: one.died is not None or one.acknowledged == 1)


def test_the_fleets_visits_are_handed_on_and_its_own_are_published(
    broker: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """The fleet meters itself, with or without headquarters: through retained messages alone."""
    visit = other_visit(agency)
    theirs = Visits(unit="car-2", shift=visit.shift, visits=(VisitDoc.of(visit),))
    with headquarters(broker.port) as hq:
        hq.publish(TOPICS.visits("car-2"), encode(theirs))
        with car(agency, broker.port, tmp_path) as one:
            wait_for(lambda: any(isinstance(item, MergeVisits) for item in one.posted))
            (merge,) = [item for item in one.posted if isinstance(item, MergeVisits)]
            assert merge.visits == (visit,)


def test_no_broker_at_all_is_said_and_it_stops_when_asked(agency: Agency, tmp_path: Path) -> None:
    """It tries again and again, and ends when asked."""
    with car(agency, free_port(), tmp_path) as one:
        wait_for(lambda: "Cannot reach the broker" in shown(one.view.notice))
        one.stop()


def test_a_broker_that_says_nothing_does_not_hold_up_a_stop(agency: Agency, tmp_path: Path) -> None:
    """It accepts the connection and is frozen; the link would wait for an hour, but ends when asked."""
    patient = Timings(connection=mqtt.Timings(attempt_s=3600.0, address_s=3600.0))
    with (
        socket.create_server(("127.0.0.1", 0)) as frozen,
        car(agency, frozen.getsockname()[1], tmp_path, timings=patient) as one,
        frozen.accept()[0],
    ):
        wait_for(lambda: len(one.views) > 0)
        one.stop()


def test_a_broker_that_refuses_is_told_from_one_that_is_not_there(
    agency: Agency, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A wrong password or certificate is for the fleet admin, a dead spot is not."""
    folder = tmp_path_factory.mktemp("strict")
    folder.chmod(0o777)
    broker = Mosquitto(folder, "allow_anonymous false\n")
    broker.start()
    try:
        with car(agency, broker.port, tmp_path) as one:
            wait_for(lambda: any("refused the connection" in shown(view.notice) for view in one.views))
            wait_for(lambda: one.view.state == "offline")
            time.sleep(0.3)  # whatever follows the refusal must not write over it
            assert "refused the connection" in shown(one.view.notice)
    finally:
        broker.stop()


def test_without_a_broker_the_screen_says_how_much_waits(agency: Agency, tmp_path: Path) -> None:
    """Nothing is "all sent" that was never sent; after a restart neither."""
    for recorded in (5, 8):
        with car(agency, free_port(), tmp_path) as made:
            made.record(recorded - made.state.seq)
            wait_for(lambda: made.view.state == "offline" and made.view.queue == recorded)  # noqa: B023 - at once
