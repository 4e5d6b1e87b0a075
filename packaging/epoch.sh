#!/bin/sh
# Prints the time that everything in a package has, in seconds since 1970: that of the
# commit, so that two builds of one commit give the same bytes. SOURCE_DATE_EPOCH
# overrides it.
cd "$(dirname "$0")/.." || exit 1
echo "${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y internal/version/VERSION)}"
