#!/bin/sh
# Installs the dagger command in the version that dagger.json names, from its release's archive; the archive must have the
# checksum in sha256sums. A machine that has that version already, such as one that the kit made ready, needs no network.
set -eu

here=$(dirname "$0")
version=$(sed -n 's/.*"engineVersion": *"\(v[0-9.]*\)".*/\1/p' "$here/../../dagger.json")
case $(uname -m) in
  x86_64) machine=amd64 ;;
  aarch64) machine=arm64 ;;
  *) machine=$(uname -m) ;;
esac
archive="dagger_${version}_linux_${machine}.tar.gz"
releases=${DAGGER_RELEASES:-https://github.com/dagger/dagger/releases/download}

fail() {
  printf 'error %s: %s\n  why: %s\n  do:  %s\n' "$1" "$2" "$3" "$4" >&2
  exit 1
}

if dagger version 2>/dev/null | grep -q "^dagger $version "; then
  echo "dagger $version is here already"
  exit 0
fi

wanted=$(grep "  $archive\$" "$here/sha256sums") ||
  fail CI_DAGGER_UNKNOWN "there is no checksum of $archive" \
    "sha256sums beside this script does not name it" \
    "put its line there, from checksums.txt of that release"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
curl --fail --silent --show-error --location --retry 3 --output "$archive" "$releases/$version/$archive" ||
  fail CI_DAGGER_UNREACHABLE "$archive could not be fetched" \
    "curl said so above" \
    "look at the network; or give another place that has the archives: DAGGER_RELEASES"
echo "$wanted" | sha256sum --check --quiet - ||
  fail CI_DAGGER_ALTERED "$archive is not what it was" \
    "its checksum is not the one in sha256sums; it was not run" \
    "compare with checksums.txt of the release; do not install it until you know why they differ"

bin=${DAGGER_BIN:-$HOME/.local/bin}
mkdir -p "$bin"
tar --extract --gzip --file "$archive" --directory "$bin" dagger
[ -z "${GITHUB_PATH:-}" ] || echo "$bin" >> "$GITHUB_PATH"
echo "dagger $version installed in $bin"
