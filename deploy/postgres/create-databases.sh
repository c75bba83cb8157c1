#!/bin/bash
# Runs once, when the server's data is empty: one database per service, each owned by its own role, and closed
# to the others.
set -euo pipefail

for service in auth flight_search seat booking payment discount ticket notification; do
  variable="${service^^}_DB_PASSWORD"
  psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set service="$service" --set password="${!variable}" <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke all on database :"service" from public;
SQL
done
