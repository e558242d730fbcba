#!/usr/bin/env bash
# Does what docs/operating/install.md says, in a folder of its own and on ports of its own: the program published without the sandbox, a database and
# a role on PostgreSQL, deploy/ensen.env, deploy/ensen, the start of deploy/ensen.service, deploy/nginx.conf with a certificate made here, a mail server
# with TLS. A member registers and confirms from the mail in a real browser, a till signs in, a mail comes back. Ends with 0 when all of it was so.
# Needs dotnet, psql, nginx, openssl, curl, node, chromium, and ENSEN_TEST_POSTGRES as ./test gives it. About half a minute.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
: "${ENSEN_TEST_POSTGRES:?a connection string of a role that may create roles and databases}"

folder=$(mktemp -d "${TMPDIR:-/tmp}/ensen-installation.XXXXXX")
node_port=$((20000 + RANDOM % 10000)) tls_port=$((node_port + 1)) plain_port=$((node_port + 2)) mail_port=$((node_port + 3))
name=ensen_installation_$$
program= walk=

from_postgres() { tr ';' '\n' <<<"$ENSEN_TEST_POSTGRES" | sed -n "s/^ *$1 *= *//p"; }
as_operator() {
  PGPASSWORD=$(from_postgres Password) psql -q -v ON_ERROR_STOP=1 -h "$(from_postgres Host)" -p "$(from_postgres Port)" -U "$(from_postgres Username)" "$(from_postgres Database)"
}
finish() {
  local code=$?
  trap - EXIT
  [ -z "$walk" ] || kill "$walk" 2>/dev/null || true
  [ -z "$program" ] || { kill -TERM "$program" && wait "$program"; } 2>/dev/null || true
  [ ! -s "$folder/nginx.pid" ] || kill "$(cat "$folder/nginx.pid")" || true
  echo "drop database if exists $name; drop role if exists $name;" | as_operator 2>/dev/null || true
  [ $code = 0 ] || { echo "FAILED; the node's last words:"; tail -n 20 "$folder/node.log" 2>/dev/null; }
  rm -rf "$folder"
  exit $code
}
trap finish EXIT
trap 'exit 130' INT TERM

moved() { sed -e "s#/etc/ensen#$folder/etc#g" -e "s#/var/lib/ensen#$folder/var#g" -e "s#/srv/ensen#$folder/srv#g" -e "s#:5080#:$node_port#g"; }
certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$2" -addext "subjectAltName=DNS:$2" \
    -keyout "$folder/$1.key" -out "$folder/$1.pem" 2>/dev/null
}

echo "1. build"
dotnet publish src/Ensen.Web -c Release -p:Sandbox=false -o "$folder/out/ensen" >"$folder/publish.log" || { tail "$folder/publish.log"; exit 1; }
cp -r deploy "$folder/out/ensen/deploy"
deploy=$folder/out/ensen/deploy
(cd tests/installation && npm ci --no-audit --no-fund >/dev/null)

echo "2. to 5. database, settings, program"
mkdir -p "$folder/etc" "$folder/srv/releases" "$folder/var"
as_operator <<SQL
create role $name login password 'db-secret-1';
create database $name owner $name template template0 encoding 'UTF8' locale 'C.UTF-8';
SQL
certificate mail localhost
certificate web pay.example.jp
echo '{ "name": "Ensen", "origin": "https://pay.example.jp" }' >"$folder/etc/programme.json"
moved <"$deploy/ensen.env" | sed -e "s#Host=127.0.0.1;Database=ensen;Username=ensen;Password=CHANGE-ME#Host=$(from_postgres Host);Port=$(from_postgres Port);Database=$name;Username=$name;Password=db-secret-1#" \
  -e 's#smtp.example.jp#localhost#' -e "s#Port=\"587\"#Port=\"$mail_port\"#" -e 's#CHANGE-ME#mail-secret-1#' >"$folder/etc/ensen.env"
echo "SSL_CERT_FILE=\"$folder/mail.pem\"" >>"$folder/etc/ensen.env" # The machine's own certificates are left alone.
cp -r "$folder/out/ensen" "$folder/srv/releases/1"
ln -s "$folder/etc/programme.json" "$folder/srv/releases/1/programme.json"
ln -sfn releases/1 "$folder/srv/current"
moved <"$deploy/ensen" | sed 's#setpriv .*--init-groups ##' >"$folder/ensen"
chmod +x "$folder/ensen"
ENSEN_CHROMIUM=$(command -v "${ENSEN_CHROMIUM:-chromium}") FOLDER=$folder MAIL_PORT=$mail_port TLS_PORT=$tls_port node tests/installation/walk.mjs &
walk=$!
until [ -f "$folder/listens" ]; do kill -0 $walk; sleep 0.2; done
"$folder/ensen" migrate
"$folder/ensen" send-test-mail you@example.jp

echo "6. service"
{
  echo "set -a; . $folder/etc/ensen.env; $(sed -n 's/^Environment=//p' "$deploy/ensen.service"); set +a; cd $folder/var"
  echo "exec $(sed -n 's/^ExecStart=//p' "$deploy/ensen.service" | moved)"
} >"$folder/start.sh"
sh "$folder/start.sh" >"$folder/node.log" 2>&1 &
program=$!
for _ in $(seq 150); do curl -sf -o "$folder/ready" "http://127.0.0.1:$node_port/health/ready" && break; kill -0 $program; sleep 0.2; done
grep -q '"notSetUp":\["bank","card","atm","telephone","identity","rewards","transit","creditcard","payouts","deposits"\]' "$folder/ready"
grep -q 'Not set up here: bank, card, atm, telephone, identity, rewards, transit, creditcard, payouts, deposits' "$folder/node.log"

echo "7. proxy"
{
  echo "pid $folder/nginx.pid; error_log $folder/nginx.err; events {} http { access_log off;"
  moved <"$deploy/nginx.conf" | sed -e "s#/etc/ssl/pay.example.jp.pem#$folder/web.pem#" -e "s#/etc/ssl/pay.example.jp.key#$folder/web.key#" -e '/listen \[::\]/d' \
    -e "s#listen 80;#listen 127.0.0.1:$plain_port;#" -e "s#listen 443 ssl;#listen 127.0.0.1:$tls_port ssl;#"
  echo "}"
} >"$folder/nginx.conf"
nginx -c "$folder/nginx.conf" -p "$folder"

echo "8. store and member"
"$folder/ensen" store add "パン工房 京橋" --area 京橋 --category bakery | tee "$folder/store"
mv "$folder/store" "$folder/opened"
until [ -f "$folder/letter" ]; do kill -0 $walk; sleep 0.2; done
"$folder/ensen" bounces - <"$folder/letter"
touch "$folder/bounced"
wait $walk
walk=

echo "9. verify, stop"
"$folder/ensen" verify >"$folder/verify.log" 2>&1 || { cat "$folder/verify.log"; exit 1; }
kill -TERM $program
wait $program
program=
echo "All of it was so."
