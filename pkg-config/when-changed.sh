#!/usr/bin/env bash
# Runs a command unless it already succeeded on the very same files:
#   pkg-config/when-changed.sh <stamp> <file or folder>… -- <command>…
# The stamp holds a hash of the files' names and contents.
set -euo pipefail
stamp=$1
shift
inputs=()
while [ "$1" != -- ]; do
    inputs+=("$1")
    shift
done
shift

hash_inputs() {
    { printf '%s\n' "$@"; find -L "${inputs[@]}" -type f \
        -not -path '*/www/dist/*' -not -path 'www/dist/*' -not -path '*/node_modules/*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum; } | sha256sum
}

before=$(hash_inputs "$@")
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$before" ]; then exit 0; fi
"$@"
mkdir -p "$(dirname "$stamp")"
printf '%s\n' "$before" >"$stamp"
