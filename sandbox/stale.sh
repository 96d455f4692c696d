#!/bin/sh
# Prints the markers of what was installed for another Python or Node ABI than the one that would run it now, or for
# one that is gone. `stale.sh python VENV` prints what the marker of a virtual environment holds.
set -u

python() {
    "$1/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null
}

# stale MARKER VERSION; a marker from before they had a version is taken as it is
stale() {
    [ ! -s "$1" ] || [ "$(cat "$1")" = "$2" ] || echo "$1"
}

if [ $# -gt 0 ]; then
    "$@"
    exit
fi
for venv in .venv .venv-scan .venv-bench; do
    stale "$venv/installed" "$([ ! -e "$venv" ] || python "$venv")"
done
stale node_modules/installed "$(node -p process.versions.modules 2>/dev/null)"
