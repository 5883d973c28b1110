#!/bin/sh
# Programs and schemas that judge a device's files and must not be installed here (a clock's daemon, a cloud's set-up):
# Debian's packages, unpacked into build/, never into the repository.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
(cd "$work" && apt-get download -qq chrony cloud-init fdisk 2>/dev/null)
for package in "$work"/*.deb; do dpkg-deb -x "$package" "$work/unpacked"; done
mkdir -p build
rm -rf build/checkers
mv "$work/unpacked" build/checkers
