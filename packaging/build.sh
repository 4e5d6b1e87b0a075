#!/usr/bin/env bash
# Builds the command for a package as the file that it is given: position-independent and
# bound when it starts, with libvirt opened at run time. Two builds of one commit give the same bytes.
set -euo pipefail
cd "$(dirname "$0")/.."
CGO_ENABLED=1 ${GO:-go} build -tags libvirt_dlopen -buildmode=pie -trimpath -buildvcs=false \
  -ldflags "-s -w -buildid= -X parley/internal/version.packaged=$(packaging/version.sh) -extldflags=-Wl,-z,relro,-z,now" -o "$1" ./cmd/parley
