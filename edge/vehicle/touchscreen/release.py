"""Which software's files a page is made of: one digest. A page that was loaded from others loads itself anew.

Must not decide when a page may do so: that is the page's own.
"""

import hashlib
from pathlib import Path
from typing import Final

import edge.service
import edge.text

HERE: Final = Path(__file__).parent
SOURCES: Final = (
    *(HERE / name for name in ("static", "templates")),
    *(Path(one.__path__[0]) for one in (edge.service, edge.text)),
)
MAP_SOFTWARE: Final = HERE / "static" / "vendor" / "basemap.js"
"""What draws the basemap; it comes from npm when the software is installed (from_npm/README.md), and may lack."""

KINDS: Final = (".js", ".css", ".html", ".svg", ".json")


def release() -> str:
    """16 hexadecimal digits of the SHA-256 of every file that a browser gets, and of the catalogue."""
    digest = hashlib.sha256()
    for folder in SOURCES:
        for path in sorted(one for one in folder.rglob("*") if one.suffix in KINDS):
            digest.update(str(path.relative_to(folder)).encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
