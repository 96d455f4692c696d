#!/bin/sh
# Create a virtual environment with the packages of a requirements file: install_packages.sh VENV REQUIREMENTS
#
# uv takes a tenth of the time of pip, but does not read the settings of pip. So pip installs where they say how to reach
# packages. Other virtual environments than .venv contain neither, and are installed with the programs of .venv.
set -eu
venv=$1 requirements=$2 programs=.venv/bin

if [ "$venv" = .venv ]; then without_pip=; else without_pip=--without-pip; fi
"${PYTHON:-python3}" -m venv --clear $without_pip "$venv"

# The files contain all dependencies, and each with its hashes.
options="--quiet --require-hashes --no-deps"

pip_install() {
    "$programs/pip" --disable-pip-version-check --python "$venv/bin/python" install $options -r "$1"
}

settings=$("$programs/pip" config list)
case $settings in
*.index-url=* | *.no-index=* | *.proxy=* | *.trusted-host=* | *.client-cert=*)
    pip_install "$requirements"
    exit
    ;;
esac
certificates=$(printf '%s\n' "$settings" | sed -n "s/.*\.cert='\(.*\)'/\1/p" | tail -n 1)
[ -z "$certificates" ] || export SSL_CERT_FILE="${SSL_CERT_FILE:-$certificates}"
[ "$venv" != .venv ] || pip_install requirements-uv.txt
# One package at a time: two of AWS CDK contain the same file.
UV_CONCURRENT_INSTALLS=1 "$programs/uv" pip install $options --python "$venv/bin/python" -r "$requirements"
