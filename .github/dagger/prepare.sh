#!/bin/sh
# Makes a runner able to call: the dagger command, the settings that .env holds elsewhere, and the engine's cache, if one is named.
set -eu

here=$(dirname "$0")
"$here/install.sh"
printf '%s\n' "${LOCKSTEP_ENV:-}" > "$here/../../.env"

if [ -n "${DAGGER_CACHE:-}" ]; then
  # GitHub's registry takes the job's token. To any other one the runner's machine is logged in, if it has to be.
  case $DAGGER_CACHE in
    ghcr.io/*)
      if [ -n "${GITHUB_TOKEN:-}" ]; then
        printf '%s' "$GITHUB_TOKEN" | docker login ghcr.io --username "$GITHUB_ACTOR" --password-stdin
      fi
      ;;
  esac
  read="type=registry,ref=$DAGGER_CACHE"
  echo "_EXPERIMENTAL_DAGGER_CACHE_IMPORT_CONFIG=$read:test;$read:build;$read:tools" >> "$GITHUB_ENV"
fi
