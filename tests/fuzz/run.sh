#!/bin/sh
# Replays the kept corpus of each fuzz target, and goes on from it for so many executions. What it finds besides is left
# in DIRECTORY/found-TARGET, and is begun with the next time. MERGE=1 instead takes the smallest part of that which covers
# as much into tests/fuzz/corpus. SEED=n is where chance begins: 1 unless set, so that a change is judged alike wherever
# it is run; go on with others to find more.
# Usage: run.sh DIRECTORY RUNS TARGET...
set -eu
directory=$1
runs=$2
shift 2

# A short memory of freed blocks: an input is over in less than a millisecond, and so are its mistakes.
export ASAN_OPTIONS="malloc_context_size=0:quarantine_size_mb=2:max_malloc_fill_size=0:allocator_release_to_os_interval_ms=-1${ASAN_OPTIONS:+:$ASAN_OPTIONS}"

# Longest input, and the dictionary.
options_of() {
    case "$1" in
    frame) echo "-max_len=1024 -dict=$directory/wire.dict" ;;
    config) echo "-max_len=768 -dict=$directory/ini.dict" ;;
    files) echo "-max_len=768 -dict=$directory/json.dict" ;;
    *) echo "-max_len=384" ;;
    esac
}

# An input of `step` is requests of up to 1 MiB, and takes as long as some hundreds of the others.
runs_of() {
    case "$1" in
    step) echo $((runs / 500)) ;;
    *) echo "$runs" ;;
    esac
}

merge() {
    kept=tests/fuzz/corpus/$1
    fewer=$directory/fewer-$1
    rm -rf "$fewer"
    mkdir -p "$fewer"
    # shellcheck disable=SC2046
    "$directory/$1" -merge=1 -use_counters=0 $(options_of "$1") "$fewer" "$kept" "$directory/found-$1" > "$directory/$1-merge.log" 2>&1
    # One input for each edge, however often it is taken. Inputs of mistakes that were mended stay whatever they cover.
    find "$kept" -type f ! -name 'mended-*' -delete
    for input in "$fewer"/*; do
        name=$(basename "$input" | cut -c 1-12)
        cmp -s "$input" "$kept/mended-$name" || cp "$input" "$kept/$name"
    done
    echo "kept  fuzz $1: $(find "$kept" -type f | wc -l) inputs, $(du -bs "$kept" | cut -f 1) bytes"
}

fuzz() {
    found=$directory/found-$1
    log=$directory/$1.log
    kept=tests/fuzz/corpus/$1
    mkdir -p "$found"
    # shellcheck disable=SC2046
    "$directory/$1" -seed="${SEED:-1}" -runs="$(runs_of "$1")" $(options_of "$1") -entropic=0 -print_funcs=0 -timeout=20 -rss_limit_mb=4096 \
        -print_final_stats=1 -artifact_prefix="$directory/$1-" "$found" "$kept" > "$log" 2>&1 || {
        tail -n 40 "$log"
        echo "FAIL  fuzz $1"
        return 1
    }
    value() { sed -n "s/^stat::$1: *//p" "$log"; }
    edges=$(sed -n 's/.*DONE *cov: \([0-9]*\).*/\1/p' "$log")
    echo "measured  fuzz $1: $(find "$kept" -type f | wc -l) kept inputs replayed," \
        "$(value number_of_executed_units) executions, $(value average_exec_per_sec)/s, $edges edges, 0 findings"
}

# All at once: a fuzzer is one thread, and most have ended when the slowest has.
running=""
for target in "$@"; do
    if [ -n "${MERGE:-}" ]; then
        merge "$target"
    else
        fuzz "$target" &
        running="$running $!"
    fi
done
failed=0
for process in $running; do
    wait "$process" || failed=1
done
exit $failed
