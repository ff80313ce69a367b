#!/bin/sh
# Makes a runner able to call: the dagger command, the settings that .env holds elsewhere, and the engine's cache, if one is named.
set -eu

here=$(dirname "$0")
"$here/install.sh"
printf '%s\n' "${LOCKSTEP_ENV:-}" > "$here/../../.env"

if [ -z "${DAGGER_CACHE:-}" ]; then exit 0; fi
case $DAGGER_CACHE in
  # GitHub's registry takes the job's token. To any other one the runner's machine is logged in, if it has to be.
  ghcr.io/*)
    if [ -n "${GITHUB_TOKEN:-}" ]; then
      printf '%s' "$GITHUB_TOKEN" | docker login ghcr.io --username "$GITHUB_ACTOR" --password-stdin
    fi
    ;;
esac

part="type=registry,ref=$DAGGER_CACHE"
if [ -n "${CACHE_PART:-}" ]; then
  # The engine writes at the end of a call, and the call fails when that takes longer than 10 s, unless told otherwise.
  echo "_EXPERIMENTAL_DAGGER_SHUTDOWN_TIMEOUT=30m" >> "$GITHUB_ENV"
  echo "_EXPERIMENTAL_DAGGER_CACHE_EXPORT_CONFIG=$part:$CACHE_PART,mode=max" >> "$GITHUB_ENV"
else
  echo "_EXPERIMENTAL_DAGGER_CACHE_IMPORT_CONFIG=$part:test;$part:build;$part:scan-tools" >> "$GITHUB_ENV"
fi
