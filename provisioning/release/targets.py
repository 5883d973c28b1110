"""The platforms of a release, and what pip must know of each. Must not run anything."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOCKS: Final = Path(__file__).with_name("locks")
GLIBC: Final = range(5, 37)
"""Minor versions of glibc 2 whose wheels run on Debian 12, the oldest system (PEP 600)."""

FROM_SOURCE: Final = ("gpsd-py3",)
"""Has no wheel on PyPI, and is plain Python: its wheel is made here, from the source that the lock names."""


@dataclass(frozen=True, slots=True)
class Target:
    """A platform. ``python``: such as 3.11; ``machine``: as `platform.machine` says it; ``lock``: what is installed."""

    python: str
    machine: str
    lock: Path

    @property
    def name(self) -> str:
        """As the manifest has it: cp311-aarch64."""
        return f"cp{self.python.replace('.', '')}-{self.machine}"

    def download_options(self) -> list[str]:
        """What `pip download` must be told to get the wheels of this platform on any other."""
        abi = self.name.partition("-")[0]
        tags = [f"manylinux_2_{minor}_{self.machine}" for minor in reversed(GLIBC)]
        tags += [f"manylinux2014_{self.machine}", f"linux_{self.machine}", "any"]
        options = ["--implementation", "cp", "--python-version", self.python]
        options += [word for one in (abi, "abi3", "none") for word in ("--abi", one)]
        return options + [word for tag in tags for word in ("--platform", tag)]


def targets(locks: Path = LOCKS) -> tuple[Target, ...]:
    """Each platform that has a lock."""
    found = []
    for lock in sorted(locks.glob("cp3*-*.txt")):
        python, _, machine = lock.stem.partition("-")
        found.append(Target(f"3.{python.removeprefix('cp3')}", machine, lock))
    return tuple(found)
