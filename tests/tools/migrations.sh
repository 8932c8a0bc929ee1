#!/bin/sh
# Turns numbered migrations, NNNN-name.sql of daemon/journal or of a keeper's directory there, into a C table.
set -eu
echo "/* Generated from numbered .sql files of daemon/journal. */"
echo "static const struct migration {"
echo "    int version;"
echo "    const char *name;"
echo "    const char *sql;"
echo "} migrations[] = {"
for file in "$@"; do
    name=$(basename "$file" .sql)
    printf '    {%d, "%s",\n' "$(echo "${name%%-*}" | sed 's/^0*//')" "${name#*-}"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/     "/' -e 's/$/\\n"/' "$file"
    echo "    },"
done
echo "};"
