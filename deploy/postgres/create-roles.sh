#!/bin/sh
# Runs once, when the data volume is empty: Temporal and Countersign get roles and databases of their
# own, so that neither can read the other's tables. The application's role owns nothing.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" \
  --set temporal="$TEMPORAL_DB_PASSWORD" \
  --set owner="$OWNER_DB_PASSWORD" \
  --set app="$APP_DB_PASSWORD" <<'SQL'
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
CREATE ROLE countersign_owner LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE countersign_app LOGIN PASSWORD :'app';
CREATE DATABASE countersign OWNER countersign_owner;
REVOKE CONNECT ON DATABASE temporal, temporal_visibility, countersign FROM PUBLIC;
GRANT CONNECT ON DATABASE countersign TO countersign_app;
SQL
