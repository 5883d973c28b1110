#!/bin/sh
# ESLint on every JavaScript file that a browser gets. Its packages come from npm, by the lock file's hashes, into
# node_modules here, which is no part of the repository. Without npm it says so and passes, as the tests do.
set -eu
cd "$(dirname "$0")"
if ! command -v npm >/dev/null 2>&1; then
    echo "JavaScript is not linted: npm is not installed (Debian: apt-get install npm)." >&2
    exit 0
fi
if ! cmp -s package-lock.json node_modules/installed.json; then
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || {
        echo "JavaScript cannot be linted: npm could not install ESLint; check the network, then run make lint again." >&2
        exit 1
    }
    cp package-lock.json node_modules/installed.json
fi
cd ../..
exec tests/javascript/node_modules/.bin/eslint --config tests/javascript/eslint.config.js "edge/**/static/**/*.js"
