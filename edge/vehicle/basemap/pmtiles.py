"""A PMTiles file, version 3, looked over in whole: header, directories, and the checksum of each tile.

The form: https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md. A tile is a gzip stream, which ends with the
CRC of what it holds: so one that was changed or cut off is found without knowing what is in it. One tile at a time is
held. Must not draw, and must not know where the file lies.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

_HEADER: Final = struct.Struct("<7sB11Q6B4iB2i")
_GZIP: Final = 2
_VECTOR: Final = 1
_MOST: Final = 32_000_000
"""Bytes that a tile or directory may have once it is unpacked; a city's largest has 1 MB."""

_DEEPEST: Final = 3
_LONGEST: Final = 63
"""Bits of a number."""


class DamagedError(ValueError):
    """A file that is none, or is not whole."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the parts lie (offset, length), and what is covered: west, south, east, north in degrees."""

    root: tuple[int, int]
    metadata: tuple[int, int]
    leaves: tuple[int, int]
    tiles: tuple[int, int]
    entries: int
    bounds: tuple[float, float, float, float]


def look_over(file: BinaryIO, size: int) -> tuple[Header, dict[str, Any]]:
    """The header and metadata of a file that is whole. Raises DamagedError."""
    header = _header(file, size)
    try:
        metadata = json.loads(_unpacked(file, *header.metadata))
        if not isinstance(metadata, dict):
            raise DamagedError
        tiles = list(_tiles(file, header, *header.root, deep=0))
        if len(tiles) != header.entries or any(offset + length > header.tiles[1] for offset, length in tiles):
            raise DamagedError
        for offset, length in tiles:
            _unpacked(file, header.tiles[0] + offset, length)
    except (zlib.error, ValueError, IndexError, RecursionError) as error:
        raise DamagedError from error
    return header, metadata


def _header(file: BinaryIO, size: int) -> Header:
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size:
        raise DamagedError
    magic, version, *rest = _HEADER.unpack(head)
    spans = [(rest[at], rest[at + 1]) for at in range(0, 8, 2)]
    entries, packed, tile_packed, kind = rest[9], rest[12], rest[13], rest[14]
    sound = magic == b"PMTiles" and version == 3 and (packed, tile_packed, kind) == (_GZIP, _GZIP, _VECTOR)  # noqa: PLR2004 - the specification's
    if not sound or max(offset + length for offset, length in spans) > size:
        raise DamagedError
    west, south, east, north = (one / 1e7 for one in rest[17:21])
    return Header(spans[0], spans[1], spans[2], spans[3], entries, (west, south, east, north))


def _unpacked(file: BinaryIO, offset: int, length: int) -> bytes:
    """What a gzip stream holds. Raises ValueError or zlib.error where it is not whole."""
    file.seek(offset)
    stream = zlib.decompressobj(31)
    content = stream.decompress(file.read(length), _MOST)
    if not stream.eof:
        raise DamagedError
    return content


def _tiles(file: BinaryIO, header: Header, offset: int, length: int, deep: int) -> Iterator[tuple[int, int]]:
    """Where each entry's tile lies among the tiles, through the directories below one."""
    if deep > _DEEPEST or offset + length > header.tiles[0] + header.tiles[1]:
        raise DamagedError
    for run, where, many in _entries(_unpacked(file, offset, length)):
        if run:
            yield where, many
        else:
            yield from _tiles(file, header, header.leaves[0] + where, many, deep + 1)


def _entries(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Each entry of a directory: run length (0: a directory below), offset, length."""
    numbers = _varints(content)
    count = next(numbers)
    columns = [[next(numbers) for _ in range(count)] for _ in range(4)]
    _, runs, lengths, offsets = columns
    ends = 0
    for run, length, given in zip(runs, lengths, offsets, strict=True):
        start = given - 1 if given else ends
        ends = start + length
        yield run, start, length


def _varints(content: bytes) -> Iterator[int]:
    """The whole numbers of seven bits a byte. Raises IndexError at the end."""
    at = 0
    while True:
        value = shift = 0
        while content[at] & 0x80:
            value |= (content[at] & 0x7F) << shift
            shift += 7
            at += 1
            if shift > _LONGEST:
                raise DamagedError
        yield value | content[at] << shift
        at += 1
