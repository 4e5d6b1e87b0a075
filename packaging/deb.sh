#!/usr/bin/env bash
# Builds dist/parley_VERSION_ARCH.deb with dpkg-deb. Two builds of one commit give
# the same bytes: all times are those of the commit.
set -euo pipefail
cd "$(dirname "$0")/.."
go=${GO:-go}
if ! command -v dpkg-deb >/dev/null; then
  echo "make deb needs dpkg-deb: build on Debian, or install dpkg" >&2
  exit 1
fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}
version=${VERSION:-$(cat internal/version/VERSION)+git$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d).$(git rev-parse --short=12 HEAD 2>/dev/null || echo unknown)}
arch=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 0755 "$tree"

install -d "$tree"/{DEBIAN,usr/bin,lib/systemd/system,etc/parley,etc/libvirt/hooks/qemu.d}
install -d "$tree"/usr/share/{doc/parley,man/man1,bash-completion/completions,zsh/vendor-completions,fish/vendor_completions.d,parley/models}
CGO_ENABLED=1 $go build -tags libvirt_dlopen -trimpath -buildvcs=false -ldflags "-s -w -buildid= -X parley/internal/version.packaged=$version" -o "$tree/usr/bin/parley" ./cmd/parley
parley=$tree/usr/bin/parley
install -m 0644 packaging/parley.service "$tree/lib/systemd/system/parley.service"
install -m 0755 packaging/qemu.hook "$tree/etc/libvirt/hooks/qemu.d/50-parley"
"$parley" agent --print-config >"$tree/etc/parley/parley.yaml"
"$parley" completion bash >"$tree/usr/share/bash-completion/completions/parley"
"$parley" completion zsh >"$tree/usr/share/zsh/vendor-completions/_parley"
"$parley" completion fish >"$tree/usr/share/fish/vendor_completions.d/parley.fish"
install -m 0644 models/*/*.lcc "$tree/usr/share/parley/models/"
install -d "$tree/usr/share/parley/schemas"
install -m 0644 docs/schemas/*.json "$tree/usr/share/parley/schemas/"
install -m 0644 docs/*.md CHANGELOG.md "$tree/usr/share/doc/parley/"
install -m 0644 README.md "$tree/usr/share/doc/parley/" # in the place of the list of pages
GO=$go $go run ./packaging/notices >"$tree/usr/share/doc/parley/copyright"

# page NAME SUMMARY VERB...: a manual page with what the verb says of itself.
page() {
  local name=$1 summary=$2
  shift 2
  {
    printf '.TH %s 1\n.SH NAME\n%s \\- %s\n.SH SYNOPSIS\n.nf\n' "${name^^}" "$name" "$summary"
    "$parley" help "$@" | sed 's/\\/\\\\/g; s/^\./\\\&./'
    printf '.fi\n.SH SEE ALSO\n/usr/share/doc/parley\n'
  } | gzip -9n >"$tree/usr/share/man/man1/$name.1.gz"
}
page parley 'hypervisors move virtual machines among themselves by negotiation'
# The command lists its verbs for the shells' completion.
"$parley" __complete '' 2>/dev/null | while IFS=$'\t' read -r verb summary; do
  case $verb in help | :*) continue ;; esac
  page "parley-$verb" "$summary" "$verb"
done
for script in postinst prerm postrm; do install -m 0755 "packaging/$script" "$tree/DEBIAN/$script"; done
printf '/etc/parley/parley.yaml\n/etc/libvirt/hooks/qemu.d/50-parley\n' >"$tree/DEBIAN/conffiles"
cat >"$tree/DEBIAN/control" <<CONTROL
Package: parley
Version: $version
Architecture: $arch
Maintainer: the authors of Parley <parley@localhost>
Installed-Size: $(du -sk --exclude=DEBIAN "$tree" | cut -f1)
Depends: libc6, passwd
Recommends: libvirt-daemon-system
Section: admin
Priority: optional
Description: hypervisors move virtual machines among themselves by negotiation
 Every host runs an agent that enacts interaction models, written in LCC. Hosts
 that are overloaded, underloaded or idle talk to each other in the words of the
 model; when a deal is struck, libvirt migrates the guest live. There is no
 central scheduler.
CONTROL
find "$tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
out=${OUT:-dist}
mkdir -p "$out"
dpkg-deb --root-owner-group -Zxz --build "$tree" "$out/parley_${version}_${arch}.deb"
