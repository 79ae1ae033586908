#!/bin/sh
# Brings both of Temporal's databases to the schema of this release; may run again at any time.
set -eu
# SQL_PASSWORD is read by the tool itself.
tool() {
  temporal-sql-tool --plugin postgres12 --ep "$SQL_HOST" --port "$SQL_PORT" --user "$SQL_USER" "$@"
}
for pair in temporal:temporal temporal_visibility:visibility; do
  database=${pair%%:*}
  schema=${pair##*:}
  tool --db "$database" setup-schema -v 0.0 || echo "$database has a schema already"
  tool --db "$database" update-schema --schema-name "postgresql/v12/$schema"
done
