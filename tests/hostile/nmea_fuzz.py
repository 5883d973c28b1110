"""Lines that a receiver should never send, made of those that it does: damage, nonsense under a valid checksum, binary.

None of them may be believed: what is damaged has no valid checksum left, and nonsense that has one is not of here and
now. So whatever comes out of the vehicle's GPS side but the genuine track is *bogus*. `lies` makes the other kind:
anything at all, with a valid checksum.
"""

import operator
import random
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Final

TALKERS: Final = (b"GP", b"GN", b"GL", b"GA", b"BD", b"QZ", b"II", b"P", b"\xff\xfe")
NUMBERS: Final = (
    b"", b"NaN", b"nan", b"inf", b"-inf", b"1e308", b"-1e308", b"1e999", b"-1", b"0", b"-0.0", b"00", b"1_0", b" 1 ",
    b"0x10", b"99999999999999999999", b"1.2.3", b"+5", b"\x00", b"\xc2\xb2", b"\xd9\xa3", b"\xff", b"A", b"9" * 400,
)  # fmt: skip
PLACES: Final = (
    b"9100.000,N,08737.800,W", b"4160.000,N,08760.000,W", b"4152.800,N,18100.000,W", b"-4152.8,N,-8737.8,W",
    b"4152.800,X,08737.800,Q", b"NaN,N,NaN,W", b"1e308,N,1e308,E", b"0000.000,N,00000.000,E", b",,,",
    b"9000.0,S,18000.0,W",
    b"4152.800,S,08737.800,W", b"4052.800,N,08637.800,E", b"inf,N,inf,E", b"41528,N,87378,W", b"4152.8,N", b"N,N,N,N",
    b"\xe2\x82\xac,N,08737.8,W", b"0.0001,S,0.0001,W", b"9999999999.9,N,9999999999.9,E",
)  # fmt: skip
DATES: Final = (
    b"000000",
    b"310299",
    b"290226",
    b"010100",
    b"311269",
    b"999999",
    b"1",
    b"",
    b"NaN",
    b"-10126",
    b"060180",
)
TIMES: Final = (
    b"246060",
    b"120060",
    b"235960.00",
    b"",
    b"NaN",
    b"000000",
    b"999999.999",
    b"12",
    b"12000000000",
    b"-10000",
)
UBX: Final = b"\xb5\x62\x01\x07\x5c\x00"

Make = Callable[[random.Random, Sequence[bytes], datetime], bytes]


def checksum(body: bytes) -> int:
    """NMEA's: all bytes between dollar and star, by exclusive or."""
    return reduce(operator.xor, body, 0)


def signed(body: bytes) -> bytes:
    """With dollar, checksum and line end."""
    return b"$%s*%02X\r\n" % (body, checksum(body))


def holds(line: bytes) -> bool:
    """Whether a checksum of anything in the line holds: one flip in 256 by luck."""
    for piece in re.split(rb"[$\r\n]", line):
        body, star, tail = piece.partition(b"*")
        if star and re.match(rb"\s*[0-9A-Fa-f]{2}", tail) and int(tail.strip()[:2], 16) == checksum(body):
            return True
    return False


def damaged(rng: random.Random, genuine: Sequence[bytes], now: datetime) -> bytes:
    """A genuine sentence, hurt so that no checksum of it holds any more."""
    line = rng.choice(DAMAGES)(rng, genuine, now)
    return line.replace(b"*", b"") if holds(line) else line


def nonsense(rng: random.Random, _genuine: Sequence[bytes], now: datetime) -> bytes:
    """A valid checksum over what is not here or not now."""
    talker, when = rng.choice(TALKERS), b"%s.%02d" % (now.strftime("%H%M%S").encode(), rng.randrange(100))
    kind = rng.randrange(8)
    if kind < 5:
        fields = [
            when,
            b"A",
            b"4152.800,N,08737.800,W",
            rng.choice((b"0", b"21.6")),
            b"0",
            now.strftime("%d%m%y").encode(),
        ]
        at, values = rng.choice(((0, TIMES), (2, PLACES), (5, DATES)))
        fields[at] = rng.choice(values)
        if at != 2:
            fields[2] = rng.choice(PLACES)
        if kind == 0:
            fields[3] = rng.choice(NUMBERS)
        return signed(talker + b"RMC," + b",".join(fields) + rng.choice((b",,,A", b"", b",,,N", b"," * 40)))
    if kind == 5:  # another time, and it runs back or repeats
        other = now - timedelta(seconds=rng.choice((10, 60, 3600, 86400, -60, -86400)) * rng.uniform(1.0, 3.0))
        body = other.strftime("RMC,%H%M%S.00,A,4152.800,N,08737.800,W,21.6,0.0,%d%m%y,,,A").encode()
        return signed(talker + body)
    if kind == 6:
        fields = [when, rng.choice(PLACES), *(rng.choice(NUMBERS) for _ in range(rng.randrange(9)))]
        return signed(talker + b"GGA," + b",".join(fields))
    return signed(talker + b"GST," + b",".join([when, *(rng.choice(NUMBERS) for _ in range(rng.randrange(9)))]))


def binary(rng: random.Random, _genuine: Sequence[bytes], _now: datetime) -> bytes:
    """Noise, a UBX frame, text of another alphabet, or an empty line."""
    kind = rng.randrange(5)
    if kind == 0:
        return rng.randbytes(rng.randrange(200)).replace(b"*", b"") + b"\n"
    if kind == 1:
        return UBX + rng.randbytes(94).replace(b"*", b"")
    if kind == 2:
        return "$GPRMC,Übermaß,Ω,北\n".encode()
    return rng.choice(
        (b"\x00" * 80, b"\r\n", b"$\n", b"$*\n", b"$" * 80, b"\n\n", b"$GPRMC\n", b"$GPRMC,\r", b"\x00\n")
    )


def endless(rng: random.Random, _genuine: Sequence[bytes], _now: datetime) -> bytes:
    """A line of 100,000 bytes."""
    filler = rng.choice((b" ", b"A", b",", b"$GPRMC,", b"$", b"\x00", b"\xff", b"9", b"\t"))
    return b"$GPRMC," + (filler * 100_000)[:100_000] + rng.choice((b"*\n", b"\n", b"*ZZ\n"))


def lies(rng: random.Random, genuine: Sequence[bytes], _now: datetime) -> bytes:
    """A genuine sentence with other digits, and its checksum made good: nobody can tell it by its form."""
    body = bytearray(rng.choice(genuine)[1:-5])
    for _ in range(rng.randrange(1, 4)):
        at = rng.randrange(6, len(body))
        if 48 <= body[at] <= 57:
            body[at] = 48 + rng.randrange(10)
    return signed(bytes(body))


def _flip(rng: random.Random, genuine: Sequence[bytes], _now: datetime) -> bytes:
    line = bytearray(rng.choice(genuine))
    for _ in range(rng.randrange(1, 4)):
        line[rng.randrange(len(line))] ^= 1 << rng.randrange(8)
    return bytes(line)


def _truncate(rng: random.Random, genuine: Sequence[bytes], _now: datetime) -> bytes:
    line = rng.choice(genuine)
    return line[: rng.randrange(1, len(line) - 5)] + rng.choice((b"\r\n", b""))


def _splice(rng: random.Random, genuine: Sequence[bytes], _now: datetime) -> bytes:
    one, other = rng.choice(genuine), rng.choice(genuine)
    return one[: rng.randrange(1, len(one))] + other[rng.randrange(1, len(other)) :]


def _swap(rng: random.Random, genuine: Sequence[bytes], _now: datetime) -> bytes:
    fields = rng.choice(genuine).split(b",")
    one, other = rng.randrange(1, len(fields)), rng.randrange(1, len(fields))
    fields[one], fields[other] = fields[other], b"%d" % rng.randrange(10_000)
    return b",".join(fields)


def _wrong_checksum(rng: random.Random, genuine: Sequence[bytes], _now: datetime) -> bytes:
    return rng.choice(genuine)[:-5] + rng.choice((b"", b"*", b"*G0", b"*0", b"*00", b"*FF", b"*\xff\xff")) + b"\r\n"


def _insert(rng: random.Random, genuine: Sequence[bytes], _now: datetime) -> bytes:
    line = rng.choice(genuine)
    at = rng.randrange(1, len(line) - 2)
    return line[:at] + rng.randbytes(rng.randrange(1, 9)).replace(b"*", b"") + line[at:]


DAMAGES: Final[Sequence[Make]] = (_flip, _truncate, _splice, _swap, _wrong_checksum, _insert)


def hostile(rng: random.Random, genuine: Sequence[bytes], now: datetime) -> bytes:
    """One line of any kind, none to be believed."""
    chance = rng.random()
    if chance < 0.5:
        return damaged(rng, genuine, now)
    if chance < 0.9:
        return nonsense(rng, genuine, now)
    return binary(rng, genuine, now) if chance < 0.99998 else endless(rng, genuine, now)


def now_of(utc: float) -> datetime:
    """POSIX seconds as the fuzzers take them."""
    return datetime.fromtimestamp(utc, UTC)
