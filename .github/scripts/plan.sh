#!/usr/bin/env bash
# Plan stacks and keep each plan, also as JSON: plan.sh PLANS HEAD BASE STACK...
# HEAD and BASE are folders that were synthesized. A stack that is in BASE alone is planned to be destroyed.
# The outputs of the step are `changes`, true or false, and nothing of a plan is printed: it holds what is secret.
set -euo pipefail
umask 077
plans=$1 head=$2 base=$3
shift 3
mkdir -p "$plans"
plans=$(cd "$plans" && pwd)
# The provider is fetched once, and not for each stack, where the lock file has the hash (h1) of its unpacked package.
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
  # Without a lock file, or with a provider of another hash, this fails.
  terraform -chdir="$folder" init -input=false -no-color -lockfile=readonly >/dev/null
  code=0
  terraform -chdir="$folder" plan -input=false -no-color -detailed-exitcode "${options[@]}" \
    -out="$plans/$stack.bin" >/dev/null || code=$?
  case $code in
    0) ;;
    2) changes=true ;;
    *) echo "::error::$stack cannot be planned; Terraform says why above" >&2; exit 1 ;;
  esac
  terraform -chdir="$folder" show -json "$plans/$stack.bin" >"$plans/$stack.json"
done
echo "changes=$changes" >>"${GITHUB_OUTPUT:-/dev/stdout}"
