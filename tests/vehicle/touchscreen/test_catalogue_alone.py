"""All English of the touchscreen is in the catalogue: none stands in its scripts, templates, Python or answers."""

import ast
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import pytest
from flask.testing import FlaskClient

import edge.vehicle
from edge.text.words import CATALOGUE
from tests.vehicle.touchscreen.scenes import SCENES, Scene
from tests.words import MAY_BE_WORDS

ROOT: Final = Path(edge.vehicle.__file__).parent
SCREEN: Final = ROOT / "touchscreen"
SCRIPTS: Final = sorted(one for one in (SCREEN / "static").rglob("*.js") if one.parent.name != "vendor")  # from npm
TEMPLATES: Final = sorted((SCREEN / "templates").rglob("*.html"))
MONITORS: Final = SCREEN / "api" / "metrics.py"
"""What only a monitor reads, whatever the screen's language."""
MODULES: Final = sorted({*SCREEN.glob("*.py"), *SCREEN.glob("*/*.py"), *(ROOT / "view").glob("*.py")} - {MONITORS})

JS_TEXT: Final = re.compile(
    r"""//[^\n]*|/\*.*?\*/|"((?:\\.|[^"\\\n])*)"|'((?:\\.|[^'\\\n])*)'|`((?:\\.|[^`\\])*)`""", re.DOTALL
)
"""A comment, or a literal of one of the three kinds."""
WORDS: Final = re.compile(r"[A-Za-z]{2,} [A-Za-z]|\b[A-Z][A-Za-z]+|^ +[a-z]{1,2}$")
"""Several words, one with a capital, or a unit after a number."""
TECHNICAL: Final = re.compile(
    r"X-Roundsman-Token|Content-Type|POST|Backspace|Enter|en-GB|en-US|\"DejaVu Sans\".*"
    r"|\(prefers-reduced-motion: reduce\)|meta\[.*\]| *px *|(button|pip|why-bar)( [a-z]+(-[a-z]+)?)+"
)
"""Literals that nobody reads: headers, keys, selectors, fonts, classes."""
SEEN: Final = ("aria-label", "title", "alt", "placeholder", "value")


def _literals(script: str) -> Iterator[str]:
    """The texts of a script, without comments and without what a template literal fills in."""
    for found in JS_TEXT.finditer(script):
        text = next((group for group in found.groups() if group is not None), None)
        if text is not None:
            yield re.sub(r"\$\{.*?\}", " ", text) if found[0].startswith("`") else text


def _spoken(script: str) -> list[str]:
    return [text for text in _literals(script) if WORDS.search(text) and not TECHNICAL.fullmatch(text)]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_english_in_a_script(script: Path) -> None:
    """No literal of a script is words, or a unit."""
    assert _spoken(script.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("line", ['setText(a, "Too late");', "x = `Beat ${name}`;", "y = `${n} m`;", "z = 'CALL';"])
def test_english_in_a_script_is_found(line: str) -> None:
    """Sentences, a word before a value, a unit after one."""
    assert _spoken(line)


class _Texts(HTMLParser):
    """What a page shows or reads aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in SEEN and value]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def _written(template: str) -> list[str]:
    """The texts of a template that are no expression of Jinja's."""
    page = _Texts()
    page.feed(re.sub(r"\{[{%].*?[%}]\}", "", template))
    return [text.strip() for text in page.texts if re.search("[A-Za-z]", text)]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_english_in_a_template(template: Path) -> None:
    """Not a letter that is seen or read aloud."""
    assert _written(template.read_text(encoding="utf-8")) == []


def test_english_in_a_template_is_found() -> None:
    """Between tags, and in what is read aloud."""
    assert _written('<p aria-label="Map">{{ a }} CALL</p><i class="go">{% if b %}</i>') == ["Map", "CALL"]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_no_english_in_python(module: Path) -> None:
    """Docstrings and a broken file's error, which travels as a value, aside."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    aside = {id(one.value) for one in ast.walk(tree) if isinstance(one, ast.Expr)}
    for raised in (one for one in ast.walk(tree) if isinstance(one, ast.ExceptHandler)):
        aside |= {id(inner) for inner in ast.walk(raised)}
    texts = [
        one.value
        for one in ast.walk(tree)
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in aside
    ]
    assert [text for text in texts if re.search(r"[A-Za-z]{2,} [a-z]", text) and not text.startswith("export ")] == []


def _values(shown: Any) -> Iterator[str]:
    """Every text of a JSON value but those that may be words: a library's details, what people call something."""
    if isinstance(shown, str):
        yield shown
    elif isinstance(shown, dict):
        for key, value in shown.items():
            if key not in MAY_BE_WORDS:
                yield from _values(value)
    elif isinstance(shown, list):
        for one in shown:
            yield from _values(one)


def _codes(shown: Any) -> Iterator[str]:
    if isinstance(shown, dict):
        if "code" in shown:
            yield shown["code"]
        for value in shown.values():
            yield from _codes(value)
    elif isinstance(shown, list):
        for one in shown:
            yield from _codes(one)


@pytest.mark.parametrize("name", SCENES)
def test_no_english_in_the_snapshot(client: FlaskClient, scene: Scene, name: str) -> None:
    """Only the agency's own texts, its name, tactics and places, have several words; each code is in the catalogue."""
    SCENES[name](scene)
    agency = scene.bench.agency
    places = map(agency.place, agency.grid.boxes)
    own = {agency.name, *(tactic.label for tactic in agency.tactics), *places}
    own |= {words for tactic in agency.tactics for _, words in tactic.labels}
    snapshot = json.loads(client.get("/api/state").data)
    assert [text for text in _values(snapshot) if " " in text and text not in own] == []
    codes = [code.partition(".") for code in _codes(snapshot)]
    assert codes
    assert all(key in CATALOGUE[group] for group, _, key in codes)
    assert set(snapshot["not_now"].values()) <= set(CATALOGUE["not_now"])
