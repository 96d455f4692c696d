#!/usr/bin/env bash
# Save the state that an apply could not save: save_state.sh HEAD STACK
# Terraform wrote it to errored.tfstate, the only record of created resources. It contains secrets, so it is neither
# printed nor uploaded as an artifact: it is pushed to the backend with new credentials.
set -euo pipefail
terraform=${TERRAFORM_BINARY_NAME:-terraform}
folder=$1/stacks/$2
file=$folder/errored.tfstate
[ -f "$file" ] || exit 0
push() { output=$("$terraform" -chdir="$folder" state push -no-color errored.tfstate 2>&1) && rm "$file"; }
lock() { sed -n "s/^ *$1: *//p" <<<"$output" | head -n 1; }
# An apply that cannot save its state keeps its lock. A lock of this machine is from this job, because no other job
# applies the stack.
if ! push && [ "$(lock Who)" = "$(id -un)@$(uname -n)" ]; then
  { "$terraform" -chdir="$folder" force-unlock -force "$(lock ID)" && push; } || true
fi
if [ -f "$file" ]; then
  echo "$output" >&2
  echo "::error::the state of $2 could not be saved; to import the created resources, run: make recover STACK=$2" >&2
  exit 1
fi
echo "::notice::the state of $2 was saved now; run the workflow again"
