"""What protects every page of ours in a browser: trusted hosts, a bound on bodies, the headers of each answer.

Must not know what is served; an application only adds to the headers, or makes one stricter.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from flask import Flask, Response, request

POLICY: Final[Mapping[str, str]] = {
    "default-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
"""The content security policy: nothing inline, nothing from elsewhere, in nobody's frame."""

HEADERS: Final[Mapping[str, str]] = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def harden(
    app: Flask,
    *,
    trusted_hosts: Sequence[str],
    largest_body: int,
    policy: Mapping[str, str] = {},
    headers: Mapping[str, str] = {},
) -> None:
    """Protect an application. ``policy``, ``headers``: what it has beside the common ones, or in their place."""
    app.config["TRUSTED_HOSTS"] = list(trusted_hosts)
    app.config["MAX_CONTENT_LENGTH"] = largest_body
    content = "; ".join(f"{name} {value}" for name, value in {**POLICY, **policy}.items())
    every = {**HEADERS, "Content-Security-Policy": content, **headers}

    def protect(response: Response) -> Response:
        for name, value in every.items():
            response.headers[name] = value
        response.headers["Cache-Control"] = "no-cache" if request.endpoint == "static" else "no-store"
        return response

    app.after_request(protect)
