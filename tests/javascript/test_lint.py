"""The JavaScript linter finds the faults it is there for (skipped where ESLint is not installed: run ``make lint``)."""

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest

HERE: Final = Path(__file__).parent
ESLINT: Final = HERE / "node_modules" / ".bin" / "eslint"
FAULTS: Final = {
    "no-undef": "export const a = () => setTexts();",
    "no-unused-vars": "const lost = 1;",
    "eqeqeq": "export const b = (x) => x == 1;",
    "no-var": "export var c = 1;",
    "prefer-const": "export function d() { let e = 1; return e; }",
    "no-shadow": "export const f = 1; export const g = (f) => f;",
    "no-const-assign": "const h = 1; h = 2;",
    "consistent-return": "export function i(x) { if (x) return 1; }",
}


def test_the_linter_names_each_fault() -> None:
    """A file with one fault a line fails the lint, and each rule is named at its own line."""
    if not ESLINT.exists():
        pytest.skip("needs ESLint: run make lint where npm is installed")
    command = [str(ESLINT), "--config", str(HERE / "eslint.config.js"), "--format", "json", "--stdin"]
    done = subprocess.run(
        [*command, "--stdin-filename", "edge/vehicle/touchscreen/static/faulty.js"],
        input="\n".join(FAULTS.values()) + "\n",
        cwd=HERE.parents[1],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    reported = {(one["ruleId"], one["line"]) for one in json.loads(done.stdout)[0]["messages"]}
    assert {(rule, line) for line, rule in enumerate(FAULTS, 1)} <= reported
