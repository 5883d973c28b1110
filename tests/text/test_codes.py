"""What a screen says is a code with values wherever it is made: no sentence is a value, and no value is lacking."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

import edge
from edge.text.coded import CodedError, why_of
from edge.text.words import CATALOGUE, Notice, say
from tests.words import MAY_BE_WORDS, sentences_in

ROOT: Final = Path(edge.__file__).parent
SOURCES: Final = sorted(ROOT.rglob("*.py"))
MAKERS: Final = ("Notice", "CodedError", "Refusal", "_warn", "_one")
"""What is given a code and its values."""

TO_SCREENS: Final = (
    "contract",
    "risk",
    "mqtt",
    "vehicle",
    "plans/child.py",
    "plans/planner.py",
    "plans/area.py",
    "plans/weights.py",
)
"""Whose errors a car's screen may show."""

TERMINAL: Final = (
    "contract/signing.py", "vehicle/commands.py", "vehicle/gps/check.py", "vehicle/gps/replay.py",
    "vehicle/gps/recording.py", "vehicle/recorder.py",
)  # fmt: skip
"""Of these, what only a command says: private keys, recordings, and what is wrong before a daemon runs."""

WORDS: Final = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")


def _made(tree: ast.AST) -> Iterator[ast.Call]:
    for one in ast.walk(tree):
        if isinstance(one, ast.Call) and getattr(one.func, "id", getattr(one.func, "attr", "")) in MAKERS:
            yield one


def _values(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """The values that a call gives by name, in a dict or as arguments."""
    yield from ((one.arg, one.value) for one in call.keywords if one.arg is not None)
    for given in call.args:
        if isinstance(given, ast.Dict):
            yield from ((str(key.value), value) for key, value in zip(given.keys, given.values, strict=True)
                        if isinstance(key, ast.Constant))  # fmt: skip


def _prose(call: ast.Call) -> list[str]:
    """The names of values that are English, or an error's text."""
    return [name for name, value in _values(call) if name not in MAY_BE_WORDS and _is_prose(value)]


def _is_prose(value: ast.expr) -> bool:
    texts = [one.value for one in ast.walk(value) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(map(WORDS.search, texts)) or bool(re.search(r"\bstr\((error|\w*_error)\)|strerror", ast.unparse(value)))


@pytest.fixture(scope="module")
def made() -> list[tuple[str, ast.Call]]:
    """Every call that makes a notice, and where it stands."""
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES}
    return [(f"{path.relative_to(ROOT)}:{call.lineno}", call) for path, tree in trees.items() for call in _made(tree)]


def test_no_value_of_a_notice_is_english(made: list[tuple[str, ast.Call]]) -> None:
    """But for details, which are a library's own words, and what people have written."""
    assert len(made) > 200
    assert [(where, _prose(call)) for where, call in made if _prose(call)] == []


@pytest.mark.parametrize(
    "line",
    [
        'Notice("file.refused", {"path": p, "why": str(error)})', 'CodedError("x.y", why=f"no such file {name}")',
        'Notice("a.b", {"why": error.strerror})', 'self._warn("a.b", "fault", which="the plan of today")',
    ],
)  # fmt: skip
def test_english_as_a_value_is_found(line: str) -> None:
    """An error's text, a sentence with values, a sentence."""
    (call,) = _made(ast.parse(line))
    assert _prose(call)


def test_every_code_has_its_words_and_every_word_its_value(made: list[tuple[str, ast.Call]]) -> None:
    """As far as the line itself names both."""
    for where, call in made:
        code = call.args[0] if call.args else None
        if not (isinstance(code, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_0-9]+", str(code.value))):
            continue
        group, _, key = str(code.value).partition(".")
        assert key in CATALOGUE.get(group, {}), (where, code.value)
        whole = all(isinstance(one, ast.Constant | ast.Dict) for one in call.args)
        spread = any(one.arg is None for one in call.keywords) or any(
            None in one.keys for one in call.args if isinstance(one, ast.Dict)
        )
        if whole and not spread:
            named = set(re.findall(r"\{(\w+)", str(CATALOGUE[group][key])))
            assert named <= {name for name, _ in _values(call)}, (where, code.value)


@pytest.mark.parametrize("room", TO_SCREENS)
def test_what_a_screen_may_show_is_raised_with_a_code(room: str) -> None:
    """No `UserError` with a sentence of its own, but where only a terminal shows it."""
    files = [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py"))
    for path in files:
        if str(path.relative_to(ROOT)) not in TERMINAL:
            assert "raise UserError(" not in path.read_text(encoding="utf-8"), path


def test_an_error_prints_itself_and_its_values_are_short_and_plain() -> None:
    """Whoever chose them: one line, at most 240 characters a value."""
    error = CodedError("document.not_understood", kind="plan", names=["a\nb\x1b[2J", "x" * 900_000])
    assert str(error) == say(error.why) == say(why_of(error))
    assert str(error).startswith("this plan needs a\\nb\\x1b[2J, xxx")
    assert len(str(error)) < 400


def test_an_error_without_a_code_is_a_detail() -> None:
    """A library's own text; the system's refusal is a code, too."""
    assert why_of(ValueError("odd\nthing")) == Notice("error.other", {"detail": "odd\\nthing"})
    assert (
        say(why_of(OSError(28, "?"))) == say(Notice("error.system", {"error": "enospc"})) == "No space left on device"
    )


def test_a_sentence_within_a_notice_is_found() -> None:
    """At any depth; a detail may be one."""
    inner = Notice("document.rejected", {"kind": "plan", "why": "not signed with this key"})
    assert [*sentences_in(Notice("link.message", {"why": inner}))] == ["not signed with this key"]
    assert [*sentences_in(Notice("file.damaged", {"detail": "file is not a database"}))] == []
