#!/usr/bin/env bash
# Builds a package with nfpm into dist: package.sh deb, package.sh rpm. Needs Go and a C
# compiler, and nothing of the system that the package is for. Two builds of one commit
# give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
format=${1:?give the format, deb or rpm}
go=${GO:-go}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
VERSION=$(packaging/version.sh)
SOURCE_DATE_EPOCH=$(packaging/epoch.sh)
ARCH=$($go env GOARCH)
MAINTAINER=${MAINTAINER:-the authors of Parley <parley@example.org>}
export VERSION SOURCE_DATE_EPOCH ARCH MAINTAINER TZ=UTC
stage=$work/stage

case $format in
deb) ZSHDIR=/usr/share/zsh/vendor-completions NOTICES=-debian ;;
rpm) ZSHDIR=/usr/share/zsh/site-functions NOTICES= ;;
*) echo "package.sh: the format is $format: give deb or rpm" >&2 && exit 2 ;;
esac
DESTDIR=$stage PREFIX=/usr ZSHDIR=$ZSHDIR NOTICES=$NOTICES packaging/install.sh
LIBC=$($go run ./packaging/libc "$stage/usr/bin/parley")
export LIBC
$go run ./packaging/changelog -version "$VERSION-1" -epoch "$SOURCE_DATE_EPOCH" -packager "$MAINTAINER" >"$work/changelog.yaml"
find "$stage" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
out=$(realpath -m "${OUT:-dist}")
mkdir -p "$out"
cp -r packaging/debian packaging/rpm packaging/nfpm.yaml "$work"
$go -C packaging/tools build -o "$work/nfpm" github.com/goreleaser/nfpm/v2/cmd/nfpm
cd "$work" && ./nfpm package --packager "$format" --target "$out/"
