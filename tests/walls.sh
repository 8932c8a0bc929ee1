#!/bin/sh
# Holds the rooms apart by what their objects reference: a room may use itself, the rooms below it, and the outside
# names listed for it. The core's list has no clock, no I/O, no randomness, no libuv, ZeroMQ or SQLite in it.
# Usage: walls.sh BUILD_DIRECTORY
set -eu
build=$1
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What the compiler and its sanitizers, coverage and stack protector reference by themselves.
compiler='^(_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__(asan|ubsan|tsan|gcov|sanitizer|llvm)_.*|__assert_fail|__popcountdi2|__u?divti3|__tls_get_addr)$'
# The part of the C library that computes and allocates, and nothing else.
computing='^(mem[a-z]*|str(len|nlen|cmp|ncmp|chr|rchr|str|spn|cspn|pbrk|tol|toll|toul|toull|tod)|__isoc99_sscanf|__isoc23_strto.*|malloc|calloc|realloc|reallocarray|free|abort|qsort|bsearch|v?snprintf|__v?snprintf_chk|__mem[a-z]*_chk|floor|ceil|fmod|isnan|isinf|__isnan|__isinf|__finite|ldexp|frexp|modf|trunc)$'
msgpack='^msgpack_'
hashing='^crypto_(generichash|shorthash)'
unicode='^utf8proc_'
storage='^(sqlite3_|sodium_|randombytes_|crypto_)'

# room | rooms it may use | outside names it may use, one pattern
walls="protocol|protocol|$computing|$msgpack
core|protocol base core|$computing|$msgpack
base|protocol base|$computing|$hashing|$unicode|$msgpack"

defined_in() { nm --defined-only -P "$1" 2>/dev/null | awk 'NF > 1 { print $1 }'; }
# base/log.o is the one object of its room that does I/O: it does not count as base here.
pure() { if [ "$1" = base ]; then find "$build/daemon/base" -name '*.o' ! -name 'log*.o'; else echo "$build/lib$1.a"; fi; }

broken=0
check() {
    room=$1 uses=$2 outside=$3
    for used in $uses; do for file in $(pure "$used"); do defined_in "$file"; done; done | sort -u > "$scratch/defined"
    for file in $(pure "$room"); do nm --undefined-only -P "$file" 2>/dev/null; done |
        awk 'NF > 1 && ($2 == "U" || $2 == "w") { print $1 }' | sort -u |
        comm -23 - "$scratch/defined" | grep -Ev "$compiler|$outside" > "$scratch/foreign" || true
    if [ -s "$scratch/foreign" ]; then
        echo "wall broken: $room references $(tr '\n' ' ' < "$scratch/foreign")"
        broken=1
    fi
}

while IFS='|' read -r room uses outside; do check "$room" "$uses" "$outside"; done <<LIST
$walls
LIST

# Above the core a deny-list is enough: who must not know whom.
forbid() {
    if nm --undefined-only -P "$build/lib$1.a" 2>/dev/null | awk 'NF > 1 { print $1 }' | grep -E "$2" > "$scratch/found"; then
        echo "wall broken: $1 references $(sort -u "$scratch/found" | tr '\n' ' ')"
        broken=1
    fi
}
forbid journal '^(zmq_|uv_|sd_)'
forbid loop '^(sqlite3_|PQ)'
# Within the loop, ZeroMQ and libuv are behind the transport and the host: all else runs under the simulator too.
behind='commit|process|server|signals|waiting|zap|zout|zpeer|zwatch'
found=$(grep -lE '^#include <(zmq|uv)\.h>|"loop/('"$behind"')\.h"' daemon/loop/*.[ch] | grep -vE "/($behind)\.[ch]\$" || true)
if [ -n "$found" ]; then
    echo "wall broken: behind the transport and the host, yet in $found"
    broken=1
fi
forbid libcoord "^(core_|journal_|uv_|sd_|sqlite3_|log_)"
# What clients share reads files and writes JSON; it asks no broker. SQLite is behind one file, which coordctl has no use of.
forbid common "^(core_|journal_|uv_|sd_|zmq_|coord_)"
for file in "$build"/clients/common/*.o; do
    case $file in */store_file.o) continue ;; esac
    if nm --undefined-only -P "$file" | grep -q '^sqlite3_'; then
        echo "wall broken: behind store_file, yet in $file"
        broken=1
    fi
done
# The relay may keep its queue in SQLite, and reaches the broker by libcoord alone.
forbid relay "^(core_|journal_|uv_|log_|zmq_)"
# The web may keep its sessions in SQLite, and reaches the broker by libcoord alone.
forbid web "^(core_|journal_|uv_|log_|zmq_)"
forbid coordctl "^(core_|journal_|uv_|sd_|sqlite3_|store_file_|zmq_(msg|send|recv|poll|socket|bind|connect))"

[ $broken = 0 ] && echo "ok    walls: protocol, base, core, journal, loop, libcoord, common, coordctl, relay, web"
exit $broken
