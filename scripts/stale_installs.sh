#!/bin/sh
# Print the markers of installations for a version of Python or Node.js that is not the current one, or that no longer
# exists. `stale_installs.sh python VENV` and `stale_installs.sh node_js` print the content of a marker.
set -u

python() {
    "$1/bin/python" -I -S -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

node_js() { # its major version, such as v20: modules that npm compiled work with all of its versions
    version=$(node --version 2>/dev/null)
    echo "${version%%.*}"
}

# stale MARKER VERSION; a marker without a version is never stale
stale() {
    [ ! -s "$1" ] || [ "$(cat "$1")" = "$2" ] || echo "$1"
}

if [ $# -gt 0 ]; then
    "$@"
    exit
fi
for venv in .venv .venv-scan .venv-bench .venv-cdktn; do
    stale "$venv/installed" "$([ ! -e "$venv" ] || python "$venv")"
done
stale node_modules/installed "$(node_js)"
