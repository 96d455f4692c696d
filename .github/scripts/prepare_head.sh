#!/usr/bin/env bash
# Create the synthesized folder of a pull request, HEAD/cdktf.out, without running anything of it:
# prepare_head.sh PULL_REQUEST HEAD [SYNTHESIZED.tar]
# Run it in a checkout of the base, whose code synthesizes endpoints.toml of PULL_REQUEST. If other files change, their code
# synthesized SYNTHESIZED.tar before, without credentials. In both cases, the base admits what Terraform will read.
set -euo pipefail
pull_request=$1 head=$2 synthesized=${3:-}
rm -rf "$head"
mkdir -p "$head"
if [ -f "$pull_request/code.tar" ]; then
  if [ ! -f "$synthesized" ]; then
    echo "::error::the pull request changes code that was not synthesized, such as code of a fork" >&2
    exit 1
  fi
  python -m protected_endpoints unpack "$synthesized" "$head"
else
  git archive HEAD | tar --extract --file=- --directory="$head"
fi
rm -f "$head/endpoints.toml" "$head/review.toml"
cp "$pull_request"/*.toml "$head"
[ -f "$pull_request/code.tar" ] || .github/scripts/synth.sh "$head"
# By the entries of the base: those of the pull request are not approved yet. HEAD/not-admitted.md says what is refused.
options=(--output "$head/not-admitted.md")
[ ! -f review.toml ] || options+=(--acknowledged review.toml)
if ! python -m protected_endpoints.review admit "$head/cdktf.out" "${options[@]}"; then
  cat "$head/not-admitted.md" >&2
  exit 1
fi
rm "$head/not-admitted.md"
# The provider that is merged, too. Terraform runs it with the credentials of the planner.
for stack in "$head"/cdktf.out/stacks/*/; do
  rm -f "$stack.terraform.lock.hcl"
  [ ! -f .terraform.lock.hcl ] || cp .terraform.lock.hcl "$stack"
done
