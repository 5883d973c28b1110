"""What the READMEs say to type exists: every command and option, with what it must be given."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import click
import pytest

from edge.cli import roundsman
from edge.headquarters.report_commands import FIRST, Reports

ROOT: Final = Path(__file__).parents[1]
READMES: Final = (
    "README.md",
    "models/README.md",
    "edge/agency/README.md",
    "edge/headquarters/README.md",
    "provisioning/README.md",
    "provisioning/FLEET.md",
)
BLOCK: Final = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INDENTED: Final = re.compile(r"^    (?=roundsman )(.*)$", re.MULTILINE)
JOINED: Final = ("&&", ";", "|", ">", ">>", "#")


def commands(text: str) -> Iterator[tuple[str, ...]]:
    """The words of each call of `roundsman` in the blocks of a text; ``[--csv]`` is an option that may be left out."""
    for block in (*BLOCK.findall(text), *INDENTED.findall(text)):
        for line in re.sub(r"\s*\\\n\s*", " ", block).splitlines():
            words = shlex.split(re.sub(r"\s{2,}\S.*$", "", line) if "#" not in line else line, comments=True)
            while "roundsman" in words:
                words = words[words.index("roundsman") + 1 :]
                end = next((at for at, word in enumerate(words) if word in JOINED), len(words))
                yield tuple(word.strip("[]") for word in words[:end])


CALLS: Final = [
    pytest.param(call, id=f"{name}: {' '.join(call)[:70]}")
    for name in READMES
    for call in dict.fromkeys(commands((ROOT / name).read_text(encoding="utf-8")))
]


@pytest.mark.parametrize("call", CALLS)
def test_a_command_of_a_readme_exists_with_its_options(call: tuple[str, ...]) -> None:
    """Read as the command itself reads it; none of the options that it must have is missing."""
    command: click.Command = roundsman
    context, words = click.Context(roundsman, info_name="roundsman"), list(call)
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        if isinstance(command, Reports) and words[0] not in command.list_commands(context):
            words.insert(0, FIRST)
        name, found, words = command.resolve_command(context, words)
        assert found is not None
        command, context = found, click.Context(found, info_name=name, parent=context)
    given, _, _ = command.make_parser(context).parse_args(words)
    if "help" not in given and not isinstance(command, click.Group):
        assert [each.name for each in command.params if each.required and each.name not in given] == []


def test_there_are_commands_to_check() -> None:
    """Whatever becomes of the READMEs' form."""
    assert len(CALLS) > 40
