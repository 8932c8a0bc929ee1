#!/bin/sh
# Runs each fuzz target for so many executions on all processors, on its small corpus and what it finds besides.
# Usage: run.sh DIRECTORY RUNS TARGET...
set -eu
directory=$1
runs=$2
shift 2
for target in "$@"; do
    found=$directory/found-$target
    mkdir -p "$found"
    "$directory/$target" -runs="$runs" -max_len=4096 -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix="$directory/" "$found" "tests/fuzz/corpus/$target" > "$directory/$target.log" 2>&1 || {
        tail -n 40 "$directory/$target.log"
        echo "FAIL  fuzz $target"
        exit 1
    }
    echo "measured  fuzz $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$directory/$target.log") executions, 0 findings"
done
