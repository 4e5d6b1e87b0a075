#!/bin/sh
# Prints the version of the package that this tree becomes: the number in
# internal/version/VERSION where the commit has the tag of that release, otherwise
# that number with the date and the commit. VERSION overrides it.
set -eu
cd "$(dirname "$0")/.."
number=$(cat internal/version/VERSION)
if [ -n "${VERSION:-}" ]; then
  echo "$VERSION"
elif ! commit=$(git rev-parse --short=12 HEAD 2>/dev/null); then
  echo "$number" # a tree without git is the one of a release
elif git tag --points-at HEAD | grep -qx "v$number"; then
  echo "$number"
else
  echo "$number+git$(TZ=UTC git log -1 --date=format-local:%Y%m%d --format=%cd).$commit"
fi
