"""How long answers take, above what they take at least."""

from edge.vehicle.link.delay import AnswerDelay


def measured(*delays: float) -> AnswerDelay:
    """After records whose answers took so long, one after the other, from 0 s on."""
    delay, now = AnswerDelay(), 0.0
    for seq, took in enumerate(delays, 1):
        delay.sent(seq, now)
        now += took
        delay.answered(seq, now)
    return delay


def test_what_counts_is_the_queue() -> None:
    """Over half a second more than the least of the session; a far network's answers take as long each time."""
    assert not AnswerDelay().long(0.0)
    assert not measured(3.0, 3.0, 3.4).long(9.4)
    assert measured(0.2, 0.8).long(1.0)
    assert not measured(0.2, 0.8, 0.6).long(1.6)


def test_an_answer_that_has_not_come_counts_for_what_it_takes_already() -> None:
    """Nobody waits for it to say so."""
    delay = measured(0.2)
    delay.sent(2, 10.0)
    assert not delay.long(10.6)
    assert delay.long(10.8)


def test_a_record_that_is_sent_again_is_not_timed() -> None:
    """Its answer may be to the first sending; the next new one is timed."""
    delay = measured(0.2)
    delay.sent(2, 10.0)
    delay.again()
    delay.sent(2, 20.0)
    assert not delay.long(30.0)
    delay.sent(3, 30.0)
    assert delay.long(30.8)
    delay.answered(2, 30.8)
    assert delay.long(30.8)
    delay.answered(3, 30.9)
    assert delay.long(40.0)
