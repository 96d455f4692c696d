#!/bin/sh
# Report missing and outdated tools, and where to get them, before anything is installed. `check_tools.sh npm` checks npm
# alone, before another installation of the packages of node_modules.
set -u
export CHECKPOINT_DISABLE=1
missing=0

# need NAME REQUIRED-VERSION URL COMMAND...
need() {
    name=$1 required=$2 url=$3
    shift 3
    installed=$(version "$@")
    if ! command -v "$1" >/dev/null 2>&1; then
        echo "$name is not installed; install version $required or newer from $url" >&2
    elif [ -z "$installed" ]; then
        echo "$name does not start; \"$*\" prints: $("$@" 2>&1 | head -n 1)" >&2
    elif [ "$(printf '%s\n%s\n' "$required" "$installed" | sort -V | head -n 1)" != "$required" ]; then
        echo "$name must be version $required or newer, got $installed; install it from $url" >&2
    else
        return
    fi
    missing=1
}

version() { # the first version number that a command prints
    "$@" 2>/dev/null | sed -n 's/[^0-9]*\([0-9][0-9.]*[0-9]\).*/\1/p' | head -n 1
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

need_npm() { need npm 10 https://nodejs.org/ npm --version; }

if [ "${1:-}" = npm ]; then
    need_npm
    exit "$missing"
fi
need Python 3.11 https://www.python.org/downloads/ "${PYTHON:-python3}" --version
need Node.js 20.16 https://nodejs.org/ node --version
node=$installed
# npm takes longer to print its version than all others, and is needed only for the installation.
[ -e node_modules/installed ] || need_npm
need Terraform 1.10 https://developer.hashicorp.com/terraform/install "${TERRAFORM_BINARY_NAME:-terraform}" version
[ "$missing" = 1 ] || terminal "$node"
if [ "$missing" = 0 ] && ! "${PYTHON:-python3}" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    echo "the Python module venv is not installed; install it (on Debian: apt-get install python3-venv)" >&2
    missing=1
fi
exit "$missing"
