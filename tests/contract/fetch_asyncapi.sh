#!/bin/sh
# AsyncAPI's own JSON Schema, for tests/contract/test_asyncapi.py: from npm into build/, never into the repository.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p build/asyncapi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm pack --silent --pack-destination "$work" @asyncapi/specs@6.11.1 >/dev/null
tar -xzf "$work"/*.tgz -C "$work" package/schemas/3.0.0.json
mv "$work/package/schemas/3.0.0.json" build/asyncapi/3.0.0.json
