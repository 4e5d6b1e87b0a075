#!/usr/bin/env bash
# Installs Parley under PREFIX (/usr/local), its configuration and libvirt's hook under
# SYSCONFDIR (/etc). DESTDIR goes before both, for who packages. BINARY is a command that
# is built already, NOTICES goes to packaging/notices.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
prefix=${PREFIX:-/usr/local}
etc=${DESTDIR:-}${SYSCONFDIR:-/etc}
usr=${DESTDIR:-}$prefix
zsh=${ZSHDIR:-$prefix/share/zsh/site-functions}
doc=$usr/share/doc/parley
SOURCE_DATE_EPOCH=$(packaging/epoch.sh)
export SOURCE_DATE_EPOCH TZ=UTC
umask 022
unset PARLEY_DATA # the pages would name it as a default

install -d "$usr/bin" "$usr"/lib/{systemd/system,sysusers.d} "$usr"/share/{man/man1,parley/schemas,bash-completion/completions,fish/vendor_completions.d} \
  "${DESTDIR:-}$zsh" "$etc"/{parley,libvirt/hooks/qemu.d} "$doc"
parley=$usr/bin/parley
if [ -n "${BINARY:-}" ]; then install -m 0755 "$BINARY" "$parley"; else packaging/build.sh "$parley"; fi

# placed FILE TARGET MODE: a file that names the command has its place.
placed() { sed "s|/usr/bin/parley|$prefix/bin/parley|g" "$1" >"$2" && chmod "$3" "$2"; }
placed packaging/parley.service "$usr/lib/systemd/system/parley.service" 0644
placed packaging/qemu.hook "$etc/libvirt/hooks/qemu.d/50-parley" 0755
install -m 0644 packaging/containers.conf "$usr/share/parley/containers.conf"
install -m 0644 packaging/parley.sysusers "$usr/lib/sysusers.d/parley.conf"
# What an operator has written stays.
[ -e "$etc/parley/parley.yaml" ] || "$parley" agent --print-config >"$etc/parley/parley.yaml"
"$parley" completion bash >"$usr/share/bash-completion/completions/parley"
"$parley" completion zsh >"${DESTDIR:-}$zsh/_parley"
"$parley" completion fish >"$usr/share/fish/vendor_completions.d/parley.fish"
"$parley" man "$usr/share/man/man1"
gzip -9nf "$usr"/share/man/man1/parley*.1
install -m 0644 docs/schemas/*.json docs/api.openapi.json "$usr/share/parley/schemas/"

install -D -m 0644 -t "$usr/share/parley/prometheus" packaging/prometheus/parley.{rules.yml,test.yml,dashboard.json}

# What editors know of models. The extension for VS Code is a package of its own.
editors=$usr/share/parley/editors
(cd packaging/editors && find vim emacs tree-sitter vscode/syntaxes -type f ! -name '*.go' | LC_ALL=C sort) |
  while read -r file; do install -D -m 0644 "packaging/editors/$file" "$editors/$file"; done

# copied TO FILE...: the files, each in its folder.
copied() {
  local to=$1 file
  shift
  for file in "$@"; do install -D -m 0644 "$file" "$to/$file"; done
}
# A directory for each policy, as policy.file takes it. The shop is for learning.
for text in models/*/*.lcc; do
  case $text in models/shop/* | models/library/*) ;; *) copied "$usr/share/parley" "$text" ;; esac
done
# The pages lie to each other as in the source, so that their links hold.
copied "$doc" README.md CHANGELOG.md CONTRIBUTING.md SECURITY.md models/*/*.{md,lcc,txtar}
while read -r file; do copied "$doc" "$file"; done < <(
  find docs -type f ! -name '*.go' ! -path '*/testdata/*' | LC_ALL=C sort
  find examples \( -name '*.lcc' -o -name '*.txtar' -o -name '*.yaml' -o -name '*.csv' -o -name '*.md' \) ! -path '*/testdata/*' | LC_ALL=C sort
)
GO=$go $go run ./packaging/notices ${NOTICES:-} >"$doc/copyright"
