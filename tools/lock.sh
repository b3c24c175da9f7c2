#!/bin/sh
# Locks anew what pyproject.toml asks for, with hashes and without addresses. Needs `uv` (pip install uv).
set -eu
cd "$(dirname "$0")/.."
lock() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url "$@"
}
lock --extra dev --output-file requirements/dev.txt pyproject.toml
lock --constraint requirements/dev.txt --output-file requirements/run.txt pyproject.toml
lock --group peers --output-file requirements/peers.txt
echo hatchling | lock --constraint requirements/dev.txt --output-file requirements/build.txt - # as [build-system] asks
