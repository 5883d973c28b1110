#!/bin/sh
# What draws the basemap: from npm, by the lock file's hashes, bundled into ../static/vendor, which
# is no part of the repository. Without npm it says so and passes: the screen then draws the map by itself alone.
set -eu
cd "$(dirname "$0")"
OUT=../static/vendor
if ! command -v npm >/dev/null 2>&1; then
    echo "The screen will draw no basemap: npm is not installed (Debian: apt-get install npm)." >&2
    exit 0
fi
if ! cmp -s package-lock.json node_modules/installed.json; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || {
        echo "The screen will draw no basemap: npm could not install its packages; check the network, then run make vendor again." >&2
        exit 0
    }
    cp package-lock.json node_modules/installed.json
fi
[ "$OUT/MANIFEST.json" -nt package-lock.json ] && [ "$OUT/MANIFEST.json" -nt basemap.js ] && [ "$OUT/MANIFEST.json" -nt bundle.js ] ||
    node bundle.js
