#!/bin/sh
# Brings the volume on node_modules up to date before the command runs: a named volume hides what a newer image has.
set -eu
packages=/opt/packages
installed=node_modules/.installed-package-lock.json

if ! cmp -s "$packages/package-lock.json" "$installed"; then
  # The mark goes first and comes last, so that a copy that breaks off is done again.
  rm -f "$installed"
  find node_modules -mindepth 1 -maxdepth 1 -exec rm -rf {} +
  cp -r "$packages/node_modules/." node_modules/
  cp "$packages/package-lock.json" "$installed"
fi
exec "$@"
