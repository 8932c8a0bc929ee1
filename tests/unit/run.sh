#!/bin/sh
# Runs unit test programs one after the other, each under $RUNNER if set, and says which failed.
set -u
[ $# -gt 0 ] || { echo "there is no such test"; exit 1; }
failed=""
for program in "$@"; do
    began=$(date +%s)
    output=$(${RUNNER:-} "$program" 2>&1)
    status=$?
    passed=$(printf '%s\n' "$output" | sed -n 's/.*\[  PASSED  \] \([0-9]*\) test.*/\1/p')
    if [ $status -eq 0 ]; then
        printf 'ok    %-40s %s tests, %s s\n' "${program#*/unit/}" "$passed" $(($(date +%s) - began))
        # A test may measure: lines that begin with "measured" are for the reader.
        printf '%s\n' "$output" | grep '^measured' || true
    else
        printf '%s\n' "$output"
        printf 'FAIL  %-40s exit %d\n' "${program#*/unit/}" $status
        failed="$failed $program"
    fi
done
[ -z "$failed" ] || { echo "failed:$failed"; exit 1; }
