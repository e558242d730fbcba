#!/usr/bin/env bash
# A PostgreSQL that is there to be broken: killed, stopped, left without disk. It is its own, on a loopback port, with fsync on.
# usage: doomed-postgres.sh [MEGABYTES]; with a size, its files lie on a file system of that size, which can be filled.
#
# It reads orders, one a line, and answers each with a line that begins with "ok" or "no":
#   start    starts it, unless it runs; the answer is "ok" and a connection string
#   kill     SIGKILL to all its processes at once, as a power cut
#   backend  SIGKILL to one process that serves a client
#   freeze   SIGSTOP to all its processes; thaw lets them go on
#   hold     SIGSTOP to those that write beside the commits: what a commit does not flush itself is then lost when all are killed
#   fill     takes all the room there is left; empty gives it back
# When its input ends, because whoever gave the orders is done or dead, it stops the server and leaves nothing behind.
#
# The small file system is a tmpfs in a mount namespace of this script's own, so that it ends with its processes, whatever ends them. Root
# may make one; others may where the kernel lets them have a user namespace. Where neither is possible, "fill" forbids the server to make
# any file longer (RLIMIT_FSIZE) instead: to PostgreSQL that is a write that fails, as on a full disk, only with another word for why.
set -u

megabytes=${1:-}
own=${ENSEN_OWN_MOUNTS:-}
if [ -n "$megabytes" ] && [ -z "$own" ]; then
  if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
    ENSEN_OWN_MOUNTS=root exec unshare -m -- "${BASH_SOURCE[0]}" "$@"
  elif [ "$(id -u)" != 0 ] && unshare -U -r -m true 2>/dev/null; then
    ENSEN_OWN_MOUNTS=user exec unshare -U -r -m -- "${BASH_SOURCE[0]}" "$@"
  fi
  own=none
fi

. "$(dirname "${BASH_SOURCE[0]}")/postgres.sh"
bin=$(postgres_programs)
scratch=
port=
password=
log=/dev/null

# In a user namespace whoever started this looks like root; the server sees itself as the ordinary user it is.
as_server() {
  if [ "$own" = user ]; then unshare -U --map-user=1000 --map-group=1000 -- "$@"; else as_database_user "$@"; fi
}

alive() { grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$1/status"; }

postmaster() { head -n 1 "$scratch/postgres/postmaster.pid" 2>/dev/null; }

running() { local pid; pid=$(postmaster) && [ -n "$pid" ] && alive "$pid" && grep -qs postgres "/proc/$pid/comm"; }

prepare() {
  umask 077
  [ "$own" = user ] || remove_left_overs
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/ensen-test.XXXXXX") || return 1
  echo $$ >"$scratch/run"
  mkdir "$scratch/postgres"
  case $own in root | user) mount -t tmpfs -o "size=${megabytes}m,mode=700" ensen-small "$scratch/postgres" || return 1 ;; esac
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "$password" >"$scratch/password"
  if [ "$(id -u)" = 0 ] && [ "$own" != user ]; then
    chmod 711 "$scratch"
    chown postgres "$scratch/postgres" "$scratch/password"
  fi
  # Small segments of the log: a small disk is full in both ways, while a table grows and while the log does.
  as_server "$bin/initdb" -D "$scratch/postgres" -U ensen -A scram-sha-256 --pwfile="$scratch/password" -E UTF8 --locale=C ${megabytes:+--wal-segsize=1}
}

start_on() {
  as_server "$bin/pg_ctl" -D "$scratch/postgres" -l "$scratch/postgres/server.log" -w -t 60 start -o "-p $1 \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=300 -c shared_buffers=32MB -c fsync=on -c recovery_init_sync_method=syncfs \
    -c dynamic_shared_memory_type=mmap ${megabytes:+-c min_wal_size=2MB -c max_wal_size=8MB} -c jit=off" >/dev/null
}

start() {
  local try
  running && { echo "ok running"; return; }
  if [ -n "$port" ]; then
    start_on "$port" || { echo "no: $(tail -n 3 "$scratch/postgres/server.log" | tr '\n' ' ')"; return; }
  else
    for try in 1 2 3 4 5 6 7 8 9 10; do
      port=$((20000 + RANDOM % 12000))
      start_on "$port" && break
      port=
    done
    [ -n "$port" ] || { echo "no port"; return; }
  fi
  echo "ok Host=127.0.0.1;Port=$port;Username=ensen;Password=$password;Database=postgres"
}

# First the postmaster, so that no process is born meanwhile; then all there are.
signal_all() {
  local pid children
  running || { echo "no: it does not run"; return; }
  pid=$(postmaster)
  kill -STOP "$pid"
  children=$(pgrep -P "$pid")
  # shellcheck disable=SC2086
  kill "-$1" $children 2>/dev/null
  kill "-$1" "$pid"
  if [ "$1" = KILL ]; then
    for child in $pid $children; do while alive "$child"; do sleep 0.01; done; done
    # Where nobody collects dead processes, the next server would take the number in this file for a living one.
    rm -f "$scratch/postgres/postmaster.pid"
  fi
  echo ok
}

kill_backend() {
  local pid
  pid=$(pgrep -P "$(postmaster)" -f '^postgres: ensen ' | shuf -n 1)
  [ -n "$pid" ] && kill -KILL "$pid" && echo "ok $pid" || echo "no backend"
}

hold() {
  pgrep -P "$(postmaster)" -f '^postgres: (walwriter|background writer)' | xargs -r kill -STOP && echo ok || echo "no writer beside the commits"
}

limit_files() { for pid in $(postmaster) $(pgrep -P "$(postmaster)"); do prlimit --pid "$pid" --fsize="$1:unlimited" 2>/dev/null; done; }

fill() {
  case $own in
    root | user) cat /dev/zero >>"$scratch/postgres/ballast" 2>/dev/null ;;
    *) limit_files 8192 ;;
  esac
  echo ok
}

empty() {
  case $own in
    root | user) rm -f "$scratch/postgres/ballast" ;;
    *) limit_files unlimited ;;
  esac
  echo ok
}

finish() {
  trap - EXIT INT TERM HUP
  if [ -n "$scratch" ]; then
    running && { signal_all CONT; as_server "$bin/pg_ctl" -D "$scratch/postgres" -m immediate -w stop; }
    case $own in root | user) umount "$scratch/postgres" || umount -l "$scratch/postgres" ;; esac
    rm -rf "$scratch"
  fi >/dev/null 2>&1
}
trap finish EXIT
trap 'exit 1' INT TERM HUP

prepare >/dev/null || { echo "no: the cluster could not be made"; exit 1; }
while read -r order; do
  case $order in
    start) start ;;
    kill) signal_all KILL ;;
    freeze) signal_all STOP ;;
    thaw) signal_all CONT ;;
    hold) hold ;;
    backend) kill_backend ;;
    fill) fill ;;
    empty) empty ;;
    *) echo "no such order: $order" ;;
  esac
done
