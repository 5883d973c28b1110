"""What a file is, by its content and never by its name; and a clear word for what can't be read. Must not read rows."""

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final, Literal, TypeAlias

from edge.errors import UserError
from models.ingest.files.text import guess, marked

Kind: TypeAlias = Literal["text", "parquet", "gzip", "zip", "workbook", "layers", "objects"]

LOOKED_AT: Final = 1 << 16
"""Bytes: a JSON record on a line is shorter."""

ACCEPTED: Final = "give CSV, Parquet, a workbook, GeoJSON, JSON records, a shapefile, a GeoPackage, or a .zip of one"
_READ: Final[Sequence[tuple[bytes, Kind]]] = (
    (b"PAR1", "parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x00\x00\x27\x0a", "layers"),
    (b"SQLite format 3\x00", "layers"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
)
_REFUSED: Final = (
    (0, b"%PDF", "a PDF, whose tables cannot be read reliably; ask for the data as CSV"),
    (257, b"ustar", "packed by tar; unpack it first"),
    (0, b"BZh", "packed by bzip2; unpack it first"),
    (0, b"\xfd7zXZ", "packed by xz; unpack it first"),
    (0, b"7z\xbc\xaf\x27\x1c", "packed by 7-Zip; unpack it first"),
    (0, b"Rar!", "packed by RAR; unpack it first"),
    (0, b"\x28\xb5\x2f\xfd", "packed by zstd; unpack it first"),
    (0, b"<stata_dta>", "a Stata file; save the table as CSV"),
    (0, b"{\\rtf", "an RTF document; save the table as CSV"),
    (0, b"\x89PNG", "a picture; ask for the data as CSV"),
    (0, b"\xff\xd8\xff", "a picture; ask for the data as CSV"),
)
_SPREADSHEET: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_SHOWN: Final = 6
_LOCKED: Final = 1
_SHAPEFILE: Final = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx")
_NO_DATA: Final = (".txt", ".md", ".pdf", ".xml", ".html", ".htm", ".docx", ".rtf", *_SHAPEFILE)
_CONTROL: Final = bytes(byte for byte in range(ord(" ")) if byte not in b"\t\n\r\f\x1a")
_BEFORE_JSON: Final = b" \t\r\n\x1e"
"""Spaces, and what stands before each record of a JSON text sequence (RFC 7464)."""
_OBJECTS: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{(?![^\n]*\"type\"\s*:\s*\"Feature\")[^\n]*\}[ \t]*\r?\n\s*\{")
"""A JSON object on each line: the first is whole, another follows, and they are no features of GeoJSON."""
_SQL: Final = re.compile(
    rb"(?:\s|--[^\n]*\n|/\*.*?\*/;?)*(?:(?:CREATE|DROP) TABLE|INSERT INTO)\s", re.IGNORECASE | re.DOTALL
)
_NOT_PLAIN: Final = 0.05
"""Share of control characters from which bytes are no text."""


@dataclass(frozen=True, slots=True)
class Member:
    """What of a zip file is to be read: a file in it, and those that belong to it."""

    name: str
    beside: tuple[str, ...] = ()


def kind_of(where: str, name: str, head: bytes) -> Kind:
    """What the first `LOOKED_AT` bytes say. Raises UserError, in words, for what can't be read."""
    for magic, kind in _READ:
        if head.startswith(magic):
            return kind
    words = next((words for at, magic, words in _REFUSED if head[at:].startswith(magic)), None)
    if words is not None:
        raise _refused(where, words)
    if name.lower().endswith(_SHAPEFILE) and b"," not in head[:64]:
        raise _refused(where, "a part of a shapefile; give its .shp, with the others beside it")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(_BEFORE_JSON)[:1]
    if start in {b"{", b"["}:
        return "objects" if start == b"[" or _OBJECTS.match(head) else "layers"
    if start == b"<":
        raise _refused(where, "a web page or XML, whatever its name; open it in a spreadsheet and save it as CSV")
    if _SQL.match(head):
        raise _refused(where, "an SQL script; export the table as CSV")
    if not _is_text(head):
        raise _refused(where, f"a binary file of an unknown kind; {ACCEPTED}")
    return "text"


def kind_of_file(where: str, name: str, raw: BinaryIO) -> Kind:
    """What an open file is, by its first bytes, or by what a zip file has in it. Raises UserError as `kind_of` does."""
    head = raw.read(LOOKED_AT)
    raw.seek(0)
    kind = kind_of(where, name, head)
    if kind == "zip":
        with zipfile.ZipFile(raw) as archive:
            kind = kind_of_zip(where, archive)
        raw.seek(0)
    return kind


def kind_of_zip(where: str, archive: zipfile.ZipFile) -> Kind:
    """What a zip file is: a workbook, or a packed file. Raises UserError, in words, for what can't be read."""
    names = set(archive.namelist())
    if names & {"xl/workbook.xml", "xl/workbook.bin"} or _is_spreadsheet(archive):
        return "workbook"
    words = {
        "word/document.xml": "a Word document; save the table as CSV",
        "content.xml": "an OpenDocument file that is not a spreadsheet; save the table as CSV",
        "doc.kml": "a KMZ; export GeoJSON, a shapefile or CSV",
    }
    for name, said in words.items():
        if name in names:
            raise _refused(where, said)
    if any(".gdb/" in name for name in names):
        raise _refused(where, "a file geodatabase; export the layer as GeoPackage or CSV")
    return "zip"


def _is_spreadsheet(archive: zipfile.ZipFile) -> bool:
    """Whether a zip file is an OpenDocument spreadsheet (OpenDocument 1.3, part 2, 3.3: a member that says so)."""
    name = "mimetype"
    return name in archive.namelist() and archive.open(name).read(len(_SPREADSHEET)) == _SPREADSHEET


def member_of(where: str, archive: zipfile.ZipFile) -> Member:
    """The one file with data in a zip file. Raises UserError where there is none, or more than one."""
    names = [one.filename for one in archive.infolist() if not one.is_dir() and not _hidden(one.filename)]
    shapes = [name for name in names if name.lower().endswith(".shp")]
    data = shapes or [name for name in names if not name.lower().endswith(_NO_DATA)]
    data = data or [name for name in names if name.lower().endswith(".txt")]
    if len(data) != 1:
        what = f"{len(data)} ({', '.join(data[:_SHOWN])}{', …' if len(data) > _SHOWN else ''})" if data else "none"
        msg = f"{where}: a zip file must contain one data file; this has {what}; unpack it, and give them in order"
        raise UserError(msg)
    (name,) = data
    if archive.getinfo(name).flag_bits & _LOCKED:
        msg = f"{where}: the zip file has a password; unpack it first"
        raise UserError(msg)
    stem = name.rpartition(".")[0].lower()
    beside = [other for other in names if other != name and other.lower().rpartition(".")[0] == stem]
    return Member(name, tuple(beside) if shapes else ())


def _hidden(name: str) -> bool:
    """Whether a member is the packing computer's own, and no data."""
    parts = PurePosixPath(name).parts
    return parts[0] == "__MACOSX" or parts[-1].startswith(".") or parts[-1].lower() in {"thumbs.db", "desktop.ini"}


def _is_text(head: bytes) -> bool:
    """Whether some bytes may be text: few control characters, or an encoding of several bytes a letter."""
    if marked(head) or guess(head).startswith(("utf-16", "utf-32")):
        return True
    control = len(head) - len(head.translate(None, _CONTROL))
    return control <= max(_NOT_PLAIN * len(head), 2)


def _refused(where: str, words: str) -> UserError:
    return UserError(f"{where}: this is {words}")
