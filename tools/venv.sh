#!/bin/sh
# Sets up a virtual environment: venv.sh run|build|dev|peers FOLDER [PYTHON]
# Says in one sentence what to install where this machine cannot; what was left half-way is mended or made anew.
set -eu
kind=$1 folder=$2 wanted=${3-}

stop() { # a newcomer reads the sentence, so make's own complaint after it is the only other line
    printf '%s\n' "$*" >&2
    exit 2
}

look() { # prints "3.12 yes" (ready), "3.12 no" (lacks venv) or nothing (does not run: a shim without its Python, say)
    "$1" -c '
import sys
try:
    import ensurepip, venv
    ready = "yes"
except ImportError:
    ready = "no"
print("%d.%d %s" % (sys.version_info[0], sys.version_info[1], ready))' 2>/dev/null || :
}

choose() { # sets python to the first of the names that will do, or stops with what to install
    missing="No Python runs here"
    remedy="install Python 3.11 or newer with venv (Debian, Ubuntu: apt install python3 python3-venv)"
    for python do
        seen=$(look "$python")
        case $seen in
            "") ;;
            [012].* | 3.[0-9]" "* | 3.10" "*)
                missing="Bisik needs Python 3.11 or newer, and $python is ${seen% *}"
                remedy="install a newer one beside it (Debian, Ubuntu: apt install python3.11-venv, or a later one)" ;;
            *" yes") return 0 ;;
            *)
                missing="$python (${seen% *}) has no venv"
                remedy="install it (Debian, Ubuntu: apt install python${seen% *}-venv)"
                break ;;
        esac
    done
    stop "$missing: $remedy, then call make again; PYTHON=/path/to/python chooses another."
}

if ! "$folder/bin/python" -c 'import pip' 2>/dev/null; then
    if [ -n "$wanted" ]; then choose "$wanted"; else choose python3.13 python3.12 python3.11 python3; fi
    echo "Setting up $folder with Python ${seen% *} (once)."
    "$python" -m venv --clear "$folder" || stop "The environment could not be made: free space or rights in $PWD?"
fi

echo "Fetching what requirements/$kind.txt names, checked by hash; this can take some minutes the first time."
pip() { "$folder/bin/python" -m pip --disable-pip-version-check install --quiet "$@"; }
# The lock is whole, so nothing is resolved here: older pips would look past it for a name with extras.
pip --require-hashes --no-deps --only-binary :all: -r "requirements/$kind.txt" ||
    stop "Not everything could be fetched (the lines above say why): is the package index reachable? Call make again to go on."
if [ "$kind" = dev ]; then
    pip --no-deps --no-build-isolation --editable . || stop "The project itself could not be installed: see the lines above."
fi
: >"$folder/$kind.stamp"
