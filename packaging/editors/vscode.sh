#!/usr/bin/env bash
# Packs the extension for VS Code with its own tool, vsce: dist/parley-lcc.vsix. Needs
# node, npm and the registry of npm; nothing that is downloaded runs a script.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=$(realpath -m "${OUT:-dist}")
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
mkdir -p "$out"
cp -R packaging/editors/vscode/. LICENSE "$stage"
cd "$stage"
npm ci --ignore-scripts --no-audit --no-fund >&2
node_modules/.bin/vsce package "$(cat "$OLDPWD/internal/version/VERSION")" --no-git-tag-version --no-update-package-json \
  --out "$out/parley-lcc.vsix"
