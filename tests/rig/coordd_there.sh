#!/bin/bash
# coordd, with the configuration that harness.py wrote beside the store that --dir names, unless another is given.
conf="" given=""
for ((i = 1; i < $#; i++)); do
    next=$((i + 1))
    case ${!i} in
    --dir) conf=$(dirname "${!next}")/whole.conf ;;
    --config) given=yes ;;
    esac
done
[ -z "$given" ] && [ -n "$conf" ] && [ -e "$conf" ] && [ "$1" != init ] || conf=""
exec "$COORDD_ITSELF" "$@" ${conf:+--config "$conf"}
