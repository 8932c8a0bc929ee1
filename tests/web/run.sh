#!/bin/sh
# The pages in a browser, against a real broker, with what package-lock.json names. Says why where it cannot run (77).
# Usage: run.sh [pages.mjs | pictures.mjs DIRECTORY [WORD] | measure.mjs [TASKS]]
set -eu
cd "$(dirname "$0")"
cannot() {
    echo "pages: cannot run here: $1"
    exit 77
}
command -v node > /dev/null && command -v npm > /dev/null || cannot "node or npm is not installed"
node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18 ? 1 : 0)' || cannot "node $(node --version) is older than 18"
[ -n "${CHROMIUM:-}" ] || command -v chromium > /dev/null || cannot "chromium is not installed"
[ -e ../../clients/web/front/dist/index.html ] || ../../clients/web/front/build.sh || cannot "the pages are not built, see above"
if [ ! -e node_modules/playwright-core ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund > npm.log 2>&1 || { tail -5 npm.log; cannot "npm ci failed, see above"; }
    rm npm.log
fi
case "${1:-pages.mjs}" in
pictures.mjs | measure.mjs) exec node "$@" ;;
*) exec timeout 850 node --test --test-reporter=./lines.mjs pages.mjs ;;
esac
