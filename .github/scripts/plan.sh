#!/usr/bin/env bash
# Plan stacks, and save each plan, also as JSON: plan.sh PLANS HEAD BASE STACK...
# HEAD and BASE are synthesized folders. A stack that is only in BASE is planned to be destroyed.
# As many stacks as the machine allows are planned at the same time, or PARALLELISM; output is in the order of the stacks.
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
# Terraform collects garbage less often: a fifth less CPU for 0.2 GB more.
export GOGC=${GOGC:-400}
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# The exit code is that of `terraform plan -detailed-exitcode`: 2 if the plan has changes.
plan() {
  stack=$1 folder=$head/stacks/$1 options=()
  if [ ! -d "$folder" ]; then
    folder=$base/stacks/$stack
    options=(-destroy)
  fi
  # Fails without a lock file, or for a provider with another hash.
  "$terraform" -chdir="$folder" init -input=false -no-color -lockfile=readonly >/dev/null || return 1
  code=0
  "$terraform" -chdir="$folder" plan -input=false -no-color -detailed-exitcode "${options[@]}" \
    -out="$plans/$stack.bin" >/dev/null || code=$?
  [ "$code" = 0 ] || [ "$code" = 2 ] || return 1
  "$terraform" -chdir="$folder" show -json "$plans/$stack.bin" >"$plans/$stack.json" || return 1
  return "$code"
}

changes=false failed=false pending=()
# Wait for the plan that was started first, and print its output.
finish() {
  stack=${pending[0]%=*} code=0
  wait "${pending[0]#*=}" || code=$?
  pending=("${pending[@]:1}")
  cat "$logs/$stack" >&2
  case $code in
    0) echo "planned $stack" ;;
    2) echo "planned $stack"; changes=true ;;
    *) echo "::error::$stack cannot be planned, for the reason above" >&2; failed=true ;;
  esac
}

parallelism=$(python -m protected_endpoints parallelism plan)
# The first stack is planned alone: it downloads the provider, and two downloads at once would damage the cache
# (hashicorp/terraform#31964). Later stacks only read it.
limit=1
for next in "$@"; do
  if [ "${#pending[@]}" -ge "$limit" ]; then
    finish
    limit=$parallelism
  fi
  [ "$failed" = false ] || break
  plan "$next" >"$logs/$next" 2>&1 &
  pending+=("$next=$!")
done
while [ "${#pending[@]}" -gt 0 ]; do finish; done
[ "$failed" = false ] || exit 1
echo "changes=$changes" >>"${GITHUB_OUTPUT:-/dev/stdout}"
