"""What the figures were taken on: they are this machine's. Measures nothing."""

import os
import platform
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path


def describe() -> str:
    """Processor, kernel, versions and the file system of the temporary folder, in one paragraph."""
    return (
        f"{_processor()}, {os.cpu_count()} cores; Linux {platform.release()} ({platform.machine()});"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, mosquitto {_mosquitto()};"
        f" temporary folder on {_file_system(Path(tempfile.gettempdir()))}."
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() in ("model name", "Model"):  # x86, Raspberry Pi
            return value.strip()
    return "unknown processor"


def _mosquitto() -> str:
    binary = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    said = subprocess.run([binary, "-h"], capture_output=True, text=True, check=False).stdout
    return said.partition("version ")[2].split(maxsplit=1)[0] if "version " in said else "?"


def _file_system(folder: Path) -> str:
    """The type of the mount that a folder lies on."""
    mounts = [line.split()[1:3] for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    above = [(len(at), kind) for at, kind in mounts if folder.resolve().is_relative_to(at)]
    return max(above)[1]
