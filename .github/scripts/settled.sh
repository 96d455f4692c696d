#!/usr/bin/env bash
# Fail unless plans of stacks are empty and endpoints without a resource policy, which no plan shows, and review what
# the plans would do: settled.sh PLANS HEAD STACK...
set -euo pipefail
plans=$1 head=$2
shift 2
code=0
python -m protected_endpoints.commands.endpoint_policies "$head" "$@" || code=1
outputs=$(mktemp)
trap 'rm -f "$outputs"' EXIT
GITHUB_OUTPUT=$outputs "$(dirname "$0")/plan.sh" "$plans" "$head" "$head" "$@"
if grep -qx 'changes=false' "$outputs"; then
  [ "$code" != 0 ] || echo "nothing differs from what is described"
  exit "$code"
fi
GITHUB_OUTPUT=$outputs "$(dirname "$0")/review.sh" "$plans/review.md" "$plans"/*.json || true
echo "::error::what is there is not what is described; the summary says what differs" >&2
exit 1
