"""``keys.toml``: the public keys that the agency's next bundle names. No secret: it may travel to who signs bundles.

People may edit it, so an unknown key is refused. Must not hold, read or name a private key.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import AfterValidator, BaseModel, Field, ValidationError, model_validator

from edge.contract.keys import ROLES, SHORT, PublicKey
from edge.errors import UserError
from edge.text.mistakes import explain
from edge.text.strictness import WRITTEN
from edge.text.toml_file import read_toml
from edge.text.whole_file import write_whole

NAME: Final = "keys.toml"
BEYOND_DAY: Final = date(2099, 12, 31)
"""No key is good until this day, or longer: its expiry would be an instant that no message can carry."""

HEADER: Final = """\
# The public keys that this agency's next bundle will list. Written by `roundsman agency keys`.
# Nothing here is secret. The .pem files are the private keys; keep agency.pem offline.
"""


def known_role(role: str) -> str:
    """A role of daily keys. Raises ValueError for another."""
    if role not in ROLES:
        msg = f"{role!r} is not a role for daily keys; use one of {', '.join(ROLES)}"
        raise ValueError(msg)
    return role


class DailyRow(BaseModel):
    """One ``[[daily]]``: a key, what it signs, and its last day in the agency's zone."""

    model_config = WRITTEN
    role: Annotated[str, AfterValidator(known_role)]
    key: PublicKey
    until: Annotated[date, Field(lt=BEYOND_DAY)]

    @property
    def stem(self) -> str:
        """What its private key's file is called, without ``.pem``."""
        return f"{self.role}-{self.key[:SHORT]}"


class KeysDoc(BaseModel):
    """The whole file. ``agency`` signs bundles; ``previous``, the key before it, does so, too, while it is listed."""

    model_config = WRITTEN
    agency: PublicKey
    previous: PublicKey | None = None
    daily: tuple[DailyRow, ...] = Field((), max_length=50)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        keys = [one for one in (self.agency, self.previous) if one is not None] + [row.key for row in self.daily]
        if len(set(keys)) < len(keys):
            msg = "a key is listed twice; each key has one role, so make another key"
            raise ValueError(msg)
        return self


def read_keys(folder: Path) -> KeysDoc:
    """The keys of a folder. Raises UserError where it has none, or the file has a mistake."""
    path = folder / NAME
    document = read_toml(path, "make one with `roundsman agency keys init`")
    try:
        return KeysDoc.model_validate(document)
    except ValidationError as error:
        msg = f"{path}: {explain(error)}"
        raise UserError(msg) from error


def write_keys(folder: Path, doc: KeysDoc) -> None:
    """Write the file whole. Raises UserError where the disk does not take it."""
    write_whole(folder / NAME, "".join(_lines(doc)))


def _lines(doc: KeysDoc) -> Iterator[str]:
    yield HEADER
    yield f'agency = "{doc.agency}"\n'
    if doc.previous is not None:
        yield f'previous = "{doc.previous}"\n'
    for row in doc.daily:
        yield f'\n[[daily]]\nrole = "{row.role}"\nkey = "{row.key}"\nuntil = {row.until.isoformat()}\n'
