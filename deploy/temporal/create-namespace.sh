#!/bin/sh
# Creates the namespace unless it exists; closed orders stay readable for 90 days.
set -eu
if temporal operator namespace describe "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  echo "namespace $TEMPORAL_NAMESPACE exists"
else
  temporal operator namespace create --retention 90d "$TEMPORAL_NAMESPACE"
fi
