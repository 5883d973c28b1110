#!/bin/sh
# The first release of an image: `sh install_release.sh RELEASE [ROOT]` on the computer itself, as root. RELEASE is a folder that
# `python -m provisioning.release verify` has checked; ROOT is /opt/roundsman. Every later one is installed by
# roundsman-update.service, which checks the signature itself.
set -eu
release="$(cd "${1:?give the folder of a release}" && pwd)"
root="${2:-/opt/roundsman}"
[ -f "$release/release.dsse.json" ] || { echo "install_release.sh: $release: has no release.dsse.json" >&2; exit 2; }
[ ! -e "$root/bin" ] || { echo "install_release.sh: $root/bin: exists; updates are installed by roundsman-update.service" >&2; exit 2; }
mkdir -p "$root/releases"
# the wheels of this computer with their hashes, and then the release's name, as provisioning/update has it
name=$(python3 - "$release" "$root/wheels.txt" <<'PYTHON'
import base64, hashlib, json, pathlib, platform, sys
release, wheels = map(pathlib.Path, sys.argv[1:])
payload = base64.b64decode(json.loads((release / "release.dsse.json").read_bytes())["payload"])
said = json.loads(payload)
target = f"cp{sys.version_info.major}{sys.version_info.minor}-{platform.machine()}"
names = said["predicate"]["targets"].get(target)
if names is None:
    sys.exit(f"install_release.sh: {release}: has nothing for this computer ({target})")
digests = {one["name"]: one["digest"]["sha256"] for one in said["subject"]}
wheels.write_text("".join(f"{release / name} --hash=sha256:{digests[name]}\n" for name in names))
print(f"{said['predicate']['version']}-{hashlib.sha256(payload).hexdigest()[:12]}")
PYTHON
)
place="$root/releases/$name"
rm -rf "$place"
python3 -m venv "$place"
"$place/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-index --no-deps --require-hashes -r "$root/wheels.txt"
"$place/bin/python" -I -m pip check --quiet
rm "$root/wheels.txt"
: > "$place/complete"
sync
ln -sfn "releases/$name" "$root/good"
ln -sfn "releases/$name/bin" "$root/bin"
sync
echo "$root: Roundsman $name is installed"
