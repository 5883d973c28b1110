"""A command's short session with the broker: what is not confirmed is not published, and the reason is one sentence."""

import socket
from pathlib import Path

import pytest

from edge.contract.agency import Agency
from edge.errors import UserError
from edge.headquarters.publish.connection import connected_publisher
from edge.mqtt.broker import BrokerConfig
from edge.mqtt.timings import Timings
from tests.brokers import Mosquitto, free_port, running


def publish(agency: Agency, broker: BrokerConfig, topic: str = "topic") -> None:
    with connected_publisher(broker, agency, Timings(attempt_s=1.0), confirm_s=1.0) as publisher:
        publisher.publish(topic, b"document")


def test_a_document_is_confirmed(square_agency: Agency, mosquitto: Mosquitto) -> None:
    """Several in one session."""
    with connected_publisher(BrokerConfig(port=mosquitto.port), square_agency) as publisher:
        for number in range(3):
            publisher.publish(f"topic/{number}", b"document")


def test_no_broker_is_one_sentence(square_agency: Agency) -> None:
    """With its address; the command ends at once."""
    port = free_port()
    with pytest.raises(UserError, match=f"^broker: cannot reach the broker: nothing is listening at 127.0.0.1:{port}$"):
        publish(square_agency, BrokerConfig(port=port))


def test_a_broker_that_does_not_answer_is_given_up(square_agency: Agency) -> None:
    """It takes the connection and is frozen."""
    with (
        socket.create_server(("127.0.0.1", 0)) as frozen,
        pytest.raises(UserError, match=r"no answer from 127\.0\.0\.1"),
    ):
        publish(square_agency, BrokerConfig(port=frozen.getsockname()[1]))


def test_a_password_that_is_refused_is_told(square_agency: Agency, tmp_path: Path) -> None:
    """With what to look at."""
    tmp_path.chmod(0o777)
    with (
        running(tmp_path, "allow_anonymous false\n") as broker,
        pytest.raises(UserError, match=r"the broker refused the connection \(Not authorized\); check \[broker\]"),
    ):
        publish(square_agency, BrokerConfig(port=broker.port))


def test_a_document_that_the_broker_throws_away_is_not_published(square_agency: Agency, tmp_path: Path) -> None:
    """Its access list is in the way: PUBACK says so, and so does the command."""
    access = tmp_path / "access"
    access.write_text("topic read #\n", encoding="utf-8")
    with (
        running(tmp_path, f"acl_file {access}\n") as broker,
        pytest.raises(UserError, match=r"the broker rejected headquarters' topic/a \(Not authorized\)"),
    ):
        publish(square_agency, BrokerConfig(port=broker.port), "topic/a")
