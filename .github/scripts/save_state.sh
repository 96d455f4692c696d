#!/usr/bin/env bash
# Save the state of an apply that could not do it: save_state.sh HEAD STACK
# Terraform left it in errored.tfstate, the only record of what was made. It holds what is secret, so it is neither
# printed nor kept as an artifact: it goes to where states are, with credentials that are new.
set -euo pipefail
folder=$1/stacks/$2
file=$folder/errored.tfstate
[ -f "$file" ] || exit 0
push() { said=$(terraform -chdir="$folder" state push -no-color errored.tfstate 2>&1) && rm "$file"; }
lock() { sed -n "s/^ *$1: *//p" <<<"$said" | head -n 1; }
# An apply that cannot save cannot unlock either. A lock of this machine is its own: no other job applies the stack.
if ! push && [ "$(lock Who)" = "$(id -un)@$(uname -n)" ]; then
  { terraform -chdir="$folder" force-unlock -force "$(lock ID)" && push; } || true
fi
if [ -f "$file" ]; then
  echo "$said" >&2
  echo "::error::the state of $2 could not be saved; make recover STACK=$2 finds what was made" >&2
  exit 1
fi
echo "::notice::the state of $2 was saved after all; run this again"
