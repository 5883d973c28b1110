"""Packed files: the one with data in a gzip or zip file, and words for what is damaged. Must not read rows."""

import gzip
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol

import pyarrow as pa

from edge.errors import UserError
from models.ingest.files.kinds import Kind, member_of

DEEPEST: Final = 2
"""How often a file may be packed, one in the other."""


class Packed(Protocol):
    """A stream to read from."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""


@dataclass(frozen=True, slots=True)
class Inner:
    """A packed file: its name, its bytes, and those of the files that belong to it."""

    name: str
    stream: Packed
    beside: Mapping[str, Packed]


@contextmanager
def inner_of(where: str, path: Path, kind: Kind, raw: BinaryIO) -> Iterator[Inner]:
    """The one file with data in a ``gzip`` or ``zip`` file."""
    with ExitStack() as opened:
        if kind == "gzip":
            yield Inner(path.stem, opened.enter_context(gzip.GzipFile(fileobj=raw)), {})
            return
        archive = opened.enter_context(zipfile.ZipFile(raw))
        member = member_of(where, archive)
        streams = {name: opened.enter_context(archive.open(name)) for name in (member.name, *member.beside)}
        yield Inner(member.name, streams.pop(member.name), streams)


@contextmanager
def unpacked(where: str, inner: Inner, head: bytes, depth: int) -> Iterator[Path]:
    """A packed file, of which ``head`` was read already, in a folder for as long, with those that belong to it.

    Raises UserError where it lies too deep.
    """
    if depth == DEEPEST:
        msg = f"{where}: packed more than twice; unpack it first"
        raise UserError(msg)
    with tempfile.TemporaryDirectory() as folder:
        stem = Path(folder) / "unpacked"
        path = stem.with_suffix(Path(inner.name).suffix.lower() or ".file")
        with path.open("wb") as file:
            file.write(head)
            shutil.copyfileobj(inner.stream, file)
        for other, stream in inner.beside.items():
            with stem.with_suffix(Path(other).suffix.lower()).open("wb") as file:
                shutil.copyfileobj(stream, file)
        yield path


@contextmanager
def damage_in_words(where: str) -> Iterator[None]:
    """Turns what reading a file raises into a sentence."""
    try:
        yield
    except zipfile.BadZipFile as error:
        msg = f"{where}: a damaged zip file; give a complete, readable export"
        raise UserError(msg) from error
    except NotImplementedError as error:
        msg = f"{where}: {error}; unpack it first"
        raise UserError(msg) from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        msg = f"{where}: its packed data end too early or are damaged; give a complete, readable export"
        raise UserError(msg) from error
    except OSError as error:
        msg = f"{where}: {error.strerror or error}; give a complete, readable export"
        raise UserError(msg) from error
    except pa.ArrowException as error:
        why = str(error).strip().splitlines()[0].rstrip(".")
        msg = f"{where}: {why}; give a complete, readable export"
        raise UserError(msg) from error
