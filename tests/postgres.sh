# A PostgreSQL of our own on a free loopback port; for ./test and bench/compare, which source this file.
# They set: scratch (a new folder of their own), bin (where the programs are), log (a file for chatter); and may set
# shared_buffers (256MB), fsync (on), max_wal_size (4GB).

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

postgres_programs() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -x "${found:-}/initdb" ] || found=$(dirname "$(readlink -f "$(command -v initdb 2>/dev/null || echo /none/initdb)")")
  [ -x "$found/initdb" ] && echo "$found"
}

# PostgreSQL refuses to run as root; then the user of the Debian package runs it.
as_database_user() {
  if [ "$(id -u)" = 0 ]; then (cd / && exec runuser -u postgres -- "$@"); else "$@"; fi
}

# Where the files of a run of the tests lie: in memory where there is room for them, otherwise on the disk.
test_folder() {
  local room
  room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
  if [ -w /dev/shm ] && [ "${room:-0}" -ge 3000000 ]; then echo /dev/shm; else echo "${TMPDIR:-/tmp}"; fi
}

# A run that was killed could not tidy up; the next one does it.
remove_left_overs() {
  local folder
  for folder in "${TMPDIR:-/tmp}"/ensen-test.* /dev/shm/ensen-test.*; do
    [ -O "$folder" ] && [ -f "$folder/run" ] && ! kill -0 "$(cat "$folder/run")" 2>/dev/null || continue
    as_database_user "$bin/pg_ctl" -D "$folder/postgres" -m immediate stop
    rm -rf "$folder"
  done
  return 0
}

start_postgres() {
  local port password try
  umask 077
  remove_left_overs
  echo $$ >"$scratch/run"
  mkdir "$scratch/postgres"
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "$password" >"$scratch/password"
  if [ "$(id -u)" = 0 ]; then
    chmod 711 "$scratch"
    chown postgres "$scratch/postgres" "$scratch/password"
  fi
  as_database_user "$bin/initdb" -D "$scratch/postgres" -U ensen -A scram-sha-256 --pwfile="$scratch/password" -E UTF8 --locale=C || return 1
  for try in 1 2 3 4 5 6 7 8 9 10; do
    port=$((20000 + RANDOM % 12000))
    if as_database_user "$bin/pg_ctl" -D "$scratch/postgres" -l "$scratch/postgres/server.log" -w -t 60 start -o "-p $port \
        -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=800 -c shared_buffers=${shared_buffers:-256MB} \
        -c fsync=${fsync:-on} -c max_wal_size=${max_wal_size:-4GB} -c checkpoint_timeout=30min -c jit=off"; then
      echo "Host=127.0.0.1;Port=$port;Username=ensen;Password=$password;Database=postgres" >"$scratch/connection"
      return
    fi
  done
  cat "$scratch/postgres/server.log"
  return 1
}

stop_postgres() {
  [ -n "$scratch" ] || return
  as_database_user "$bin/pg_ctl" -D "$scratch/postgres" -m immediate -w stop >>"$log" 2>&1
  rm -rf "$scratch"
}

