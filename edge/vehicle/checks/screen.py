"""The screen: whether the daemon serves it, a panel is there, and its backlight may be set."""

import http.client
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from edge.vehicle.checks.finding import Finding
from edge.vehicle.config import VehicleConfig

PATIENCE_S: Final = 5.0
DRM: Final = Path("/sys/class/drm")
BACKLIGHTS: Final = Path("/sys/class/backlight")


def findings(config: VehicleConfig) -> Iterator[Finding]:
    """Of the page, and of what it is shown on."""
    yield of_page(config.touchscreen.host, config.touchscreen.port, config.unit)
    yield of_panel(DRM)
    if config.touchscreen.backlight != "none":
        given = config.touchscreen.backlight
        yield of_backlight(list(BACKLIGHTS.glob("*")) if given == "auto" else [Path(given)])


def of_page(host: str, port: int, unit: str) -> Finding:
    """Whether this vehicle's daemon answers."""
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    try:
        connection.request("GET", "/healthz")
        said = json.loads(connection.getresponse().read())
        found = said.get("unit") if isinstance(said, dict) else None
    except (OSError, ValueError, http.client.HTTPException):
        why = f"nothing answers at {host}:{port}: the daemon does not run"
        return Finding("warning", f"{why}; see `systemctl status roundsman-vehicle`")
    finally:
        connection.close()
    if found != unit:
        return Finding("warning", f"at {host}:{port} something else than {unit} answers; set another touchscreen.port")
    return Finding("ok", f"{unit} serves it at {host}:{port}")


def of_panel(drm: Path) -> Finding:
    """The connectors of the kernel's display driver."""
    there = [path.parent.name for path in sorted(drm.glob("*/status")) if path.read_text().strip() == "connected"]
    if not there:
        return Finding("warning", "no panel is connected; see to its cable and its power")
    return Finding("ok", f"a panel at {', '.join(there)}")


def of_backlight(folders: list[Path]) -> Finding:
    """Whether this user may set one."""
    there = [one for one in folders if (one / "brightness").exists()]
    if not there:
        return Finding("ok", "no backlight: the page darkens itself")
    if not any(os.access(one / "brightness", os.W_OK, effective_ids=True) for one in there):
        why = f"no right to set the backlight {there[0].name}: the page darkens itself"
        return Finding("warning", f"{why}; see 70-roundsman-backlight.rules")
    return Finding("ok", f"the backlight {there[0].name} can be set")
