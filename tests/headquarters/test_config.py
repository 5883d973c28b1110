"""Configuration: every mistake at once, each with its key path; the environment wins; secrets stay secret."""

from pathlib import Path

import pytest

from edge.errors import UserError
from edge.headquarters.address import DatabaseUrl
from edge.headquarters.config import HeadquartersConfig
from edge.headquarters.store import Store, StoreError
from edge.text.config import load, show

GOOD = """\
agency = "agency"
database = "hq.sqlite"
[broker]
host = "broker.example"
username = "hq"
password = "hush-hush"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "hq.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_pages_are_served_on_the_loopback_unless_told(tmp_path: Path) -> None:
    """What is not written has the documented default."""
    config = load(HeadquartersConfig, write(tmp_path, GOOD))
    assert (config.web.host, config.web.port, config.broker.port) == ("127.0.0.1", 8700, 1883)


def test_every_mistake_is_told_with_its_key_path(tmp_path: Path) -> None:
    """A missing key, an unknown key, a wrong type, a value out of range: four lines."""
    path = write(tmp_path, 'agency = "a"\ncolour = "red"\n[broker]\nport = "many"\nhosst = "x"\n[web]\nport = 99999\n')
    with pytest.raises(UserError) as error:
        load(HeadquartersConfig, path)
    lines = str(error.value).splitlines()
    assert {line.split(": ")[1] for line in lines} == {"database", "colour", "broker.port", "broker.hosst", "web.port"}
    assert all(line.startswith(f"{path}: ") for line in lines)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable replaces one key and leaves its neighbours."""
    monkeypatch.setenv("ROUNDSMAN_HQ__BROKER__HOST", "elsewhere")
    config = load(HeadquartersConfig, write(tmp_path, GOOD))
    assert (config.broker.host, config.broker.username) == ("elsewhere", "hq")


def test_a_mistake_in_the_environment_names_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one whose name is no key."""
    monkeypatch.setenv("ROUNDSMAN_HQ__WEB__PORT", "many")
    monkeypatch.setenv("ROUNDSMAN_HQ__WEB__PROT", "1")
    monkeypatch.setenv("ROUNDSMAN_HQ__DATABAES", "x")
    with pytest.raises(UserError) as error:
        load(HeadquartersConfig, write(tmp_path, GOOD))
    told = str(error.value)
    assert "ROUNDSMAN_HQ__WEB__PORT: web.port" in told
    assert "ROUNDSMAN_HQ__WEB__PROT: web.prot" in told
    assert "ROUNDSMAN_HQ__DATABAES" in told


@pytest.mark.parametrize("text", [None, "agency = ", "\xff"])
def test_a_file_that_is_no_toml_or_not_there_is_said_plainly(text: str | None, tmp_path: Path) -> None:
    """One sentence with the path."""
    path = tmp_path / "hq.toml"
    if text is not None:
        path.write_bytes(text.encode("latin-1"))
    with pytest.raises(UserError, match=r"hq\.toml"):
        load(HeadquartersConfig, path)


def test_secrets_are_masked(tmp_path: Path) -> None:
    """`show` is TOML that says that there is a password, not which."""
    shown = show(load(HeadquartersConfig, write(tmp_path, GOOD)))
    assert "hush-hush" not in shown
    assert 'broker.password = "****' in shown
    assert 'broker.host = "broker.example"' in shown
    assert "# signing_key is not set" in shown


def test_half_a_certificate_is_a_mistake(tmp_path: Path) -> None:
    """The two files belong together."""
    with pytest.raises(UserError, match="go together"):
        load(HeadquartersConfig, write(tmp_path, GOOD + 'cert = "c"\n'))


SERVER = "postgresql+psycopg://roundsman:hush-hush@db.example:5432/hq?sslmode=require"


def test_the_database_is_a_path_or_a_servers_url(tmp_path: Path) -> None:
    """Today's files name a path; a server's password is used, and never shown."""
    assert load(HeadquartersConfig, write(tmp_path, GOOD)).database == Path("hq.sqlite")
    config = load(HeadquartersConfig, write(tmp_path, GOOD.replace("hq.sqlite", SERVER)))
    assert config.database == DatabaseUrl(SERVER)
    assert 'database = "postgresql+psycopg://roundsman:***@db.example:5432/hq"' in show(config)
    assert "hush-hush" not in f"{show(config)} {config} {config!r}"


@pytest.mark.parametrize("url", ["mysql://hq:hush-hush@db/hq", "postgresql://hq:hush-hush@db", "postgresql://a:b:c/hq"])
def test_a_url_that_cannot_be_used_is_a_mistake_that_keeps_its_secret(url: str, tmp_path: Path) -> None:
    """The sentence says how to write one, and does not repeat the password."""
    with pytest.raises(UserError, match=r"database: .*write postgresql\+psycopg://") as error:
        load(HeadquartersConfig, write(tmp_path, GOOD.replace("hq.sqlite", url)))
    assert "hush-hush" not in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_server_that_is_not_there_is_one_sentence_without_the_password() -> None:
    """As `hq run`, a command and `config check` say it."""
    with pytest.raises(StoreError, match=r"^postgresql\+psycopg://hq:\*\*\*@127.0.0.1:1/hq: not usable") as error:
        Store(DatabaseUrl("postgresql+psycopg://hq:hush-hush@127.0.0.1:1/hq"))
    assert "hush-hush" not in str(error.value)
    assert "\n" not in str(error.value)
