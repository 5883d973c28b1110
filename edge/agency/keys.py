"""The agency's keys in a folder: made, rotated, given up; and what a bundle is to name of them.

A private key is a ``.pem`` file for its owner alone; ``keys.toml`` names the public halves. Nothing here takes force by
itself: cars know of it from the next bundle. Must not send a private key anywhere, and must not delete one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge.agency.keys_file import BEYOND_DAY, NAME, DailyRow, KeysDoc, read_keys, write_keys
from edge.contract.keys import SHORT, DailyKey, DailyKeys
from edge.contract.signing import create_private_key, load_private_key, public_key_of
from edge.errors import UserError

AGENCY_PEM: Final = "agency.pem"
PREVIOUS_PEM: Final = "agency-previous.pem"
REVOKED: Final = ".revoked"
NEEDED: Final = ("plan", "context")
"""Roles without whose key a bundle that names keys leaves its cars without those documents."""


def init(folder: Path, key: Path | None = None) -> KeysDoc:
    """Make the folder with the agency's key. ``key``: the one it has already, which stays where it is."""
    private = None if key is None else load_private_key(key)
    try:
        if (folder / NAME).exists():
            msg = f"{folder / NAME}: already exists; make daily keys, or a new agency key with `rotate-agency`"
            raise UserError(msg)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder}: cannot be created ({error.strerror}); choose another folder"
        raise UserError(msg) from error
    doc = KeysDoc(agency=public_key_of(private or create_private_key(folder / AGENCY_PEM)))
    write_keys(folder, doc)
    return doc


def add_daily(folder: Path, role: str, until: date, today: date) -> tuple[DailyRow, Path]:
    """A new daily key beside those that the role has; its row, and where its private half is."""
    doc = read_keys(folder)
    if not today <= until < BEYOND_DAY:
        why = "has passed" if until < today else f"is not before {BEYOND_DAY}"
        msg = f"--until: {until} {why}; give the last day the key may sign"
        raise UserError(msg)
    private = Ed25519PrivateKey.generate()
    row = DailyRow(role=role, key=public_key_of(private), until=until)
    path = folder / f"{row.stem}.pem"
    create_private_key(path, private)
    write_keys(folder, doc.model_copy(update={"daily": (*doc.daily, row)}))
    return row, path


def revoke(folder: Path, what: str) -> list[str]:
    """Have the next bundle no longer name a role's keys, one key by its first digits, or ``previous``; which these are.

    Raises UserError where there is none such.
    """
    doc = read_keys(folder)
    if what == "previous" and doc.previous is not None:
        write_keys(folder, doc.model_copy(update={"previous": None}))
        aside = f"agency-{doc.previous[:SHORT]}.pem"  # its own name: it must not take the place of the one before
        return [_set_aside(folder / PREVIOUS_PEM, f"the agency's previous key {doc.previous[:SHORT]}", aside)]
    gone = [row for row in doc.daily if row.role == what or (len(what) >= SHORT and row.key.startswith(what))]
    if not gone:
        known = ", ".join(row.stem for row in doc.daily) or "none"
        msg = f"{folder / NAME}: names no key {what!r}; give a role, or at least {SHORT} digits of one of: {known}"
        raise UserError(msg)
    write_keys(folder, doc.model_copy(update={"daily": tuple(row for row in doc.daily if row not in gone)}))
    named = [(f"{row.stem}.pem", f"the {row.role} key {row.key[:SHORT]}") for row in gone]
    return [_set_aside(folder / pem, words, pem) for pem, words in named]


def _set_aside(pem: Path, named: str, name: str) -> str:
    """Rename a private key that must not be used any more, to ``name`` and more; what is to be said of it."""
    if not pem.exists():
        return named
    aside = pem.with_name(name + REVOKED)
    pem.rename(aside)
    return f"{named} (its private key is now {aside})"


def rotate_agency(folder: Path) -> KeysDoc:
    """A new agency key. The one before signs bundles, too, until it is revoked as ``previous``."""
    doc = read_keys(folder)
    if doc.previous is not None:
        msg = (
            f"{folder / NAME}: previous: the last rotation is not finished; once every car has the new key, run "
            "`revoke previous` first"
        )
        raise UserError(msg)
    if not (folder / AGENCY_PEM).exists():
        msg = f"{folder / AGENCY_PEM}: no such file; put the agency's private key there and run the command again"
        raise UserError(msg)
    agency_key(folder, doc)
    coming = folder / "agency-next.pem"
    new = public_key_of(create_private_key(coming))  # first: the renaming cannot fail for want of room
    (folder / AGENCY_PEM).rename(folder / PREVIOUS_PEM)
    coming.rename(folder / AGENCY_PEM)
    rotated = doc.model_copy(update={"agency": new, "previous": doc.agency})
    write_keys(folder, rotated)
    return rotated


def agency_key(folder: Path, doc: KeysDoc, key: Path | None = None) -> Ed25519PrivateKey:
    """The agency's private key: ``agency.pem``, or the file given. Raises UserError where it is not the one listed."""
    path = key or folder / AGENCY_PEM
    return _listed(path, doc.agency, "agency")


def previous_key(folder: Path, doc: KeysDoc) -> Ed25519PrivateKey | None:
    """The key before it, while it is listed. Raises UserError where it is not at hand."""
    return None if doc.previous is None else _listed(folder / PREVIOUS_PEM, doc.previous, "previous")


def _listed(path: Path, public: str, name: str) -> Ed25519PrivateKey:
    private = load_private_key(path)
    if public_key_of(private) != public:
        msg = f"{path}: not the key that {NAME} lists as {name}; give the right file, or correct {NAME}"
        raise UserError(msg)
    return private


@dataclass(frozen=True, slots=True)
class Named:
    """What a bundle is to name. ``notes``: what who builds it should know."""

    keys: DailyKeys
    notes: tuple[str, ...]


def named_in(doc: KeysDoc, zone: ZoneInfo, created: datetime, expires: datetime) -> Named:
    """The daily keys that hold when a bundle is made."""
    keys: DailyKeys = {}
    notes = []
    for row in doc.daily:
        ends = datetime.combine(row.until + timedelta(days=1), time(), zone).astimezone(UTC)
        if ends <= created:
            notes.append(f"the {row.role} key {row.key[:SHORT]} expired on {row.until}; not in the bundle")
            continue
        if ends < expires:
            notes.append(f"the {row.role} key {row.key[:SHORT]} expires on {row.until}, before the bundle")
        keys[row.role] = (*keys.get(row.role, ()), DailyKey(key=row.key, expires=ends))
    if doc.daily and not keys:
        notes.append("no daily keys: cars with this bundle accept only what the agency key signs")
    lacking = [role for role in NEEDED if role not in keys] if keys else []
    notes += [f"no {role} key: cars with this bundle accept no {role}" for role in lacking]
    return Named(keys, tuple(notes))
