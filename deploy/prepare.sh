#!/bin/sh
# Makes what compose.yaml needs and nobody may see: passwords, and certificates by an authority of our own, in
# deploy/secrets/. What is there already stays, so it may be run again. Needs openssl.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
cd secrets

for name in elastic_password kibana_password dunwatch_password dunwatch_key redis_password kibana_key; do
    test -s "$name" || openssl rand -hex 24 | tr -d '\n' >"$name"
done

printf 'REDIS_PASSWORD=%s\n' "$(cat redis_password)" >redis.env

if ! test -s ca.crt; then
    openssl req -x509 -newkey rsa:3072 -noenc -days 3650 -subj "/CN=dunwatch CA" \
        -addext "keyUsage=critical,keyCertSign,cRLSign" -keyout ca.key -out ca.crt 2>/dev/null
fi
if ! test -s http.crt; then
    openssl req -newkey rsa:3072 -noenc -subj "/CN=elasticsearch" -keyout http.key -out http.csr 2>/dev/null
    printf 'subjectAltName=DNS:elasticsearch,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' >http.ext
    openssl x509 -req -in http.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 730 -extfile http.ext \
        -out http.crt 2>/dev/null
    rm http.csr http.ext
fi

# The containers run as whoever owns these files, so that they need not be open to others; never as root.
owner=$(id -u)
if test "$owner" = 0; then
    owner=1000
    chown -R "$owner" .
fi
cd ../..
test -e .env || printf 'DUNWATCH_UID=%s\n' "$owner" >.env
echo "ready: docker compose up --detach"
