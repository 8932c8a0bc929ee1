#!/bin/sh
# Makes a root of Debian 12 that systemd-nspawn boots, with what coordd is built with, once: a second time it is there.
# Usage: root.sh DIRECTORY     needs root, debootstrap and a Debian mirror
set -eu
base=$1
here=$(cd "$(dirname "$0")" && pwd)
# One that was made for another list of packages is made anew.
[ ! -e "$base/made" ] || ! cmp -s "$here/setup.sh" "$base/setup.sh" || exit 0
# Of one that was interrupted the mount may be left.
umount "$base.half/proc" 2>/dev/null || true
rm -rf --one-file-system "$base" "$base.half"
debootstrap --variant=minbase --include=ca-certificates bookworm "$base.half"
# The machine's own way to a Debian mirror: names, proxies and the like, and Debian's sources.
cp /etc/resolv.conf "$base.half/etc/resolv.conf" 2>/dev/null || true
if command -v apt-config >/dev/null; then
    apt-config dump | grep '^Acquire::' | grep -v IndexTargets > "$base.half/etc/apt/apt.conf.d/90machine" || true
fi
for sources in /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources; do
    [ ! -s "$sources" ] || cp "$sources" "$base.half$sources"
done
[ ! -s /etc/apt/sources.list.d/debian.sources ] || rm -f "$base.half/etc/apt/sources.list"
cp "$here/setup.sh" "$base.half/setup.sh"
mount -t proc proc "$base.half/proc"
trap 'umount "$base.half/proc" 2>/dev/null || true' EXIT
chroot "$base.half" env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c '
    apt-get update -q && apt-get install -y -q --no-install-recommends systemd systemd-sysv dbus sudo iproute2 git gcc make libc6-dev &&
    /setup.sh build && apt-get clean'
umount "$base.half/proc"
trap - EXIT
touch "$base.half/made"
mv "$base.half" "$base"
