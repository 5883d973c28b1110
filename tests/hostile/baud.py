"""What a serial port hears at another speed than its receiver speaks: the bits of the line, sampled as a UART does."""

from math import ceil


def as_heard(data: bytes, spoken: int, heard: int) -> bytes:
    """``data`` sent at ``spoken`` baud (8N1, without a pause), read at ``heard``; a framing error reads as NUL."""
    line = [level for byte in data for level in (0, *(byte >> bit & 1 for bit in range(8)), 1)]
    bit = spoken / heard  # of the line, for one of the reader's
    came, start = bytearray(), _fall(line, 0.0)
    while start is not None:
        levels = [_level(line, start + (n + 0.5) * bit) for n in range(1, 10)]
        came.append(sum(level << n for n, level in enumerate(levels[:8])) if levels[8] else 0)
        start = _fall(line, start + 9.5 * bit)
    return bytes(came)


def _fall(line: list[int], after: float) -> int | None:
    """Where the line next goes from one to zero: a start bit, or what is taken for one."""
    return next((at for at in range(ceil(after), len(line)) if not line[at] and (at == 0 or line[at - 1])), None)


def _level(line: list[int], at: float) -> int:
    return line[int(at)] if at < len(line) else 1
