#!/usr/bin/env bash
# Review plans into a file: review.sh REVIEW.md PLAN.json...; the exit code is 2 where something blocks.
# The output of the step is `fingerprint`, by which an apply tells whether it does what was reviewed.
set -euo pipefail
review=$1
shift
[ ! -f review.toml ] || set -- "$@" --acknowledged review.toml
rm -f "$review" # one of an earlier run says nothing of these plans
code=0
python -m protected_endpoints.review "$@" --output "$review" || code=$?
[ -f "$review" ] || exit "$code"
fingerprint=$(sed -n '1s/.*"fingerprint": *"\([0-9a-f]*\)".*/\1/p' "$review")
echo "fingerprint=$fingerprint" >>"${GITHUB_OUTPUT:-/dev/stdout}"
exit "$code"
