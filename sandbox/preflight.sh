#!/bin/sh
# Says which tools are missing or too old, and where to get them, before anything is installed.
set -u
missing=0

# need NAME VERSION-FOUND VERSION-NEEDED WHERE
need() {
    if [ -z "$2" ]; then
        echo "$1 is missing: version $3 or newer is needed; get it from $4" >&2
        missing=1
    elif [ "$(printf '%s\n%s\n' "$3" "$2" | sort -V | head -n 1)" != "$3" ]; then
        echo "$1 $2 is too old: version $3 or newer is needed; get it from $4" >&2
        missing=1
    fi
}

version() { # the first version number that a command prints
    command -v "$1" >/dev/null 2>&1 && "$@" 2>/dev/null | sed -n 's/[^0-9]*\([0-9][0-9.]*[0-9]\).*/\1/p' | head -n 1
}

need Python "$(version "${PYTHON:-python3}" --version)" 3.11 https://www.python.org/downloads/
need Node.js "$(version node --version)" 20.16 https://nodejs.org/
need npm "$(version npm --version)" 10 https://nodejs.org/
need Terraform "$(CHECKPOINT_DISABLE=1 version terraform version)" 1.10 https://developer.hashicorp.com/terraform/install
if [ "$missing" = 0 ] && ! "${PYTHON:-python3}" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "Python's venv is missing: install it (on Debian: apt-get install python3-venv)" >&2
    missing=1
fi
exit "$missing"
