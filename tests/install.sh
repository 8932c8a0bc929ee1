#!/bin/sh
# What `make install` puts in place is whole, and a stranger's program builds on it with pkg-config.
# Usage: install.sh BUILD_DIRECTORY
set -eu
build=$1
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
MAKEFLAGS= make -s install B="$build" DESTDIR="$root"
libraries=$(dirname "$(find "$root" -name libcoord.so.1)")
for file in usr/sbin/coordd usr/bin/coordctl usr/include/coord/coord.h usr/lib/systemd/system/coordd.service \
    usr/lib/systemd/system/coordd.socket usr/lib/sysusers.d/coordd.conf usr/lib/tmpfiles.d/coordd.conf \
    usr/share/man/man8/coordd.8 usr/share/man/man7/coordd-cluster.7 usr/share/coordd/presets/cluster/README.md usr/share/man/man5/coord-apply.5 usr/share/doc/coordd/examples/programme.json usr/share/man/man5/coordd.conf.5 usr/share/man/man1/coordctl.1 usr/share/man/man3/coord.3 \
    usr/share/bash-completion/completions/coordctl usr/share/doc/coordd/PROTOCOL.md \
    usr/share/coordd/presets/calendar-vn.json usr/bin/coord-relay usr/share/man/man1/coord-relay.1 \
    usr/share/man/man5/coord-relay.conf.5 usr/lib/systemd/system/coord-relay.service usr/lib/sysusers.d/coord-relay.conf \
    usr/lib/tmpfiles.d/coord-relay.conf usr/share/coordd/presets/relay.conf usr/bin/coord-web \
    usr/share/man/man1/coord-web.1 usr/share/man/man5/coord-web.conf.5 usr/lib/systemd/system/coord-web.service \
    usr/lib/sysusers.d/coord-web.conf usr/lib/tmpfiles.d/coord-web.conf usr/share/coordd/presets/web.conf usr/share/coordd/monitoring/alerts.yml usr/share/coordd/monitoring/alerts_relay.yml \
    usr/share/coordd/monitoring/grafana.json usr/share/coordd/monitoring/grafana_relay.json; do
    [ -s "$root/$file" ] || { echo "install: $file is not there"; exit 1; }
done
flags=$(PKG_CONFIG_PATH="$libraries/pkgconfig" pkg-config --define-variable=prefix="$root/usr" --cflags --libs libcoord)
# shellcheck disable=SC2086
${CC:-cc} -o "$root/example" "$root/usr/share/doc/coordd/examples/example.c" $flags -L"$libraries" -I"$root/usr/include/coord"
# The other examples do too, every header stands for itself in C and in C++, and so does a program in C++.
examples="$root/usr/share/doc/coordd/examples"
# shellcheck disable=SC2086
for source in "$examples/example_poll.c" "$examples/example_uv.c -luv"; do
    ${CC:-cc} -o "$root/other" $source $flags -L"$libraries" -I"$root/usr/include/coord"
done
echo "int one;" > "$root/one.c"
for header in "$root"/usr/include/coord/*.h; do
    ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c -include "$header" "$root/one.c"
    ${CXX:-g++} -std=c++11 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c++ -include "$header" "$root/one.c"
done
# shellcheck disable=SC2086
${CXX:-g++} -std=c++11 -Wall -Wextra -Wpedantic -Werror -o "$root/in_c++" tests/headers.cpp $flags -L"$libraries" \
    -I"$root/usr/include/coord"
LD_LIBRARY_PATH="$libraries" "$root/in_c++" /nowhere/x.context 2> "$root/said" && exit 1
grep -q bad_context "$root/said"
LD_LIBRARY_PATH="$libraries" "$root/example" /nowhere/x.context 2> "$root/said" && exit 1
grep -q bad_context "$root/said"
# Elsewhere than under /usr: the unit starts what was installed, and programs are told where to look.
MAKEFLAGS= make -s install B="$build" DESTDIR="$root/elsewhere" PREFIX=/opt/coord
grep -q '^ExecStart=/opt/coord/sbin/coordd run' "$root/elsewhere/opt/coord/lib/systemd/system/coordd.service"
grep -q '^ExecStart=/opt/coord/bin/coord-relay run' "$root/elsewhere/opt/coord/lib/systemd/system/coord-relay.service"
grep -q '^ExecStart=/opt/coord/bin/coord-web run' "$root/elsewhere/opt/coord/lib/systemd/system/coord-web.service"
grep -q '^prefix=/opt/coord$' "$(find "$root/elsewhere" -name libcoord.pc)"
# The relay's configuration to begin with is one, but for the context that it needs.
"$root/usr/sbin/coordd" init --dir "$root/store" --agency tinh --name "Tỉnh" > /dev/null
{ echo "context: $root/store/admin.context"; cat "$root/usr/share/coordd/presets/relay.conf"; } > "$root/relay.conf"
"$root/usr/bin/coord-relay" check "$root/relay.conf" > /dev/null
# So is the web's.
sed "s|\[ubh-web\]|[$root/store/admin.context]|" "$root/usr/share/coordd/presets/web.conf" > "$root/web.conf"
"$root/usr/bin/coord-web" check "$root/web.conf" > /dev/null
# Of the presets of a cluster each machine's files are made, with nothing left to fill in, and coordd takes its own as far as its missing store.
"$root/usr/share/coordd/presets/cluster/prepare" "$root/cluster" > /dev/null
! grep -rE '@[A-Z]+@' "$root"/cluster/may? || { echo "install: of the cluster's files something is not filled in"; exit 1; }
sed -e "s|/etc/coordd/tls|$root/cluster/may2|" -e "s|^hosts = .*|hosts = 127.0.0.1:1|" "$root/cluster/may2/coordd.conf" > "$root/may2.conf"
"$root/usr/sbin/coordd" check --config "$root/may2.conf" --dir "$root/none" > "$root/said" 2>&1 && exit 1
grep -q 'cannot be reached\|there is no store\|server.key' "$root/said" || { cat "$root/said"; exit 1; }
# The example of a configuration is one: with every # taken from a setting, the broker gets as far as its missing store.
sed 's/^#\([a-z_]* =\)/\1/' "$root/usr/share/doc/coordd/examples/coordd.conf" > "$root/coordd.conf"
"$root/usr/sbin/coordd" run --config "$root/coordd.conf" --dir "$root/none" 2> "$root/said" && exit 1
grep -q 'there is no store' "$root/said"
echo "ok    install: everything in place; the examples and a program in C++ build on it"
