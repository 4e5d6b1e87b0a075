#!/usr/bin/env bash
# Builds the OCI image of checker and simulator: one static program without libvirt.
# Needs Go alone. Two builds of one commit give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
version=$(packaging/version.sh)
epoch=$(packaging/epoch.sh)
out=$(realpath -m "${OUT:-dist}")
mkdir -p "$out"
# /work is where a policy's directory is mounted.
install -d "$root"/{work,usr/bin,usr/share/doc/parley}
CGO_ENABLED=0 $go build -buildmode=exe -trimpath -buildvcs=false \
  -ldflags "-s -w -buildid= -X parley/internal/version.packaged=$version" -o "$root/usr/bin/parley" ./cmd/parley
GO=$go $go run ./packaging/notices >"$root/usr/share/doc/parley/copyright"
GOARCH= $go -C packaging/tools run ./image -root "$root" -entrypoint /usr/bin/parley -name "parley:${version//+/-}" \
  -version "$version" -arch "$($go env GOARCH)" -epoch "$epoch" -o "$out/parley-sim.oci.tar"
echo "$out/parley-sim.oci.tar"
