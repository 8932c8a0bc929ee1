#!/bin/bash
# Boots a Debian 12 of its own under systemd, without a network, and types README's administrator section into it, word for
# word; then does to the service what an operator's bad day does. Says why where it cannot run.
#
# The root is made once, in ${TMPDIR:-/tmp}/coordd-admin-root, and never written to: each run lays its own files over it.
# Usage: tests/admin.sh [BUILD_DIRECTORY]     needs root, debootstrap, systemd-container
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
build=${1:-$here/build}
base=${TMPDIR:-/tmp}/coordd-admin-root
cannot() { echo "admin: cannot run here: $1"; exit 77; }
[ "$(id -u)" = 0 ] || cannot "it boots a container, which needs root: sudo tests/admin.sh"
for program in debootstrap systemd-nspawn; do
    command -v $program > /dev/null || cannot "$program is not installed: tests/tools/setup.sh ci"
done
exec 9> "$base.lock" && flock 9
"$here/tests/tools/root.sh" "$base" > "$base.log" 2>&1 || { tail -20 "$base.log"; cannot "no root of Debian 12 can be made"; }

scratch=$(mktemp -d)
root=$scratch/root
leave() {
    umount "$root" 2> /dev/null || true
    umount "$scratch" 2> /dev/null || true
    rm -rf --one-file-system "$scratch"
}
trap leave EXIT
# An overlay cannot lie on every file system, but on a tmpfs.
mount -t tmpfs -o size=1g tmpfs "$scratch" && mkdir "$scratch/up" "$scratch/work" "$root"
mount -t overlay overlay -o "lowerdir=$base,upperdir=$scratch/up,workdir=$scratch/work" "$root" || cannot "no overlay can be mounted"

# An administrator who may sudo, with what is committed and changed here, and built already.
home=$root/home/quantri
chroot "$root" useradd -m -s /bin/bash quantri
echo 'quantri ALL=(ALL) NOPASSWD: ALL' > "$root/etc/sudoers.d/quantri"
printf '127.0.0.1 localhost may-chu\n::1 localhost\n' > "$root/etc/hosts"
mkdir "$home/coordd"
(cd "$here" && git ls-files -z --cached --others --exclude-standard | xargs -0 cp -a --parents -t "$home/coordd" 2> /dev/null || true)
cp -a "$build" "$home/coordd/build"
chroot "$root" chown -R quantri:quantri /home/quantri

# The section's commands: its indented lines and those between fences, each announced before it runs.
{
    echo 'set -e; cd ~/coordd'
    echo "trap 'echo \"FAILED: \$BASH_COMMAND\"; sudo journalctl -u coordd.service -u coordd.socket -u coord-relay.service -n 30 --no-pager' ERR"
    sed -n '/^## Five minutes as an administrator/,/^## Five minutes as the author/p' "$here/README.md" |
        awk '/^```/ { fenced = !fenced; next } fenced { print; next } sub(/^    /, "")' | while IFS= read -r line; do
        case $line in
        # Status and log pages are for reading; a status other than 0 is what they may say.
        systemctl\ status*) printf '%s --no-pager || true\n' "$line" ;;
        *) printf '%s\n' "$line" ;;
        esac
    done
} > "$home/typed.sh"
[ "$(grep -c . "$home/typed.sh")" -gt 20 ] || { echo "admin: README's section has too few commands"; exit 1; }
cp "$here/tests/admin_day.sh" "$home/day.sh"

cat > "$root/etc/systemd/system/typed.service" << 'UNIT'
[Unit]
Description=An administrator types
After=multi-user.target
[Service]
Type=oneshot
TimeoutStartSec=600
ExecStartPre=/bin/ip addr add 10.20.0.5/16 dev lo
ExecStart=/bin/sh -c 'su - quantri -c "bash -x ~/typed.sh" > /root/typed 2>&1 && su - quantri -c "bash ~/day.sh" > /root/day 2>&1; echo $? > /root/status'
ExecStopPost=/bin/systemctl --no-block poweroff
UNIT
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s /etc/systemd/system/typed.service "$root/etc/systemd/system/multi-user.target.wants/"
began=$SECONDS
# What the container may take: ten minutes, and none of the machine's own terminal.
timeout 600 systemd-nspawn --quiet --boot --register=no --keep-unit --private-network --hostname=may-chu -D "$root" \
    < /dev/null > "$scratch/console" 2>&1 || true
if [ "$(cat "$root/root/status" 2> /dev/null)" != 0 ]; then
    [ -e "$root/root/typed" ] || { tail -20 "$scratch/console"; cannot "the container did not boot"; }
    tail -30 "$root/root/typed"
    [ ! -e "$root/root/day" ] || tail -40 "$root/root/day"
    echo "admin: README's section, or what followed, failed"
    exit 1
fi
grep '^ok' "$root/root/day"
echo "ok    admin: README's section typed on a booted machine, in $((SECONDS - began)) s"
