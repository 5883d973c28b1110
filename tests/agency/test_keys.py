"""The agency's keys as a fleet admin handles them: made, named by the next bundle, rotated, lost, replaced."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edge.agency.keys_file import read_keys
from edge.contract.agency import load_agency
from edge.contract.bundle import read_manifest, verified_bundle
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.errors import UserError
from tests.agency.square import write_square
from tests.agency.test_bundle import call

TODAY = datetime.now(UTC).date()
LATER = TODAY + timedelta(days=200)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the agency's key, and the town's sources beside it."""
    write_square(tmp_path)
    assert call("agency", "keys", "init", tmp_path / "keys")[1] == ""
    return tmp_path / "keys"


def daily(folder: Path, role: str, until: object = LATER) -> Path:
    """A new daily key; where its private half is."""
    said, refused = call("agency", "keys", "daily", role, folder, "--until", until)
    assert refused == ""
    assert f"[keys] {role} = " in said
    return Path(said.partition(": ")[0])


def build(folder: Path, *words: object) -> tuple[str, str]:
    return call(
        "agency", "build", folder.parent / "agency.toml", "--out", folder.parent / "agency", "--keys", folder, *words
    )


def named(folder: Path) -> dict[str, list[str]]:
    """The keys that the bundle names."""
    manifest = verified_bundle(folder.parent / "agency", public(folder / "agency.pem")).manifest
    return {role: [one.key for one in keys] for role, keys in manifest.keys.items()}


def public(pem: Path) -> str:
    return public_key_of(load_private_key(pem))


def test_the_next_bundle_names_the_daily_keys_with_their_expiry(folder: Path) -> None:
    """Each private half is its owner's alone; the bundle is signed with the agency's key."""
    plan, context = daily(folder, "plan"), daily(folder, "context")
    for pem in (plan, context, folder / "agency.pem"):
        assert stat.S_IMODE(pem.stat().st_mode) == 0o600
    said, refused = build(folder)
    assert refused == ""
    assert "signed" in said
    assert named(folder) == {"plan": [public(plan)], "context": [public(context)]}
    agency = load_agency(folder.parent / "agency")
    assert agency.public_key == public(folder / "agency.pem")
    expires = agency.daily_keys["plan"][0].expires
    assert expires.astimezone(agency.calendar.zone).replace(tzinfo=None) == datetime.combine(
        LATER + timedelta(days=1), datetime.min.time()
    )
    shown = call("agency", "show", folder.parent / "agency")[0]
    assert f"plan key {public(plan)}, until " in shown
    listed = call("agency", "keys", "list", folder.parent / "agency")[0]
    assert public(context) in listed


def test_without_a_daily_key_the_bundle_is_in_the_form_of_before(folder: Path) -> None:
    """Byte for byte no word of keys: software of before reads it."""
    build(folder)
    assert b'"keys"' not in (folder.parent / "agency" / "manifest.json").read_bytes()
    assert "no daily keys" in call("agency", "keys", "list", folder.parent / "agency")[0]


def test_a_rotated_key_is_named_beside_the_new_one(folder: Path) -> None:
    """Headquarters changes over when the cars have the bundle; then the old one is revoked."""
    old, _, new = daily(folder, "plan"), daily(folder, "context"), daily(folder, "plan", LATER + timedelta(days=30))
    build(folder)
    assert named(folder)["plan"] == [public(old), public(new)]
    digits = public(old)[:8]
    said, _ = call("agency", "keys", "revoke", digits, folder)
    assert f"revoked: the plan key {digits} (its private key is now {old}.revoked)" in said
    build(folder)
    assert named(folder)["plan"] == [public(new)]


def test_a_lost_key_is_named_no_more(folder: Path) -> None:
    """All keys of the role, or the one; the command says that cars go by the bundle they have."""
    lost = daily(folder, "plan")
    daily(folder, "context")
    said, refused = call("agency", "keys", "revoke", "plan", folder)
    assert refused == ""
    assert "cars use the bundle they have" in said
    assert not lost.exists()
    assert "no plan key: cars with this bundle accept no plan" in build(folder)[0]
    assert list(named(folder)) == ["context"]
    new = daily(folder, "plan")
    build(folder)
    assert named(folder)["plan"] == [public(new)]


def test_an_expired_key_is_not_named_and_one_that_expires_first_is_noted(folder: Path) -> None:
    """Who builds a bundle hears of both."""
    daily(folder, "context", TODAY + timedelta(days=10))
    row = read_keys(folder).daily[0]
    over = f'\n[[daily]]\nrole = "plan"\nkey = "{"ab" * 32}"\nuntil = 2026-01-05\n'
    with (folder / "keys.toml").open("a") as file:
        file.write(over)
    said, _ = build(folder)
    assert "the plan key abababab expired on 2026-01-05; not in the bundle" in said
    assert f"the context key {row.key[:8]} expires on {row.until}, before the bundle" in said
    assert list(named(folder)) == ["context"]
    assert "EXPIRED 2026-01-05" in call("agency", "keys", "list", folder)[0]


def test_a_new_agency_key_signs_with_the_old_one_until_that_is_revoked(folder: Path) -> None:
    """Who trusts the old key takes the bundle and learns the new one; afterwards only the new one signs."""
    before = public(folder / "agency.pem")
    daily(folder, "plan")
    daily(folder, "context")
    build(folder)
    said, _ = call("agency", "keys", "rotate-agency", folder)
    after = public(folder / "agency.pem")
    assert after in said
    assert after != before
    said, refused = build(folder)
    assert refused == ""
    assert "signed with the agency's previous key, so" in said
    bundle = folder.parent / "agency"
    assert verified_bundle(bundle, before).key == verified_bundle(bundle, after).key == after
    assert "good" in call("agency", "verify", bundle, "--key", after)[0]
    _, refused = call("agency", "keys", "rotate-agency", folder)
    assert "`revoke previous` first" in refused
    call("agency", "keys", "revoke", "previous", folder)
    build(folder)
    assert verified_bundle(bundle, after).countersigned is None
    with pytest.raises(UserError, match="trusted agency key"):
        verified_bundle(bundle, before)


def test_no_private_key_takes_the_place_of_another(folder: Path) -> None:
    """Each agency key that was rotated and revoked stays, in a file of its own."""
    keys = []
    for _ in range(2):
        keys.append(public(folder / "agency.pem"))
        call("agency", "keys", "rotate-agency", folder)
        said, refused = call("agency", "keys", "revoke", "previous", folder)
        assert (refused, str(folder / f"agency-{keys[-1][:8]}.pem.revoked") in said) == ("", True)
    assert [public(folder / f"agency-{key[:8]}.pem.revoked") for key in keys] == keys


def test_a_key_that_lies_elsewhere_is_asked_for_before_it_is_rotated(tmp_path: Path) -> None:
    """Made with --key, the folder has no agency.pem; nothing is changed."""
    create_private_key(tmp_path / "own.pem")
    call("agency", "keys", "init", tmp_path / "keys", "--key", tmp_path / "own.pem")
    _, refused = call("agency", "keys", "rotate-agency", tmp_path / "keys")
    assert "agency.pem: no such file; put the agency's private key there and run the command again" in refused
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["keys.toml"]


@pytest.mark.parametrize("until", ["2099-12-31", "2100-01-01", "9999-12-31"])
def test_a_day_that_no_bundle_can_carry_is_refused(until: str, folder: Path) -> None:
    """As the key is made, and where it was written by hand."""
    _, refused = call("agency", "keys", "daily", "plan", folder, "--until", until)
    assert f"--until: {until} is not before 2099-12-31" in refused
    assert sorted(path.name for path in folder.iterdir()) == ["agency.pem", "keys.toml"]
    with (folder / "keys.toml").open("a") as file:
        file.write(f'\n[[daily]]\nrole = "plan"\nkey = "{"ab" * 32}"\nuntil = {until}\n')
    assert "daily #1.until: must be less than 2099-12-31" in build(folder)[1]


def test_the_last_day_that_a_key_may_have_is_carried(folder: Path) -> None:
    """A day less than that is an instant before 2100, in whatever zone."""
    last = daily(folder, "plan", "2099-12-30")
    assert build(folder)[1] == ""
    assert named(folder) == {"plan": [public(last)]}


def test_who_builds_a_bundle_hears_that_every_daily_key_is_over(folder: Path) -> None:
    """It names none, so it is in the form of before: the agency's key signs plans and contexts again."""
    with (folder / "keys.toml").open("a") as file:
        file.write(f'\n[[daily]]\nrole = "plan"\nkey = "{"ab" * 32}"\nuntil = 2026-01-05\n')
    said, _ = build(folder)
    assert "no daily keys: cars with this bundle accept only what the agency key signs" in said
    assert "obey no plan" not in said


def test_a_bundle_is_signed_where_the_agencys_key_is(folder: Path, tmp_path: Path) -> None:
    """Headquarters has keys.toml and the daily keys alone; what it built is carried to the key, and signed there."""
    daily(folder, "plan")
    daily(folder, "context")
    offline = tmp_path / "offline"
    offline.mkdir()
    (folder / "agency.pem").rename(offline / "agency.pem")
    said, refused = build(folder)
    assert refused == ""
    assert "NOT SIGNED" in said
    (offline / "keys.toml").write_bytes((folder / "keys.toml").read_bytes())
    assert call("agency", "sign", tmp_path / "agency", "--keys", offline)[1] == ""
    bundle = verified_bundle(tmp_path / "agency", public(offline / "agency.pem"))
    assert bundle.manifest.keys.keys() == {"plan", "context"}
    assert "agency.pem of --keys" in call("agency", "sign", "--help")[0]
    assert "--key: give the agency's private key" in call("agency", "sign", tmp_path / "agency", "--keys", folder)[1]


def test_an_agency_that_has_a_key_keeps_it(tmp_path: Path) -> None:
    """`init --key`: the cars pinned it; it stays where it is."""
    write_square(tmp_path)
    own = public_key_of(create_private_key(tmp_path / "signing.key"))
    assert call("agency", "keys", "init", tmp_path / "keys", "--key", tmp_path / "signing.key")[1] == ""
    assert read_keys(tmp_path / "keys").agency == own
    assert not (tmp_path / "keys" / "agency.pem").exists()
    daily(tmp_path / "keys", "plan")
    assert build(tmp_path / "keys", "--key", tmp_path / "signing.key")[1] == ""
    assert read_manifest(tmp_path / "agency").keys.keys() == {"plan"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["keys", "init", "{keys}"], "keys.toml: already exists"),
        (["keys", "init", "{keys}/keys.toml/x"], "cannot be created"),
        (["keys", "daily", "plan", "{keys}", "--until", "2020-01-01"], "--until: 2020-01-01 has passed"),
        (
            ["keys", "daily", "plan", "{keys}/nowhere", "--until", "2099-01-01"],
            "make one with `roundsman agency keys",
        ),
        (
            ["keys", "revoke", "roster", "{keys}"],
            "names no key 'roster'; give a role, or at least 8 digits",
        ),
        (["keys", "revoke", "previous", "{keys}"], "names no key 'previous'"),
        (["keys", "list", "{keys}/nowhere"], "make one with `roundsman agency keys"),
        (["sign", "{keys}"], "--key: give the agency's private key"),
        (["sign", "{keys}", "--keys", "{keys}"], "manifest.json: No such file"),
    ],
)
def test_a_mistake_is_one_sentence(words: list[str], sentence: str, folder: Path) -> None:
    """And nothing is changed by it."""
    before = (folder / "keys.toml").read_bytes()
    said, refused = call("agency", *(word.replace("{keys}", str(folder)) for word in words))
    assert sentence in refused, (said, refused)
    assert (folder / "keys.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('owner = "me"', "owner: "),
        (
            '[[daily]]\nrole = "patrol"\nkey = "%s"\nuntil = 2099-01-01' % ("ab" * 32),
            "'patrol' is not a role",
        ),
        ('[[daily]]\nrole = "plan"\nkey = "abc"\nuntil = 2099-01-01', "daily #1.key"),
        ('[[daily]]\nrole = "plan"\nkey = "%s"' % ("ab" * 32), "daily #1.until: is missing"),
        ("[[daily]", "not valid TOML"),
    ],
)
def test_a_keys_file_with_a_mistake_is_refused_by_its_key(line: str, sentence: str, folder: Path) -> None:
    """Before a bundle is built from it."""
    path = folder / "keys.toml"
    path.write_text(f"{path.read_text()}\n{line}\n")
    said, refused = build(folder)
    assert refused.startswith(str(path)), (said, refused)
    assert sentence in refused


def test_a_key_has_one_role(folder: Path) -> None:
    """The machine that publishes plans must not have the agency's key under another name."""
    path = folder / "keys.toml"
    own = public(folder / "agency.pem")
    path.write_text(f'{path.read_text()}\n[[daily]]\nrole = "plan"\nkey = "{own}"\nuntil = 2099-01-01\n')
    assert "a key is listed twice" in build(folder)[1]


def test_a_key_that_is_not_the_one_listed_builds_nothing(folder: Path, tmp_path: Path) -> None:
    """The wrong file, or one that somebody put in its place."""
    create_private_key(tmp_path / "other.pem")
    _, refused = build(folder, "--key", tmp_path / "other.pem")
    assert "other.pem: not the key that keys.toml lists as agency" in refused
    assert not (tmp_path / "agency").exists()
    _, refused = call("agency", "build", tmp_path / "agency.toml", "--out", folder, "--keys", folder)
    assert "contains files that are not part of an agency directory" in refused
