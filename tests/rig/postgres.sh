#!/bin/sh
# A PostgreSQL of a test's own, in a directory that is made for it: nobody else's is touched.
# Usage: postgres.sh make DIR [PORT]   makes it: a socket in DIR, and PORT on loopback, if one is given
#        postgres.sh standby DIR FROM  makes one that follows the one in FROM, which runs: its `application_name` is standby
#        postgres.sh run DIR           is it, until it is ended: the process that was started becomes the server's
# PG_BIN names another version's programs.
set -eu
bin=${PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)}
[ -x "$bin/initdb" ] || { echo "there is no PostgreSQL here: apt-get install postgresql" >&2; exit 77; }
# It refuses to be root. When who started it is gone it goes too, which must be asked for after a change of user, or is forgotten with that.
if [ "$(id -u)" = 0 ]; then as="--reuid=postgres --regid=postgres --clear-groups"; else as=""; fi
as_postgres() { exec setpriv --pdeathsig INT $as "$@"; }
case $1 in
make)
    mkdir -p "$2"
    [ -z "$as" ] || chown postgres: "$2"
    chmod 755 "$2"
    (as_postgres "$bin/initdb" -D "$2/data" --no-sync -A trust -U postgres -E UTF8 --locale=C.UTF-8) > "$2/initdb.log" 2>&1 ||
        { cat "$2/initdb.log" >&2; exit 1; }
    cat >> "$2/data/postgresql.conf" <<CONF
listen_addresses = '${3:+127.0.0.1}'
port = ${3:-5432}
unix_socket_directories = '$2'
shared_buffers = 64MB
max_connections = 60
max_wal_size = 256MB
autovacuum = on
log_min_messages = warning
CONF
    ;;
standby)
    mkdir -p "$2"
    [ -z "$as" ] || chown postgres: "$2"
    chmod 755 "$2"
    (as_postgres "$bin/pg_basebackup" -d "host=$3 user=postgres application_name=standby" -D "$2/data" -R -c fast --no-sync) > "$2/backup.log" 2>&1 ||
        { cat "$2/backup.log" >&2; exit 1; }
    echo "unix_socket_directories = '$2'" >> "$2/data/postgresql.conf"
    ;;
run) as_postgres "$bin/postgres" -D "$2/data" ;;
*) echo "postgres.sh: make, standby or run, not '$1'" >&2; exit 64 ;;
esac
