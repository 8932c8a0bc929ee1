#!/bin/sh
# The client in JavaScript and its checks of PROTOCOL.md, with what package-lock.json names. Says why where it cannot run.
set -eu
cd "$(dirname "$0")"
command -v node > /dev/null && command -v npm > /dev/null || { echo "foreign: cannot run here: node or npm is not installed"; exit 77; }
if [ ! -e node_modules/zeromq ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    npm ci --no-audit --no-fund > npm.log 2>&1 || { tail -5 npm.log; echo "foreign: cannot run here: npm ci failed, see above"; exit 77; }
    rm npm.log
fi
# Its native part is one that the package brings, and fits the machine or not.
node -e 'require("zeromq")' || { echo "foreign: cannot run here: npm's zeromq does not load"; exit 77; }
exec timeout 600 node checks.js
