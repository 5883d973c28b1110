"""The roster as an agency writes it: no names, no PINs, no trivial PIN; hashes written in place."""

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from edge.errors import UserError
from edge.headquarters.commands import hq
from edge.headquarters.pins import refusal
from edge.headquarters.roster_file import complete, read_roster

HASH = "$argon2id$v=19$m=65536,t=3,p=4$Z29sZGVuIHNhbHQgMTYgYg$SGFzaCBvZiBub2JvZHkncw"
TOML = """\
# Night shift first.
[[members]]
id = "4711"            # car 12
role = "officer"

[[members]]
id = "K9-2"
role = "supervisor"
"""
CSV = "id;role\r\n4711;officer\r\nK9-2;supervisor\r\n"


def written(folder: Path, text: str, name: str = "roster.toml") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


def set_pin(path: Path, officer: str, *typed: str) -> Result:
    lines = "".join(f"{line}\n" for line in typed)
    return CliRunner().invoke(hq, ["set-pin", officer, str(path)], input=lines)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("12345", "6 to 12 digits"),
        ("1234567890123", "6 to 12 digits"),
        ("12a456", "6 to 12 digits"),
        ("１２３７８０", "6 to 12 digits"),
        ("", "6 to 12 digits"),
        ("000000", "fewer than 3 different"),
        ("121212", "fewer than 3 different"),
        ("110011", "fewer than 3 different"),
        ("123456", "up or down"),
        ("654321", "up or down"),
        ("890123", "up or down"),
        ("112233", "up or down"),
        ("123123", "is a repeated pattern"),
        ("123321", "is a repeated pattern"),
        ("12341234", "is a repeated pattern"),
        ("904711", "contains the id"),
        ("117490", "contains the id"),
    ],
)
def test_a_trivial_pin_is_refused(pin: str, why: str) -> None:
    """With why; the PIN itself is not repeated."""
    said = refusal(pin, "4711")
    assert said is not None
    assert why in said


@given(st.text("0123456789", min_size=6, max_size=12))
def test_a_run_is_refused_wherever_it_begins(pin: str) -> None:
    """And what has five different digits that are no run, no repetition and not the id is taken."""
    run = "".join(str((int(pin[0]) + step) % 10) for step in range(len(pin)))
    assert refusal(run, "K9") is not None
    assert refusal(run[::-1], "K9") is not None


@pytest.mark.parametrize("pin", ["739105", "204866", "1223334440", "19840623"])
def test_an_ordinary_pin_is_taken(pin: str) -> None:
    assert refusal(pin, "4711") is None


@pytest.mark.parametrize(("text", "name"), [(TOML, "roster.toml"), (CSV, "roster.csv")])
def test_set_pin_writes_the_hash_alone_and_leaves_the_rest(tmp_path: Path, text: str, name: str) -> None:
    """An id is found whatever the case of its letters; the PIN stands nowhere; a second time replaces the first."""
    path = written(tmp_path, text, name)
    for officer, pin in (("4711", "555555"), ("4711", "739105"), ("k9-2", "204866"), ("4711", "860317")):
        done = set_pin(path, officer, pin, pin)
        assert done.exit_code == (0 if pin != "555555" else 1)
        assert pin not in done.output
        assert pin not in path.read_text(encoding="utf-8")
    members = complete(path)
    assert [(one.id, one.role) for one in members] == [("4711", "officer"), ("K9-2", "supervisor")]
    assert PasswordHasher().verify(members[0].pin_hash, "860317")
    assert PasswordHasher().verify(members[1].pin_hash, "204866")
    lines = path.read_bytes().decode().splitlines(keepends=True)
    if name == "roster.toml":
        assert "".join(line for line in lines if not line.startswith("pin_hash")) == TOML
    assert all(line.endswith("\r\n" if name == "roster.csv" else "\n") for line in lines)


@pytest.mark.parametrize(
    ("name", "text", "sentences"),
    [
        ("r.csv", "id,role,Last Name\n1,officer,Smith\n", ["column 'last name' is about people (name)"]),
        ("r.csv", "id,role,e-mail,pin\n1,officer,a@b,123\n", ["PINs are never kept in a file"]),
        ("r.toml", '[[members]]\nid = "1"\nrole = "officer"\nname = "x"\ndob = 1\n', ["column 'name'", "column 'dob'"]),
        ("r.toml", '[[members]]\nid = "1"\nrole = "officer"\ncar = 12\n', ["column 'car' is unknown"]),
        (
            "r.csv",
            "id,role\nsmith,officer\n",
            ["line 2: id: an id has 1 to 12 letters, digits or hyphens", "never a name"],
        ),
        ("r.csv", "id,role\n1,officer\n\n2,chief\n", ["line 4: role: must be 'officer', 'supervisor' or 'analyst'"]),
        ("r.csv", "id,role\na1,officer\nA1,analyst\n", ["id A1 is listed twice"]),
        ("r.csv", "id\n1\n", ["no column 'role'"]),
        ("r.csv", "id,role\n1,officer,x\n", ["line 2: has more cells"]),
        ("r.csv", "id,role,pin_hash\n1,officer,$2b$12$abc\n", ["line 2: pin_hash: is not the Argon2id hash of a PIN"]),
        ("r.csv", f'id,role,pin_hash\n1,officer,"{HASH.replace("65536", "1048576")}"\n', ["m=1048576; cars accept"]),
        ("r.toml", "", ["members: is missing"]),
    ],
)
def test_every_mistake_is_told_by_its_place(tmp_path: Path, name: str, text: str, sentences: list[str]) -> None:
    path = written(tmp_path, text, name)
    with pytest.raises(UserError) as told:
        read_roster(path)
    for sentence in sentences:
        assert sentence in str(told.value)
    assert "Smith" not in str(told.value)
    assert all(line.startswith(str(path)) for line in str(told.value).splitlines())


def test_too_many_ids_for_one_document_are_refused_in_one_sentence(tmp_path: Path) -> None:
    """The count, the bound and what it is bound by; not a line for each."""
    lines = "".join(f"{number};officer\n" for number in range(7_001))
    with pytest.raises(UserError) as refused:
        read_roster(written(tmp_path, f"id;role\n{lines}", "roster.csv"))
    assert str(refused.value) == (
        f"{tmp_path / 'roster.csv'}: 7,001 ids; every car holds the whole roster as one signed document of at most "
        "1 MB, which has room for 7,000: list those who patrol in cars"
    )


def test_nobody_is_published_without_a_pin(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no PIN is set for 4711, K9-2; run `roundsman hq set-pin 4711"):
        complete(written(tmp_path, TOML))


def test_a_file_laid_out_otherwise_is_left_as_it_is(tmp_path: Path) -> None:
    """Instead of writing what would say something else."""
    text = 'members = [{ id = "4711", role = "officer" }]\n'
    path = written(tmp_path, text)
    done = set_pin(path, "4711", "739105", "739105")
    assert "on lines of their own" in str(done.exception)
    assert path.read_text(encoding="utf-8") == text


def test_an_id_that_is_not_listed_is_no_typing_mistake_that_passes(tmp_path: Path) -> None:
    """Before a PIN is asked for."""
    done = set_pin(written(tmp_path, TOML), "4712")
    assert "has no id '4712'; add it with its role first" in str(done.exception)
