"""The touchscreen's server under attack: who may not ask gets nothing, what is malformed is refused in a sentence."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

import pytest

from tests.hostile.mqtt_fuzz import bytes_hurt
from tests.hostile.raw_http import Answer, ask, request, state
from tests.vehicle.touchscreen.bench import Bench
from tests.vehicle.touchscreen.scenes import Scene
from tests.vehicle.touchscreen.serving import served
from tests.vehicle.touchscreen.town import Town, build_town
from tests.words import shown

SIGN_IN = b"POST /api/taps/sign-in"
BODY = b'{"officer": "0815"}'
JSON = b"Content-Type: application/json"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """The demo city."""
    return build_town(tmp_path_factory.mktemp("town"))


@pytest.fixture
def bench(town: Town) -> Bench:
    """A vehicle on patrol; its officer is 4711."""
    made = Bench(town.agency)
    Scene(made, town.plan).patrol()
    return made


@pytest.fixture
def port(bench: Bench) -> Iterator[int]:
    """Where its screen is served."""
    with served(bench) as number:
        yield number


@pytest.fixture
def token(port: int) -> bytes:
    """The header that a tap of the screen brings back."""
    found = re.search(r'roundsman-token" content="([^"]+)"', ask(port, request(b"GET /")).body)
    assert found is not None
    return b"X-Roundsman-Token: " + found[1].encode()


def refused(answer: Answer, *statuses: int) -> None:
    """A refusal that shows nothing of the vehicle."""
    assert answer.status in statuses, answer
    assert "roundsman-token" not in answer.body
    assert "Riverton" not in answer.body
    if "Content-Type: application/json" in answer.head and answer.body:
        assert shown(json.loads(answer.body)["error"]).endswith(".")


def test_a_good_tap_is_taken(port: int, bench: Bench, token: bytes) -> None:
    """What the rest of this file varies: without this, all of it would pass for nothing."""
    assert ask(port, request(SIGN_IN, token, JSON, b"Origin: http://127.0.0.1", body=BODY)).status == 202
    assert bench.snapshot().officer == "0815"


@pytest.mark.parametrize(
    "host",
    [
        b"evil.example", b"127.0.0.1, evil.example", b"127.0.0.1.evil.example", b"127.0.0.1@evil.example",
        b"evil@127.0.0.1",
        b"127.0.0.1:99999", b"127.0.0.1:x", b"127.0.0.1/x", b"127.0.0.1\x00", b"", b"[::1]", b"\xff", b"127.0.0.1.",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "line", [b"GET /", b"GET /api/state", b"GET /static/screen/main.js", b"GET /healthz", b"GET /x"]
)
def test_no_other_host_gets_anything(port: int, line: bytes, host: bytes) -> None:
    """DNS rebinding: the page of another name reaches this server and is told nothing, wherever it asks."""
    refused(ask(port, request(line, host=host)), 400)


@pytest.mark.parametrize(
    "asked",
    [
        request(b"GET /api/state", b"Host: evil.example"),
        request(b"GET /api/state", b"X-Forwarded-Host: 127.0.0.1", b"Forwarded: host=127.0.0.1", host=b"evil.example"),
        request(b"GET http://evil.example/api/state"),
        request(b"GET http://127.0.0.1/api/state", host=b"evil.example"),
        b"GET /api/state HTTP/1.1\r\n\r\n",
        b"GET /api/state HTTP/1.0\r\n\r\n",
        b"GET /api/state HTTP/1.1\r\nX_Host: 1\r\nHost : 127.0.0.1\r\n\r\n",
    ],
    ids=["twice", "forwarded", "absolute", "absolute-own", "none", "none-1.0", "blank"],
)
def test_no_trick_makes_a_host_trusted(port: int, asked: bytes) -> None:
    """Two hosts, a proxy's word, an absolute address, none at all."""
    refused(ask(port, asked), 400)


ORIGINS = [b"null", b"https://127.0.0.1", b"http://127.0.0.1:9", b"http://evil.example", b"", b"\xff",
           b"http://127.0.0.1, http://evil.example", b"http://127.0.0.1.evil.example"]  # fmt: skip


@pytest.mark.parametrize("origin", ORIGINS)
def test_no_other_page_taps_or_listens(port: int, bench: Bench, token: bytes, origin: bytes) -> None:
    """Not even with the token; and no foreign page holds one of the streams."""
    for line, body in ((SIGN_IN, BODY), (b"GET /api/stream", b""), (b"GET /api/state", b"")):
        refused(ask(port, request(line, token, JSON, b"Origin: " + origin, body=body)), 403)
    assert bench.snapshot().officer == "4711"


@pytest.mark.parametrize("site", [b"cross-site", b"same-site"])
def test_a_foreign_page_may_link_here_but_not_fetch(port: int, site: bytes) -> None:
    """A browser says whose request it is where it sends no origin: an image, a script."""
    said = b"Sec-Fetch-Site: " + site
    refused(ask(port, request(b"GET /api/state", said, b"Sec-Fetch-Mode: no-cors")), 403)
    assert ask(port, request(b"GET /", said, b"Sec-Fetch-Mode: navigate")).status == 200
    assert ask(port, request(b"GET /api/state", b"Sec-Fetch-Site: same-origin", b"Sec-Fetch-Mode: cors")).status == 200


def test_no_tap_without_the_token(port: int, bench: Bench, token: bytes) -> None:
    """None, a wrong one, two, an empty one, one of other letters, one under a name that WSGI takes for the same."""
    name = b"X-Roundsman-Token: "
    wrong = ((), (name + b"x",), (token, name + b"x"), (name,), (name + b"\xff\xe9",), (token.replace(b"-", b"_"),))
    for headers in wrong:
        refused(ask(port, request(SIGN_IN, JSON, *headers, body=BODY)), 403)
    assert bench.snapshot().officer == "4711"


@pytest.mark.parametrize(
    "method", [b"GET", b"HEAD", b"OPTIONS", b"PUT", b"DELETE", b"PATCH", b"TRACE", b"PROPFIND", b"get"]
)
def test_only_a_post_taps(port: int, bench: Bench, token: bytes, method: bytes) -> None:
    """Nothing that a link or an image can ask for changes anything, and TRACE tells nothing back."""
    answer = ask(port, request(method + b" /api/taps/sign-out", token))
    assert answer.status == (200 if method == b"OPTIONS" else 400 if method == b"get" else 405)
    assert token.decode() not in answer.body
    assert bench.snapshot().officer == "4711"


BODIES = [
    b"[" * 4000, b'{"officer":' + b"[" * 4000, b'{"officer":' + b"9" * 4000 + b"}", b'{"officer":NaN}', b"\xff\xfe",
    b'{"officer":"\\ud800"}', b'{"officer":"\x00"}', b"null", b'"officer"', b'{"officer":"1","officer":["2"]}',
    b'{"officer":{"officer":"1"}}', b"[]", b" ", b'{"officer":"' + b"1" * 3000 + b'"}',
]  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_a_bad_body_is_refused_in_a_sentence(port: int, bench: Bench, token: bytes, body: bytes) -> None:
    """Lists in lists, huge numbers, no number, bytes, half letters: never a failure of the server."""
    refused(ask(port, request(SIGN_IN, token, JSON, body=body)), 400)
    assert bench.snapshot().officer == "4711"


SHAPES = {
    "a body too large": (request(SIGN_IN, b"Content-Length: 99999999999999"), 413),
    "a head too large": (request(b"GET /", b"X: " + b"x" * 300_000), 431),
    "too many headers": (request(b"GET /", *(b"X%d: x" % n for n in range(10_000))), 431),
    "an endless address": (request(b"GET /" + b"x" * 300_000), 431),
    "endless chunks": (request(SIGN_IN, b"Transfer-Encoding: chunked") + b"FFFFFFFFFF\r\n" + b"x" * 70_000, 413),
    "an endless chunk line": (request(SIGN_IN, b"Transfer-Encoding: chunked") + b"1;" + b"x" * 70_000, 413),
    "a negative chunk": (request(SIGN_IN, b"Transfer-Encoding: chunked") + b"-1\r\nx\r\n0\r\n\r\n", 400),
    "two lengths": (request(SIGN_IN, b"Content-Length: 5", b"Content-Length: 16") + BODY, 400),
    "a negative length": (request(SIGN_IN, b"Content-Length: -1") + BODY, 400),
    "a length in words": (request(SIGN_IN, b"Content-Length: +5") + BODY, 400),
    "another coding": (request(SIGN_IN, b"Transfer-Encoding: xchunked") + BODY, 501),
    "two codings": (request(SIGN_IN, b"Transfer-Encoding: gzip, chunked") + BODY, 501),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "garbage": (b"\x00\xff\x00\r\n\r\n", 400),
    "a bare line feed": (b"GET /api/state HTTP/1.1\r\nHost: 127.0.0.1\nX: y\r\n\r\n", 400),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a broken address": (request(b"GET http://["), 0),
    "NUL in a path": (request(b"GET /static/screen/%00main.js"), 404),
    "out of static": (request(b"GET /static/../app.py"), 404),
    "out of static, encoded": (request(b"GET /static/%2e%2e/app.py"), 404),
    "out of static, slash encoded": (request(b"GET /static/..%2fapp.py"), 404),
    "out of static, backslash": (request(b"GET /static/..\\app.py"), 404),
    "out of all": (request(b"GET /%2e%2e/%2e%2e/%2e%2e/etc/passwd"), 404),
    "an absolute path": (request(b"GET /static/%2fetc%2fpasswd"), 308),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_malformed_request_is_refused(port: int, shape: str) -> None:
    """And the next one, of somebody else, is answered."""
    asked, status = SHAPES[shape]
    refused(ask(port, asked), status)
    assert state(port)[0]["mode"] == "patrol"


def test_a_smuggled_request_is_a_request_like_any_other(port: int, bench: Bench, token: bytes) -> None:
    """With both a length and chunks, what follows the chunks is taken for a request of its own: without a token."""
    inner = request(SIGN_IN, JSON, body=BODY)
    outer = request(SIGN_IN, token, JSON, b"Transfer-Encoding: chunked", b"Content-Length: %d" % (len(inner) + 5))
    ask(port, outer + b"0\r\n\r\n" + inner)
    assert bench.snapshot().officer == "4711"


def test_a_redirect_never_leads_elsewhere(port: int) -> None:
    """Slashes that Flask tidies up do not make another host of a path."""
    for path in (b"//evil.example//x", b"/\\evil.example//x", b"/static//evil.example", b"/%2f/evil.example//"):
        head = ask(port, request(b"GET " + path)).head
        place = re.search(r"(?m)^Location: (\S+)", head)
        assert place is None or re.match(r"http://127\.0\.0\.1/|/(?![/\\])", place[1]), head


def test_a_flood_of_taps_is_held_back(port: int, bench: Bench, token: bytes) -> None:
    """A stuck glass records at a finger's pace, and the refusal is a sentence."""
    answers = [ask(port, request(SIGN_IN, token, JSON, body=b'{"officer": "%d"}' % n)) for n in range(60)]
    taken = sum(answer.status == 202 for answer in answers)
    assert 20 <= taken < 40
    assert "refused.too_many" in next(answer.body for answer in answers if answer.status == 429)


@pytest.mark.parametrize("count", [1_500, pytest.param(20_000, marks=pytest.mark.long)])
def test_no_mutated_request_is_a_failure(port: int, token: bytes, count: int) -> None:
    """Good requests with bits flipped and bytes cut or put in: answered or refused, never a failure of the server."""
    rng = random.Random(count)  # noqa: S311 - reproducible chance
    good = (
        request(b"GET /static/screen/main.js", b"Range: bytes=0-5", b'If-None-Match: "x"', b"Accept-Encoding: gzip"),
        request(b"POST /api/taps/pause", token, JSON, b"Origin: http://127.0.0.1", body=b'{"reason":"call"}'),
        request(b"GET /api/map?x=1", b"Cookie: a=b; c=d", b"Accept-Language: en;q=0.1"),
        request(SIGN_IN, token, JSON, b"Transfer-Encoding: chunked") + b'5\r\n{"off\r\n0\r\n\r\n',
        request(b"GET /healthz", b"Forwarded: for=x", b"Expect: 100-continue", b"Content-Length: 0"),
    )
    seen: Counter[int] = Counter()
    for _ in range(count):
        with suppress(TimeoutError):  # its length says that more will come
            seen[ask(port, bytes_hurt(rng, rng.choice(good)) + b"\r\n\r\n", 0.3).status] += 1
    assert not {status for status in seen if status >= 500} - {501}
    assert seen[200]
    assert seen[400]
    assert state(port)[0]["mode"]
