#!/bin/sh
# Report missing and outdated tools, and where to get them, before anything is installed. `check_tools.sh npm` checks npm
# alone, before another installation of the packages of node_modules.
set -u
missing=0

# need NAME INSTALLED-VERSION REQUIRED-VERSION URL
need() {
    if [ -z "$2" ]; then
        echo "$1 is not installed; install version $3 or newer from $4" >&2
        missing=1
    elif [ "$(printf '%s\n%s\n' "$3" "$2" | sort -V | head -n 1)" != "$3" ]; then
        echo "$1 must be version $3 or newer, got $2; install it from $4" >&2
        missing=1
    fi
}

version() { # the first version number that a command prints
    command -v "$1" >/dev/null 2>&1 && "$@" 2>/dev/null | sed -n 's/[^0-9]*\([0-9][0-9.]*[0-9]\).*/\1/p' | head -n 1
}

# The Node.js versions with a prebuilt terminal module for cdktf-cli 0.21, by platform: the folder prebuilds of
# @cdktf/node-pty-prebuilt-multiarch 0.10.2, which is archived and will not support newer versions.
prebuilt() {
    case $1 in
    linux-x64 | linux-arm | darwin-arm64) echo "20 or 22" ;;
    linux-arm64) echo "20" ;;
    esac
}

compiler() { # whether npm can compile the module
    for tool in python3 make "${CXX:-c++}"; do command -v "$tool" >/dev/null 2>&1 || return 1; done
}

# terminal NODE-VERSION
terminal() {
    platform=$(node -p 'process.platform + "-" + process.arch' 2>/dev/null)
    versions=$(prebuilt "$platform")
    case " $versions " in *" ${1%%.*} "*) return ;; esac
    missing_module="cdktf-cli 0.21 has no prebuilt terminal module for Node.js $1 on $platform"
    if ! compiler; then
        echo "$missing_module; ${versions:+use Node.js $versions, or }install python3, make and a C++ compiler to build it" >&2
        missing=1
    elif [ "$(cat node_modules/installed 2>/dev/null)" != "v${1%%.*}" ]; then
        echo "$missing_module; npm compiles it during installation" >&2
    fi
}

need_npm() { need npm "$(version npm --version)" 10 https://nodejs.org/; }

if [ "${1:-}" = npm ]; then
    need_npm
    exit "$missing"
fi
need Python "$(version "${PYTHON:-python3}" --version)" 3.11 https://www.python.org/downloads/
node=$(version node --version)
need Node.js "$node" 20.16 https://nodejs.org/
# npm takes longer to print its version than all others, and is needed only for the installation.
[ -e node_modules/installed ] || need_npm
need Terraform "$(CHECKPOINT_DISABLE=1 version "${TERRAFORM_BINARY_NAME:-terraform}" version)" 1.10 https://developer.hashicorp.com/terraform/install
[ "$missing" = 1 ] || terminal "$node"
if [ "$missing" = 0 ] && ! "${PYTHON:-python3}" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "the Python module venv is not installed; install it (on Debian: apt-get install python3-venv)" >&2
    missing=1
fi
exit "$missing"
