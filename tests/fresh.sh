#!/bin/sh
# Types one make target as the very first command on a fresh Debian 12: debootstrap's smallest root with git, a compiler
# and make, and a clone of what is committed here. Needs root and debootstrap.
# Usage: tests/fresh.sh demo|check [BASE]     BASE: a root made before by this script, copied instead of made anew
set -eu
target=${1:?demo or check}
base=${2:-}
here=$(cd "$(dirname "$0")/.." && pwd)
root=$(mktemp -d)
leave() {
    umount "$root/proc" 2>/dev/null || true
    umount -R -l "$root/dev" 2>/dev/null || true
    rm -rf --one-file-system "$root"
}
trap leave EXIT

if [ -n "$base" ] && [ -d "$base" ]; then
    cp -a "$base/." "$root"
else
    debootstrap --variant=minbase --include=git,gcc,make,libc6-dev,ca-certificates bookworm "$root"
    [ -z "$base" ] || cp -a "$root" "$base"
fi
# The machine's own way to a Debian mirror: names, proxies and the like, and Debian's sources.
cp /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
if command -v apt-config >/dev/null; then
    apt-config dump | grep '^Acquire::' | grep -v IndexTargets > "$root/etc/apt/apt.conf.d/90machine" || true
fi
for sources in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    [ ! -s "$sources" ] || cp "$sources" "$root$sources"
done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev" && mount --make-rslave "$root/dev"
git clone -q "$here" "$root/root/coordd"
chroot "$root" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin TERM="${TERM:-dumb}" LANG=C.UTF-8 \
    sh -c "cd /root/coordd && make $target"
