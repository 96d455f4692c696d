#!/usr/bin/env bash
# Fail if a plan of a stack is not empty, with a review of the plans, or if an endpoint has a resource policy, which no
# plan shows: check_drift.sh PLANS HEAD STACK...
set -euo pipefail
plans=$1 head=$2
shift 2
code=0
python -m protected_endpoints endpoint-policies "$head" "$@" || code=1
outputs=$(mktemp)
trap 'rm -f "$outputs"' EXIT
GITHUB_OUTPUT=$outputs "$(dirname "$0")/plan.sh" "$plans" "$head" "$head" "$@"
if grep -qx 'changes=false' "$outputs"; then
  [ "$code" != 0 ] || echo "no drift: deployed resources match endpoints.toml"
  exit "$code"
fi
GITHUB_OUTPUT=$outputs "$(dirname "$0")/review.sh" "$plans/review.md" "$plans"/*.json || true
echo "::error::drift detected: deployed resources differ from endpoints.toml; the summary lists the differences" >&2
exit 1
