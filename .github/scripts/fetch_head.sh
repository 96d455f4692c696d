#!/usr/bin/env bash
# Fetch the head of a pull request into the repository of the base, as objects that are not checked out: fetch_head.sh SHA
set -euo pipefail
git -c credential.helper= -c credential.helper='!gh auth git-credential' \
  fetch --quiet --no-tags --no-recurse-submodules origin "$1"
