"""What a name may be, so that every topic, file, address, certificate and screen can hold it.

A name that one of them cannot hold is refused where it is written, long before a car meets it. Text is put into
Unicode's composed form (NFC), as an é typed on a Mac is two characters and elsewhere one, and loses the spaces around
it. Must not know any document.
"""

import unicodedata
from collections.abc import Iterable
from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator

LONGEST: Final = 63
"""Characters: a certificate's common name has at most 64."""

MOST_BYTES: Final = 120
"""Of UTF-8: a file's name has at most 255, and some has to be left for what surrounds it."""

_BETWEEN: Final = " .-_'&()"
_RESERVED: Final = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}
)
"""Names that Windows keeps to itself, whatever follows a full stop: a USB stick or an export could not hold them."""

_INVISIBLE: Final = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Unicode's categories of control, formatting, private and unassigned characters, and of line separators."""


def area_name(text: str) -> str:
    """The name of a district or special unit. Raises ValueError with what is wrong and what may be written."""
    name = unicodedata.normalize("NFC", text).strip()
    strange = next((each for each in name if not (_is_word(each) or each in _BETWEEN)), None)
    if strange is not None:
        raise ValueError(_refused(name, f"contains {_character(strange)}"))
    if not name[:1].isalnum():
        raise ValueError(_refused(name, "must begin with a letter or digit"))
    if len(name) > LONGEST or len(name.encode()) > MOST_BYTES:
        raise ValueError(_refused(name, f"is longer than {LONGEST} characters or {MOST_BYTES} bytes"))
    return not_reserved(name)


def label(text: str) -> str:
    """Words for a screen or report, with plain spaces. Raises ValueError where one of the characters is not seen."""
    words = "".join(" " if unicodedata.category(each) == "Zs" else each for each in text).strip()
    strange = next((each for each in words if unicodedata.category(each) in _INVISIBLE), None)
    if strange is not None:
        msg = f"contains {_character(strange)}, which is invisible; retype it"
        raise ValueError(msg)
    return unicodedata.normalize("NFC", words)


def beat_name(text: str) -> str:
    """The name of a beat: shown and reported, in no topic or file name. Raises ValueError as `label` does."""
    name = label(text)
    if not name[:1].isalnum() or len(name) > LONGEST:
        msg = f"{_short(name)} must begin with a letter or digit, and have at most {LONGEST} characters"
        raise ValueError(msg)
    return name


def not_reserved(name: str) -> str:
    """A name that Windows does not reserve. Raises ValueError for one it does, or that ends with a full stop."""
    if name.partition(".")[0].rstrip().casefold() in _RESERVED or name.endswith("."):
        msg = f"{_short(name)} is not allowed as a file name on Windows; choose another"
        raise ValueError(msg)
    return name


def twins(names: Iterable[str]) -> tuple[str, str] | None:
    """Two names that differ only in case or form, and so are one to a file system, or to an officer's ear."""
    seen: dict[str, str] = {}
    for name in sorted(set(names)):
        other = seen.setdefault(unicodedata.normalize("NFKC", name).casefold(), name)
        if other != name:
            return other, name
    return None


def _refused(name: str, why: str) -> str:
    return f"{_short(name)} {why}; use letters, digits, spaces and {' '.join(_BETWEEN.strip())} for it"


def _is_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or unicodedata.category(character) == "Nd"


def _character(character: str) -> str:
    named = unicodedata.name(character, f"U+{ord(character):04X}")
    return repr(character) if character.isascii() and character.isprintable() else f"the character {named}"


def _short(name: str) -> str:
    return repr(name if len(name) <= LONGEST else f"{name[:40]}…")


AreaName: TypeAlias = Annotated[str, AfterValidator(area_name)]
"""The name of a district or special unit."""

Label: TypeAlias = Annotated[str, AfterValidator(label)]
"""Words that are shown."""
