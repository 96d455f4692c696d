#!/usr/bin/env bash
# Review plans into a file: review.sh REVIEW.md PLAN.json...; the exit code is 2 if a finding blocks.
# REVIEW_TOML is the file of acknowledgements; the default is review.toml.
# The output of the step is `fingerprint`, with which an apply checks that it does what was reviewed.
set -euo pipefail
review=$1
shift
acknowledged=${REVIEW_TOML:-review.toml}
[ ! -f "$acknowledged" ] || set -- "$@" --acknowledged "$acknowledged"
mkdir -p "$(dirname "$review")"
rm -f "$review" # a review of an earlier run is about other plans
code=0
python -m protected_endpoints.review "$@" --output "$review" || code=$?
[ -f "$review" ] || exit "$code"
fingerprint=$(sed -n '1s/.*"fingerprint": *"\([0-9a-f]*\)".*/\1/p' "$review")
echo "fingerprint=$fingerprint" >>"${GITHUB_OUTPUT:-/dev/stdout}"
exit "$code"
