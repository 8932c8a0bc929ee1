#!/bin/sh
# Faults on three machines, each with etcd, PostgreSQL under Patroni, and coordd, made of clients/presets/cluster as it is shipped.
# All of it lives in namespaces of its own: processes, network, and what is under /run. They end with it, however it ends.
# Usage: run.sh coordd coordctl [FAULT…]      FULL=1: all of them, and 300 broken connections
set -eu
here=$(cd "$(dirname "$0")" && pwd)
no() { echo "cluster-check: $1" >&2; exit 77; }
[ "$(id -u)" = 0 ] || no "namespaces of its own need root"
"$here/../tools/setup.sh" cluster || no "its packages cannot be installed"
for program in /usr/bin/patroni /usr/bin/etcd /usr/lib/postgresql/15/bin/postgres; do
    [ -x "$program" ] || no "$program is not there: tests/tools/setup.sh cluster installs it"
done
set -- "$(realpath "$1")" "$(realpath "$2")" $(shift 2; echo "$@")
unshare --mount --net --pid --fork --kill-child true 2>/dev/null || no "this machine lets nobody have namespaces of their own"
# The first process takes in whoever lost its parent, as PostgreSQL does when Patroni is killed: a shell does that, and Python would not.
export HERE="$here" FULL="${FULL:-}"
unshare --mount --net --pid --fork --kill-child --mount-proc sh -c '
mount -t tmpfs -o size=4g,mode=755 tmpfs /run || exit 77
/usr/bin/python3 -B -W ignore::ResourceWarning "$HERE/run.py" "$@"
exit $?' cluster-check "$@" &
spaces=$!
# unshare takes no notice of these itself; once it is killed its first process is, and with that all others.
trap 'kill -KILL $spaces' INT TERM HUP
code=0
wait $spaces || code=$?
exit $code
