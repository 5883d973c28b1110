"""An MQTT 5 broker of our own for tests, over real sockets: it obeys one limit at a time, and ends whoever breaks it.

A real broker announces limits that it then does not check, or checks those that it does not announce; this one does as
it is asked: it loses confirmations, throttles in three ways, and is slow. Each breach is written down.
"""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests import mqtt_wire as wire
from tests.mqtt_wire import Message, Reader
from tests.strict_rules import CONFIRM_S, BreachError, Rules
from tests.strict_session import Session, end, hand, read_out


class StrictBroker:
    """Listens on ``port`` of the loopback, with ``rules``; to be used by `strict`."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.breaches: list[str] = []
        self.welcomed: list[str] = []
        self.published: list[tuple[str, str]] = []  # client and topic, in the order in which they came
        self.retained: dict[str, Message] = {}
        self._sessions: list[Session] = []
        self._turns: dict[str, int] = {}
        self._lock = threading.RLock()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """End every connection."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for one in self._sessions:
                end(one.near)

    def _accept(self) -> None:
        while True:
            try:
                near = self._listening.accept()[0]
            except OSError:
                return
            near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = Session(near, tokens=float(self.rules.burst))
            threading.Thread(target=self._serve, args=(session,), daemon=True).start()

    def _serve(self, session: Session) -> None:
        in_order = False
        try:
            with self._lock:
                self._sessions.append(session)
            self._connect(session)
            threading.Thread(target=session.confirm, daemon=True).start()
            while not in_order:
                in_order = self._step(session)
        except BreachError as breach:
            self.breaches.append(f"{session.client}: {breach}")
            if self.rules.hangs_up:
                session.write(wire.packet(wire.DISCONNECT, bytes([breach.reason, 0])))
                read_out(session.near)
        except (OSError, AssertionError):
            pass
        finally:
            with self._lock:
                self._sessions.remove(session)
            session.confirmations.put(None)
            end(session.near)
            if session.will is not None and not in_order:
                self._pass_on(session.will)

    def _connect(self, session: Session) -> None:
        kind, _, body = session.packet()
        assert kind == wire.CONNECT
        reader = Reader(body)
        assert (reader.text(), reader.number(1)) == (b"MQTT", 5)
        flags, keepalive_s = reader.number(1), reader.number(2)
        asked = reader.properties()
        session.client = reader.text().decode()
        session.largest = asked.get(39, session.largest)
        if flags & 4:
            self._will(session, reader, flags)
        session.keepalive_s = self.rules.keepalive_s or keepalive_s
        session.near.settimeout(1.5 * session.keepalive_s or None)
        with self._lock:
            for other in self._sessions:
                if other is not session and other.client == session.client:
                    other.write(wire.packet(wire.DISCONNECT, bytes([0x8E, 0])))
                    end(other.near)
        self.welcomed.append(session.client)
        session.write(wire.packet(wire.CONNACK, b"\0\0" + wire.properties(self.rules.welcome())))

    def _will(self, session: Session, reader: Reader, flags: int) -> None:
        qos, retain = flags >> 3 & 3, bool(flags & 32)
        before = reader.rest
        reader.properties()
        topic, payload = reader.text().decode(), reader.text()
        refused = 0x9A if retain and not self.rules.retains else 0x9B if qos > self.rules.qos else 0
        if refused:
            session.write(wire.packet(wire.CONNACK, bytes([0, refused, 0])))
            raise ConnectionError
        assert before
        session.will = Message(topic, payload, qos, retain)

    def _step(self, session: Session) -> bool:
        """One packet; whether it was the last."""
        try:
            kind, flags, body = session.packet()
        except TimeoutError as error:
            raise BreachError(0x8D, "silent for longer than the keepalive") from error
        time.sleep(self.rules.slow_s)
        size = 1 + len(wire.varint(len(body))) + len(body)
        if self.rules.largest is not None and size > self.rules.largest:
            raise BreachError(0x95, f"a packet of {size} bytes")
        if kind == wire.PUBLISH:
            self._publish(session, flags, body)
        elif kind == wire.SUBSCRIBE:
            self._subscribe(session, body)
        elif kind == wire.PINGREQ:
            session.write(wire.packet(wire.PINGRESP, b""))
        return kind == wire.DISCONNECT

    def _publish(self, session: Session, flags: int, body: bytes) -> None:
        message, beside = wire.read_publish(flags, body)
        self._check(session, message, beside)
        session.sent += 1
        self.published.append((session.client, message.topic))
        if not self._has_token(session):
            session.unconfirmed += bool(message.qos)
            return
        fate = self.rules.fate(session.client, message.topic, session.sent) if message.qos else ""
        if fate != "lost":
            self._pass_on(message)
        if fate:
            session.unconfirmed += 1
        elif message.qos:
            self._confirm(session, wire.packet(wire.PUBACK, struct.pack("!H", message.mid)))

    def _confirm(self, session: Session, confirmation: bytes) -> None:
        if self.rules.under_way is None:
            session.write(confirmation)
            return
        session.unconfirmed += 1
        session.confirmations.put((time.monotonic() + CONFIRM_S, confirmation))

    def _check(self, session: Session, message: Message, beside: dict[int, Any]) -> None:
        rules = self.rules
        if message.qos > rules.qos:
            raise BreachError(0x9B, f"a publication at QoS {message.qos}")
        if message.retain and not rules.retains:
            raise BreachError(0x9A, "a publication to be retained")
        if 35 in beside or not message.topic:
            raise BreachError(0x94, "a topic alias")
        if rules.levels is not None and message.topic.count("/") >= rules.levels:
            raise BreachError(0x90, f"a topic with too many levels: {message.topic}")
        if rules.under_way is not None and message.qos and session.unconfirmed >= rules.under_way:
            raise BreachError(0x93, "more under way than the receive maximum")

    def _has_token(self, session: Session) -> bool:
        """Whether a publication is within the rate; waits for that where it is to be delayed."""
        rate = self.rules.rate
        if rate is None:
            return True
        while True:
            now = time.monotonic()
            session.tokens = min(self.rules.burst, session.tokens + rate * (now - session.tokens_at))
            session.tokens_at = now
            if session.tokens >= 1.0:
                session.tokens -= 1.0
                return True
            if self.rules.over == "drop":
                return False
            if self.rules.over == "hang_up":
                raise BreachError(0x96, "too many publications")
            time.sleep((1.0 - session.tokens) / rate)

    def _subscribe(self, session: Session, body: bytes) -> None:
        reader = Reader(body)
        mid, _ = reader.number(2), reader.properties()
        asked: list[tuple[str, int]] = []
        while reader.rest:
            asked.append((reader.text().decode(), reader.number(1)))
        if self.rules.filters is not None and len(asked) > self.rules.filters:
            raise BreachError(0x97, f"{len(asked)} filters in one subscription")
        granted = bytes(self._granted(session, *one) for one in asked)
        session.write(wire.packet(wire.SUBACK, struct.pack("!H", mid) + b"\0" + granted))
        for wanted, options in asked:
            if options >> 4 & 3 != 2 and not wanted.startswith("$share/"):
                for message in [one for one in self.retained.values() if wire.matches(wanted, one.topic)]:
                    hand(session, message, options & 3)

    def _granted(self, session: Session, wanted: str, options: int) -> int:
        rules = self.rules
        if wanted.startswith("$share/") and not rules.shared:
            raise BreachError(0x9E, "a shared subscription")
        if not rules.wildcards and ("+" in wanted or "#" in wanted):
            raise BreachError(0xA2, f"a wildcard: {wanted}")
        if rules.levels is not None and wanted.count("/") >= rules.levels:
            raise BreachError(0x8F, f"a filter with too many levels: {wanted}")
        if rules.deaf_to is not None and rules.deaf_to in wanted:
            return 0x87
        session.subscriptions[wanted] = min(options & 3, rules.qos)
        return session.subscriptions[wanted]

    def _pass_on(self, message: Message) -> None:
        """To whoever subscribed; one of those that share a subscription."""
        with self._lock:
            if message.retain and self.rules.retains:
                self.retained[message.topic] = message
                if not message.payload:
                    del self.retained[message.topic]
            live = Message(message.topic, message.payload, message.qos, False, message.beside)
            shared: dict[str, list[tuple[Session, int]]] = {}
            for session in self._sessions:
                for wanted, qos in session.subscriptions.items():
                    plain = wanted.split("/", 2)[2] if wanted.startswith("$share/") else wanted
                    if not wire.matches(plain, message.topic):
                        continue
                    if plain == wanted:
                        hand(session, live, qos)
                        break
                    shared.setdefault(wanted, []).append((session, qos))
            for wanted, sessions in shared.items():
                turn = self._turns[wanted] = self._turns.get(wanted, -1) + 1
                session, qos = sessions[turn % len(sessions)]
                hand(session, live, qos)


@contextmanager
def strict(**rules: Any) -> Iterator[StrictBroker]:
    """A broker with these rules."""
    broker = StrictBroker(Rules(**rules))
    try:
        yield broker
    finally:
        broker.close()
