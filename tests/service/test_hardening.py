"""The headers of every answer, and what an application may change of them."""

from flask import Flask, request

from edge.service.hardening import HEADERS, harden


def hardened(**more: dict[str, str]) -> Flask:
    app = Flask(__name__)
    harden(app, trusted_hosts=["localhost"], largest_body=10, **more)
    app.add_url_rule("/", view_func=lambda: "page", methods=["GET", "POST"])
    return app


def test_every_answer_is_protected_errors_too() -> None:
    """Nothing inline, nothing from elsewhere, in nobody's frame; nothing is stored by a browser."""
    client = hardened().test_client()
    for path in ("/", "/nowhere"):
        headers = client.get(path).headers
        assert {name: headers[name] for name in HEADERS} == dict(HEADERS)
        assert headers["Content-Security-Policy"] == (
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        assert headers["Cache-Control"] == "no-store"


def test_an_application_adds_its_own() -> None:
    """A directive more, a header in the place of the common one."""
    app = hardened(policy={"script-src": "'none'"}, headers={"Referrer-Policy": "no-referrer"})
    headers = app.test_client().get("/").headers
    assert headers["Content-Security-Policy"].endswith("; script-src 'none'")
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_host_that_is_not_trusted_and_a_body_too_long_are_refused() -> None:
    """Before the application sees them."""
    client = hardened().test_client()
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
    app = hardened()

    @app.post("/read")
    def read() -> bytes:
        return request.get_data()

    assert app.test_client().post("/read", data=b"x" * 11).status_code == 413
