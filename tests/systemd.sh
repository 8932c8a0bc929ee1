#!/bin/sh
# The units are valid, and as closed as they are meant to be.
set -eu
# Tenths. Reading whether the clock is synchronised takes adjtimex, and with it three points of two tenths (ProtectClock, @clock,
# @privileged): without a capability the broker cannot set the clock by it.
limit_coordd=14
limit_relay=11
limit_web=11
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# systemd-analyze wants the programs that the unit starts to be there.
for unit in coordd.service coordd.socket; do
    sed -e 's|/usr/sbin/coordd|/bin/true|' -e 's|/bin/kill|/bin/true|' "systemd/$unit" > "$scratch/$unit"
done
systemd-analyze verify --man=no "$scratch/coordd.service" "$scratch/coordd.socket"
grep -A1 '^ExecReload=/usr/sbin/coordd check$' systemd/coordd.service | grep -q '^ExecReload=/bin/kill -HUP' ||
    { echo "a reload must be checked before the broker is told of it"; exit 1; }
grep -A1 '^ExecReload=/usr/bin/coord-relay check' systemd/coord-relay.service | grep -q '^ExecReload=/bin/kill -HUP' ||
    { echo "a reload must be checked before the relay is told of it"; exit 1; }
sed -e 's|/usr/bin/coord-relay|/bin/true|' -e 's|/bin/kill|/bin/true|' systemd/coord-relay.service > "$scratch/coord-relay.service"
systemd-analyze verify --man=no "$scratch/coord-relay.service"
sed 's|/usr/bin/coord-web|/bin/true|' systemd/coord-web.service > "$scratch/coord-web.service"
systemd-analyze verify --man=no "$scratch/coord-web.service"
# What the presets of a cluster add is understood: of Debian's units beside ours no more is needed for that than that they are there.
clients/presets/cluster/prepare "$scratch/made" > /dev/null
mkdir "$scratch/cluster"
cp "$scratch/coordd.service" "$scratch/coordd.socket" "$scratch/cluster"
for unit in etcd.service patroni.service; do printf '[Service]\nExecStart=/bin/true\n' > "$scratch/cluster/$unit"; done
for unit in coordd.service coordd.socket etcd.service patroni.service; do
    mkdir "$scratch/cluster/$unit.d"
    cp "$scratch/made/may1/$unit.conf" "$scratch/cluster/$unit.d/cluster.conf"
    systemd-analyze verify --man=no "$scratch/cluster/$unit" > "$scratch/said" 2>&1
    ! grep -F cluster.conf "$scratch/said" || exit 1
done
exposure() {
    score=$(systemd-analyze security --offline=true "$scratch/$1" --no-pager |
        sed -n 's/.*Overall exposure level.*: \([0-9]*\)\.\([0-9]\).*/\1\2/p')
    [ -n "$score" ] && [ "$score" -le "$2" ] || { echo "exposure of $1 is $score tenths, above $2"; exit 1; }
    said="$said, $1 $((score / 10)).$((score % 10))"
}
said=""
exposure coordd.service $limit_coordd
exposure coord-relay.service $limit_relay
exposure coord-web.service $limit_web
echo "ok    systemd: units valid, exposure$said"
