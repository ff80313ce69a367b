#!/bin/sh
# Makes a runner able to call: the dagger command, the settings that .env holds elsewhere, and the engine's cache, if one is named.
set -eu

here=$(dirname "$0")
"$here/install.sh"
printf '%s\n' "${LOCKSTEP_ENV:-}" > "$here/../../.env"
if [ -n "${DAGGER_CACHE:-}" ]; then
  echo "_EXPERIMENTAL_DAGGER_CACHE_CONFIG=$DAGGER_CACHE" >> "$GITHUB_ENV"
fi
