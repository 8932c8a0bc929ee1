#!/bin/sh
# Installs the Debian packages that coordd is built and tested with, and says first which are missing.
# Usage: setup.sh build|check|ci|cluster      build: to compile; check: and to test; ci: and for the slower checks, three machines too;
#        cluster: to test, and for three machines
set -eu

build="libzmq3-dev libmsgpack-dev libuv1-dev libsqlite3-dev libpq-dev libsodium-dev libjansson-dev libinih-dev
 libical-dev libutf8proc-dev uthash-dev libsmartcols-dev libsystemd-dev libcurl4-openssl-dev libyaml-dev libmicrohttpd-dev zlib1g-dev procps scdoc python3 python3-zmq python3-msgpack"
check="g++ libcmocka-dev postgresql systemd pkg-config bash-completion python3-aiosmtpd python3-icalendar"
ci="khal prometheus debootstrap systemd-container clang libclang-rt-14-dev clang-format valgrind gcovr chromium fonts-noto-core"
# idna: Debian's python3-urllib3 wants it for TLS to an address, and does not say so.
cluster="postgresql patroni python3-etcd python3-idna etcd-server openssl iproute2 util-linux"

# The client in JavaScript and the web pages take whatever node is there.
{ command -v node && command -v npm; } > /dev/null || ci="$ci nodejs npm"

case "${1:-build}" in
build) wanted="$build" ;;
check) wanted="$build $check" ;;
ci) wanted="$build $check $ci $cluster" ;;
cluster) wanted="$build $check $cluster" ;;
*) echo "setup.sh: build, check, ci or cluster, not '$1'" >&2; exit 64 ;;
esac

missing=""
for package in $wanted; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "coordd needs these Debian packages, which are not installed yet, and installs them now:"
echo "   $missing"
root=""
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "Run this as root, or install sudo." >&2; exit 77; }
    root="sudo"
fi
install() {
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}
# A fresh machine has no package lists yet, and an old one may have stale ones.
$root apt-get update -q
# Debian's postgresql makes a cluster that runs from then on; the tests have servers of their own. Where there is a server already, what its
# administrator wants stays.
clusters=/etc/postgresql-common/createcluster.conf
case "$missing " in *" postgresql "*)
    if ! ls /usr/lib/postgresql/*/bin/postgres > /dev/null 2>&1; then
        install postgresql-common
        $root sed -i 's/^#\{0,1\} *create_main_cluster *=.*/create_main_cluster = false/' "$clusters"
        echo "no cluster is made for this machine ($clusters): pg_createcluster makes one"
    fi ;;
esac
# Debian starts etcd and Patroni as soon as they are there; the tests have their own. Where either runs already, it stays.
services=""
for service in etcd-server patroni; do
    case "$missing " in *" $service "*) services="$services ${service%-server}" ;; esac
done
# shellcheck disable=SC2086
install $missing
if [ -n "$services" ] && [ -d /run/systemd/system ]; then
    # shellcheck disable=SC2086
    $root systemctl disable --now $services
    echo "not started:$services; systemctl enable --now does"
fi
