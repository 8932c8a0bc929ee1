#!/bin/bash
# coordd, with the configuration that harness.py wrote beside the store that --dir names (…/store), unless another is given.
conf="" given=""
for ((i = 1; i < $#; i++)); do
    next=$((i + 1))
    case ${!i} in
    --dir) case ${!next} in */store) conf=$(dirname "${!next}")/whole.conf ;; *) conf="" ;; esac ;;
    --config) given=yes ;;
    esac
done
[ -z "$given" ] && [ -n "$conf" ] && [ -e "$conf" ] && [ "$1" != init ] || conf=""
exec "$COORDD_ITSELF" "$@" ${conf:+--config "$conf"}
