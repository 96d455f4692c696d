#!/bin/sh
# Print the markers of installations for a Python version or a Node ABI that is not the current one, or that no longer
# exists. `stale_installs.sh python VENV` prints the content of the marker of a virtual environment.
set -u

python() {
    "$1/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
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
stale node_modules/installed "$(node -p process.versions.modules 2>/dev/null)"
