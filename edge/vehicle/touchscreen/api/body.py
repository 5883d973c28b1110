"""The JSON object that a request brings. Must not know a field."""

from collections.abc import Mapping
from typing import Any

from flask import request


def body() -> Mapping[str, Any]:
    """The request's JSON object; empty where it brings none."""
    try:
        found = request.get_json(silent=True)
    except RecursionError:  # lists in lists, thousands deep
        return {}
    return found if isinstance(found, dict) else {}
