#!/bin/bash
# Run once by compose.yaml when Elasticsearch is up: the password of Kibana's own user, and dunwatch's role and user.
set -euo pipefail
SECRETS="${SECRETS:-/run/secrets}"
URL="${URL:-https://elasticsearch:9200}"

ask() {
    # Passwords go by standard input, not by arguments that others could see.
    curl --silent --show-error --fail-with-body --cacert "$SECRETS/ca" \
        --config <(printf 'user = "elastic:%s"\n' "$(cat "$SECRETS/elastic_password")") \
        --header "Content-Type: application/json" --request "$1" "$URL/$2" --data-binary @-
}

printf '{"password": "%s"}' "$(cat "$SECRETS/kibana_password")" | ask POST _security/user/kibana_system/_password
ask PUT _security/role/dunwatch <"$(dirname "$0")/role.json"
printf '{"password": "%s", "roles": ["dunwatch"]}' "$(cat "$SECRETS/dunwatch_password")" |
    ask PUT _security/user/dunwatch
echo "users are ready"
