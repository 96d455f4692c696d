#!/usr/bin/env bash
# Synthesize the code of a pull request, of which nothing is trusted: synthesize_code.sh CODE.tar SYNTHESIZED.tar
# It runs as a user who can read neither the files nor the memory of the runner, which has a token for artifacts.
set -euo pipefail
limit=100000000 # bytes
tools=$PATH sudo=$(command -v sudo)
# Everyone may write to /opt of a GitHub-hosted runner, where the tools are: the code could replace a program that this
# script runs as the runner.
PATH=/usr/bin:/bin
# The values that the base is synthesized with as well.
values=(${PROTECTED_ENDPOINTS_SET+"PROTECTED_ENDPOINTS_SET=$PROTECTED_ENDPOINTS_SET"})

synthesize() {
  set -euo pipefail
  HOME=$(mktemp -d)
  export HOME
  cd "$HOME"
  tar --extract --file=-
  python -m venv .packages
  .packages/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt >&2
  CDKTF_OUTDIR=cdktf.out PYTHONPATH=modules .packages/bin/python main.py >&2
  tar --create --file=- cdktf.out
}

code=0
"$sudo" --user=nobody env --ignore-environment PATH="$tools" "${values[@]}" bash -c "$(declare -f synthesize); synthesize" <"$1" |
  head --bytes=$((limit + 1)) >"$2" || code=$?
if [ "$(wc -c <"$2")" -gt "$limit" ]; then
  echo "::error::the code of the pull request synthesized more than $limit bytes" >&2
  exit 1
fi
exit "$code"
