#!/bin/sh
# Writes the locks anew: what a vehicle installs on each platform, by version and hash, of the newest that pyproject.toml allows.
# gpsd-py3 has no wheel; its source is locked instead.
set -eu
cd "$(dirname "$0")/../.."
for python in 3.11 3.13; do
    for machine in aarch64 x86_64; do
        name="cp$(echo $python | tr -d .)-$machine"
        "${UV:-uv}" pip compile pyproject.toml --quiet --upgrade --generate-hashes --no-header --no-annotate --no-emit-index-url \
            --only-binary :all: --no-binary gpsd-py3 --python-version "$python" --python-platform "$machine-manylinux_2_36" \
            --output-file "provisioning/release/locks/$name.txt"
    done
done
