#!/usr/bin/env bash
# Plan stacks, and save each plan, also as JSON: plan.sh PLANS HEAD BASE STACK...
# HEAD and BASE are synthesized folders. A stack that is only in BASE is planned to be destroyed.
# The output of the step is `changes`, true or false. Plans contain secrets, so they are not printed.
set -euo pipefail
umask 077
terraform=${TERRAFORM_BINARY_NAME:-terraform}
plans=$1 head=$2 base=$3
shift 3
mkdir -p "$plans"
plans=$(cd "$plans" && pwd)
# The provider is downloaded once for all stacks if the lock file has the hash (h1) of its unpacked package.
export TF_PLUGIN_CACHE_DIR=${TF_PLUGIN_CACHE_DIR:-${RUNNER_TEMP:-$plans}/providers}
mkdir -p "$TF_PLUGIN_CACHE_DIR"
changes=false
for stack in "$@"; do
  folder=$head/stacks/$stack
  options=()
  if [ ! -d "$folder" ]; then
    folder=$base/stacks/$stack
    options=(-destroy)
  fi
  echo "planning $stack"
  # Fails without a lock file, or for a provider with another hash.
  "$terraform" -chdir="$folder" init -input=false -no-color -lockfile=readonly >/dev/null
  code=0
  "$terraform" -chdir="$folder" plan -input=false -no-color -detailed-exitcode "${options[@]}" \
    -out="$plans/$stack.bin" >/dev/null || code=$?
  case $code in
    0) ;;
    2) changes=true ;;
    *) echo "::error::$stack cannot be planned, for the reason above" >&2; exit 1 ;;
  esac
  "$terraform" -chdir="$folder" show -json "$plans/$stack.bin" >"$plans/$stack.json"
done
echo "changes=$changes" >>"${GITHUB_OUTPUT:-/dev/stdout}"
