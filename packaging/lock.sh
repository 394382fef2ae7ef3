#!/bin/sh
# Recompile requirements.txt and requirements-dev.txt from the .in files: universal for Python 3.11-3.13
# on Linux and Windows, every file hashed, no addresses. Needs uv (any recent version) on the PATH;
# pins already in the locks are kept unless UPGRADE=--upgrade is given.
set -eu
cd "$(dirname "$0")/.."
lock() {
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links ${UPGRADE:-} "$@"
}
lock packaging/runtime.in packaging/build.in -o requirements.txt
lock packaging/runtime.in packaging/build.in packaging/development.in -c requirements.txt -o requirements-dev.txt
