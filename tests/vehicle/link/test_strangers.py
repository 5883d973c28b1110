"""A stranger on the broker: of what it sends, no word reaches the screen, and nothing long is kept."""

import json
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.contract.messages import Ack, encode
from edge.errors import UserError
from edge.text.coded import LONGEST, CodedError
from edge.text.words import say
from edge.vehicle.link.faults import of_record
from edge.vehicle.link.inbound import Inbound
from edge.vehicle.link.troubles import Troubles
from tests.brokers import Mosquitto
from tests.vehicle.link.headquarters import TOPICS, UNIT, car, headquarters
from tests.waiting import wait_for
from tests.words import shown

WORDS = "RETURN TO BASE AT ONCE"


def sentence(agency: Agency, topic: str, payload: bytes) -> str:
    """What is said of a message that is refused."""
    with pytest.raises(UserError) as refused:
        Inbound(agency, UNIT, "2").read(topic, payload)
    return str(refused.value)


def document(**body: object) -> bytes:
    return json.dumps(body).encode()


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        (TOPICS.acks(UNIT), document(unit=WORDS, ledger="a", seq=1, head="0" * 64)),
        (TOPICS.acks(UNIT), document(unit=UNIT, ledger="a", seq=WORDS, head=WORDS)),
        (TOPICS.acks(UNIT), document(**{WORDS: WORDS})),
        (TOPICS.hq("context"), document(kind=WORDS, body={}, signature="0" * 128)),
        (TOPICS.hq("context"), document(kind="context", body={WORDS: WORDS}, signature=WORDS)),
        (TOPICS.hq("context"), document(kind=WORDS, body=WORDS, signature=WORDS)),
        (TOPICS.hq("plan/2/2026-11-22/night"), f'{{"kind": "plan", "{WORDS}'.encode()),
        (TOPICS.visits(WORDS), document(unit="car-2", shift=None, visits=[])),
        (TOPICS.visits("car-2"), document(unit="car-2", shift=WORDS, visits=[{WORDS: WORDS}, WORDS])),
        (TOPICS.visits("car-2"), document(unit="car-2", shift=None, visits={WORDS: WORDS})),
    ],
)
def test_no_word_that_a_peer_chose_is_repeated(topic: str, payload: bytes, agency: Agency) -> None:
    """Neither a key's name nor a value nor a unit that is none: the sentence says what is wrong in our own words."""
    said = sentence(agency, topic, payload)
    assert WORDS not in said
    assert "RETURN" not in said
    assert len(said) <= 400


def test_of_an_acknowledgments_problem_only_our_own_words_are_repeated() -> None:
    """A kind that headquarters knows, and the record it lacks; whatever else stands there is left out."""

    def said(problem: str) -> str:
        return say(of_record(Ack(unit=UNIT, ledger="a", seq=3, head="0" * 64, problem=problem)))

    plain = "headquarters rejected record 4; contact your fleet admin"
    assert said(WORDS) == said("x" * 900_000) == said("") == said(f"missingness: {WORDS}") == plain
    assert said("missing: record 4 has not come; send again from there") == plain.replace(
        "4;", "4 (missing: record 4);"
    )
    assert said(f"malformed: {WORDS}\n\x1b[2J") == plain.replace("4;", "4 (malformed);")


def test_a_sentence_on_the_screen_is_one_bounded_line() -> None:
    """Whatever went into it."""
    troubles = Troubles()
    troubles.say("message", CodedError("message.other_topic", topic="a\nb\x1b[2J" + "x" * 900_000).why)
    notice = troubles.gravest()
    assert notice is not None
    assert shown(notice).startswith("Received a message on 'a\\nb\\x1b[2Jxxx")
    assert len(shown(notice)) <= LONGEST + 80


def test_an_acknowledgment_of_900_kb_is_no_word_on_the_screen(
    mosquitto: Mosquitto, agency: Agency, tmp_path: Path
) -> None:
    """It came from somebody who is not headquarters; the real one's next ends it, and records went on meanwhile."""
    with headquarters(mosquitto.port) as hq, car(agency, mosquitto.port, tmp_path) as one:
        one.record(3)
        wait_for(lambda: one.acknowledged == 3)
        forged = Ack(unit=UNIT, ledger=one.ledger.id, seq=3, head=hq.head.hex(), problem=WORDS * 40_000)
        for _ in range(3):
            hq.client.publish(TOPICS.acks(UNIT), encode(forged), qos=1)
        one.record(3)
        wait_for(lambda: one.acknowledged == 6)
        assert all(WORDS not in shown(view.notice) and len(shown(view.notice)) <= LONGEST for view in one.views)
