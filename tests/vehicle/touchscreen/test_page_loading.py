"""What the page is made of: every module asked for at once, none that nothing imports, every style in the one sheet."""

import re
from typing import Final

from edge.vehicle.touchscreen.app import create_app
from edge.vehicle.touchscreen.pages.screen import MODULES, STATIC, STYLES
from tests.vehicle.touchscreen.scenes import Scene

IMPORTED: Final = re.compile(r'^(?:import|export) (?:[^";]* from )?"\./([^"]+)";$', re.MULTILINE | re.DOTALL)


def reached() -> set[str]:
    """The names of the modules that the page's first one imports, and they."""
    found, new = set[str](), {"main.js"}
    while new:
        found |= new
        new = {one for name in new for one in IMPORTED.findall((STATIC / name).read_text("utf-8"))} - found
    return found


def test_every_module_is_named_in_the_page(scene: Scene) -> None:
    """So that none waits until another one names it; and none is loaded that nothing needs."""
    assert set(MODULES) == reached()
    page = create_app(scene.bench, trusted_hosts=["localhost"]).test_client().get("/").text
    named = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)
    assert named == ["/catalogue.js", *(f"/static/screen/{name}" for name in MODULES)]


def test_the_style_sheet_is_whole(scene: Scene) -> None:
    """Each file of the folder, and the crime types' palette; no sheet asks for another."""
    answer = create_app(scene.bench, trusted_hosts=["localhost"]).test_client().get("/screen.css")
    assert answer.mimetype == "text/css"
    assert sorted(f"{name}.css" for name in STYLES) == sorted(path.name for path in STATIC.glob("*.css"))
    assert all((STATIC / f"{name}.css").read_text("utf-8") in answer.text for name in STYLES)
    assert "--crime-robbery:" in answer.text
    assert "@import" not in answer.text
