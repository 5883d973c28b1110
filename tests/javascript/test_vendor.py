"""What draws the basemap, from npm: by a lock file with hashes; without npm all else goes on."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
VENDOR: Final = ROOT / "edge" / "vehicle" / "touchscreen" / "from_npm"


def test_every_package_is_locked_by_its_hash() -> None:
    """And from no address of its own: whichever registry is asked, the content is the same."""
    lock: dict[str, Any] = json.loads((VENDOR / "package-lock.json").read_text("utf-8"))
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert "node_modules/protomaps-leaflet" in packages
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert not any("resolved" in one for one in packages.values())
    assert (
        lock["packages"][""]["dependencies"] == json.loads((VENDOR / "package.json").read_text("utf-8"))["dependencies"]
    )


def test_without_npm_it_says_so_and_passes(tmp_path: Path) -> None:
    """The screen then draws its plain map."""
    for name in ("sh", "dirname"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    done = subprocess.run(
        [str(tmp_path / "sh"), str(VENDOR / "install.sh")],
        env={"PATH": str(tmp_path)}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "The screen will draw no basemap: npm is not installed (Debian: apt-get install npm).\n"


def test_nothing_of_it_is_in_the_repository() -> None:
    """Neither packages nor what is made of them."""
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert {"node_modules/", "edge/vehicle/touchscreen/static/vendor/"} <= set(ignored)
