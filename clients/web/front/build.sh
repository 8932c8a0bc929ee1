#!/bin/sh
# Builds the pages into dist, with what package-lock.json names. Exits with 77, and says why, where it cannot: coord-web then
# serves a page that says how to build them.
set -eu
cd "$(dirname "$0")"
cannot() {
    echo "web pages: not built: $1" >&2
    exit 77
}
command -v node > /dev/null && command -v npm > /dev/null || cannot "node or npm is not installed; with them, make builds the pages"
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' || cannot "node $(node --version) is older than 18"
if [ ! -e node_modules/vite ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund --fetch-retries=1 --fetch-timeout=30000 > npm.log 2>&1 || { tail -5 npm.log >&2; cannot "npm ci failed, see above"; }
    rm npm.log
fi
node_modules/.bin/tsc --noEmit
node_modules/.bin/vite build --logLevel warn
