#!/bin/bash
# A private PostgreSQL for tests: postgres.sh OWNER_PID FOLDER PORT
# Data, socket and log in FOLDER; 127.0.0.1 only; user and password "mypost". As root it runs as user postgres.
# It stops, and FOLDER goes, when the process OWNER_PID has ended, however it ended.
# Prints nothing when all is well.
set -eu
owner=$1 folder=$2 port=$3
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")

as_owner() {
    if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}
[ "$(id -u)" != 0 ] || chown postgres "$folder"
chmod 755 "$folder"
printf mypost >"$folder/password"
chmod 644 "$folder/password"
as_owner "$bin/initdb" -D "$folder/data" -U mypost -E UTF8 --locale=C.UTF-8 --auth=scram-sha-256 \
    --pwfile="$folder/password" -N >/dev/null
cat >>"$folder/data/postgresql.auto.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
max_connections = 200
shared_buffers = 64MB
# Nothing here survives the tests anyway.
fsync = off
full_page_writes = off
CONF
as_owner "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 30 start >/dev/null

(
    while kill -0 "$owner" 2>/dev/null; do sleep 1; done
    as_owner "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop
    rm -rf "$folder"
) >/dev/null 2>&1 </dev/null &
disown
