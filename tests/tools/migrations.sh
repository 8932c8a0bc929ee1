#!/bin/sh
# Turns numbered migrations, daemon/journal/NNNN-name.sql, into a C table.
set -eu
echo "/* Generated from the numbered .sql files beside sqlite.c. */"
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
