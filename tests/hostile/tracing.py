"""What a process does to the world outside it: its sockets and the files it writes, as strace sees them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

STRACE: Final = shutil.which("strace")
CALLS: Final = (
    "%network,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat"
)
QUIETED: Final = ("CI", "GITHUB_ACTIONS", "ORT_DISABLE_TELEMETRY")
"""What would silence a library by itself: a test of silence must unset it."""

_WRITES: Final = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|^creat|^mkdir|^rename|^link|^symlink")
_PATH: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')


def environment(home: Path) -> dict[str, str]:
    """Of this process, without what would quiet a library, and with a home of its own."""
    kept = {key: value for key, value in os.environ.items() if key not in QUIETED and not key.startswith("XDG_")}
    return {**kept, "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}


def traced(command: Sequence[str], trace: Path, home: Path, cwd: Path) -> subprocess.Popen[bytes]:
    """Start a command under strace; the process is the command's own (``-D``), to be signalled like any other."""
    assert STRACE is not None
    words = [STRACE, "-D", "-f", "-s", "256", "-e", f"trace={CALLS}", "-o", str(trace), *command]
    with (trace.with_suffix(".log")).open("wb") as log:
        return subprocess.Popen(words, env=environment(home), cwd=cwd, stdout=log, stderr=log)


def calls(trace: Path) -> Iterator[str]:
    """The system calls, each as one line, without the thread that made it."""
    for line in trace.read_text(errors="replace").splitlines():
        call = line.partition(" ")[2].strip()
        if call and not call.startswith(("+++", "---", "<...")):
            yield call


def peers(trace: Path) -> set[str]:
    """Whom it spoke to: ``AF_INET host:port`` or ``AF_UNIX path``, of every connect and every datagram with an address.

    Not told: a port of its own. (paho makes the pair of sockets that wakes it by a connection to itself.)
    """
    spoken, own = set(), set()
    for call in calls(trace):
        if "sa_family=" in call and call.startswith(("connect(", "sendto(", "sendmsg(", "sendmmsg(")):
            spoken.add(_place(call))
        elif call.startswith("getsockname("):
            own.add(_place(call))
    return spoken - own


def _place(call: str) -> str:
    family = re.search(r"sa_family=(AF_\w+)", call)
    port = re.search(r"sin6?_port=htons\((\d+)\)", call)
    host = re.search(r'(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]*)"', call)
    path = re.search(r'sun_path=@?"([^"]*)"', call)
    place = path[1] if path else f"{host[1] if host else ''}:{port[1] if port else ''}"
    return f"{family[1] if family else ''} {place}"


def families(trace: Path) -> set[str]:
    """The kinds of socket it made."""
    return {found[1] for call in calls(trace) if (found := re.match(r"socket\((\w+)", call))}


def written(trace: Path, cwd: Path) -> set[Path]:
    """The files and folders that it made, opened for writing or renamed, whether it could or not.

    Not those that never have a name: they are gone with the process, and ask a folder whether it can be written to.
    """
    paths = set()
    for call in calls(trace):
        if (
            _WRITES.search(call)
            and "O_TMPFILE" not in call
            and not call.startswith(("connect", "send", "socket", "bind"))
        ):
            paths |= {cwd / name for name in _PATH.findall(call)}
    return paths
