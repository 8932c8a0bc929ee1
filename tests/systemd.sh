#!/bin/sh
# The units are valid, and as closed as they are meant to be.
set -eu
# Tenths. Reading whether the clock is synchronised takes adjtimex, and with it three points of two tenths (ProtectClock, @clock,
# @privileged): without a capability the broker cannot set the clock by it.
limit=14
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# systemd-analyze wants the programs that the unit starts to be there.
for unit in coordd.service coordd.socket; do
    sed -e 's|/usr/sbin/coordd|/bin/true|' -e 's|/bin/kill|/bin/true|' "systemd/$unit" > "$scratch/$unit"
done
systemd-analyze verify --man=no "$scratch/coordd.service" "$scratch/coordd.socket"
grep -A1 '^ExecReload=/usr/sbin/coordd check$' systemd/coordd.service | grep -q '^ExecReload=/bin/kill -HUP' ||
    { echo "a reload must be checked before the broker is told of it"; exit 1; }
score=$(systemd-analyze security --offline=true "$scratch/coordd.service" --no-pager |
    sed -n 's/.*Overall exposure level.*: \([0-9]*\)\.\([0-9]\).*/\1\2/p')
[ -n "$score" ] && [ "$score" -le $limit ] || { echo "exposure of coordd.service is $score tenths, above $limit"; exit 1; }
echo "ok    systemd: units valid, exposure $((score / 10)).$((score % 10))"
