"""Bytes of an export as UTF-8 text in which a line feed ends a line. Must not know a delimiter."""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

Read = Callable[[int], bytes]

BLOCK: Final = 1 << 24
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE: Final = (("utf-32-le", 4, 0), ("utf-32-be", 4, 3), ("utf-16-le", 2, 0), ("utf-16-be", 2, 1))
"""Encodings without a mark: bytes a letter, and which of them is not zero in plain text."""
_PLAIN: Final = 0.8
"""Share of letters that are ASCII, from which text of several bytes a letter is taken for such."""
_LOOKED_AT: Final = 1 << 16


class NotInEncodingError(ValueError):
    """A line is not in the encoding that the mapping says; ``line`` is its number, ``found`` what it looks like."""

    def __init__(self, line: int, found: str) -> None:
        super().__init__(line, found)
        self.line, self.found = line, found


@dataclass(slots=True)
class Text:
    """The text of some bytes. A byte order mark is believed before the mapping. ``nuls``: NUL characters removed."""

    read: Read
    encoding: str
    nuls: int = 0
    lines: int = field(default=0, init=False)

    def blocks(self) -> Iterator[bytes]:
        """The text, piece by piece. Raises NotInEncodingError; UTF-8 itself is not looked through."""
        raw = self.read(BLOCK)
        encoding = marked(raw) or self.encoding
        utf8 = codecs.lookup(encoding).name in {"utf-8", "ascii", "utf-8-sig"}
        if utf8 and b"\0" in raw[:_LOOKED_AT] and (found := guess(raw)).startswith(("utf-16", "utf-32")):
            raise NotInEncodingError(1, found)
        raw = raw.removeprefix(codecs.BOM_UTF8) if utf8 else raw
        decoder = codecs.getincrementaldecoder(encoding)()
        held = b""
        while True:
            last = not raw
            text = held + (raw if utf8 else self._decoded(decoder, raw, last))
            held = b"\r" if text.endswith(b"\r") and not last else b""
            block = self._plain(text[: len(text) - len(held)])
            if block:
                self.lines += 0 if utf8 else block.count(b"\n")
                yield block
            if last:
                return
            raw = self.read(BLOCK)

    def _decoded(self, decoder: codecs.IncrementalDecoder, raw: bytes, last: bool) -> bytes:
        try:
            return decoder.decode(raw, last).encode()
        except UnicodeError as error:
            begin = getattr(error, "start", 0)
            whole = raw[:begin].decode(self.encoding, "ignore")
            raise NotInEncodingError(self.lines + whole.count("\n") + 1, guess(raw)) from error

    def _plain(self, text: bytes) -> bytes:
        if b"\0" in text:
            self.nuls += text.count(b"\0")
            text = text.replace(b"\0", b"")
        if b"\r" in text:
            text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return text


def marked(raw: bytes) -> str | None:
    """The encoding that a byte order mark says."""
    return next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), None)


def guess(raw: bytes) -> str:
    """What some bytes look like: the encoding to set in the mapping."""
    raw = raw[:_LOOKED_AT]
    if found := marked(raw):
        return found
    for encoding, size, at in _WIDE:
        letters = len(raw) // size
        plain = len(raw[at::size]) - raw[at::size].count(0)
        others = len(raw) - raw.count(0) - plain
        if letters and plain > _PLAIN * letters and others < (1.0 - _PLAIN) * letters:
            return encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(raw)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"
