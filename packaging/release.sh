#!/usr/bin/env bash
# Builds what a release consists of into dist: packages, image, tar file and SHA256SUMS.
# It refuses a tree that is not the one of the tag of its version.
set -euo pipefail
cd "$(dirname "$0")/.."
number=$(cat internal/version/VERSION)
tag=v$number
fail() { echo "release: $*" >&2 && exit 1; }

[ -z "${VERSION:-}" ] || fail "VERSION is set: a release has the version of internal/version/VERSION; unset it"
[ -z "$(git status --porcelain)" ] || fail "the tree has changes: commit them or take them back (git status)"
git tag --points-at HEAD | grep -qx "$tag" ||
  fail "internal/version/VERSION says $number and this commit has no tag $tag: check it out, or set the tag (CONTRIBUTING.md, \"A release\")"
grep -qE "^## $number \([0-9]{4}-[0-9]{2}-[0-9]{2}\)$" CHANGELOG.md ||
  fail "CHANGELOG.md has no heading \"## $number (YYYY-MM-DD)\": write it in the place of \"## Unreleased\""

out=${OUT:-dist}
mkdir -p "$out"
[ -z "$(ls -A "$out")" ] || fail "$out has files, which may be of another release: take them away"
export OUT=$out
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packaging/build.sh "$work/parley"
BINARY=$work/parley packaging/package.sh deb
BINARY=$work/parley packaging/package.sh rpm
packaging/image.sh
arch=$(${GO:-go} env GOARCH)
BINARY=$work/parley DESTDIR=$work/tree packaging/install.sh
tar --create --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(packaging/epoch.sh)" --directory "$work/tree" . |
  gzip -9n >"$out/parley-$number-linux-$arch.tar.gz"
(cd "$out" && sha256sum -- * >SHA256SUMS)
cat "$out/SHA256SUMS"
