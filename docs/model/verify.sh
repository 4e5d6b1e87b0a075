#!/usr/bin/env bash
# Searches all states of the deal's model (deal.pml): with every safeguard the
# nine properties hold; without one of them the property that it keeps fails.
set -euo pipefail
cd "$(dirname "$0")"
model=$PWD/deal.pml

if ! command -v spin >/dev/null || ! command -v gcc >/dev/null; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "verify needs spin and gcc: install them (Debian: apt-get install spin gcc libc6-dev)" >&2
    exit 1
  fi
  apt-get update -q
  DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends spin gcc libc6-dev
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
names=()

# search NAME PROPERTY EXPECTED FLAGS...: one line of the table. As many searches
# run at one time as there are processors.
search() {
  while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do wait -n || true; done
  names+=("$1")
  mkdir "$work/$1"
  look "$@" >"$work/$1/line" 2>"$work/$1/wrong" &
}

look() {
  local name=$1 property=$2 expected=$3; shift 3
  local dir=$work/$name out got states began=$SECONDS
  out=$(cd "$dir" && spin -a -DPROP="$property" "$@" "$model" >/dev/null &&
    gcc -O2 -DSAFETY -DNOREDUCE -DMEMLIM=6000 -o pan pan.c && timeout 900 ./pan -m1000000) || true
  states=$(sed -n 's/^ *\([0-9]*\) states, stored.*/\1/p' <<<"$out")
  # A search that was cut short proves nothing.
  if grep -q -e 'max search depth too small' -e 'out of memory' -e 'reached -DMEMLIM' <<<"$out" || [ -z "$states" ]; then
    got=incomplete
  elif grep -q 'errors: 0' <<<"$out"; then
    got=holds
  elif grep -q 'assertion violated' <<<"$out"; then
    got=fails
  else
    got=incomplete # an error of another kind shows nothing either
  fi
  printf '%-24s %-10s %-7s %-10s %10s %6ss\n' "$name" "$([ "$property" = 0 ] && echo 1-9 || echo "$property")" "$expected" "$got" "$states" $((SECONDS - began))
  if [ "$got" != "$expected" ]; then
    tail -20 <<<"$out" >&2
    echo "$name came out otherwise than expected" >&2
  fi
}

printf '%-24s %-10s %-7s %-10s %10s %7s\n' "without" property want got states time
search nothing 0 holds
search arrival_check 3 fails -DNO_ARRIVAL
search arrival_check_4 4 fails -DNO_ARRIVAL
search single_use 4 fails -DNO_SINGLE_USE
search hold_counts 3 fails -DNO_HOLD
search intent_journalled 2 fails -DNO_INTENT
search armed_journalled 3 fails -DNO_ARMED
search armed_hold_stays 3 fails -DDROP_ARMED
search nothing_but_a_liar 0 holds -DLIES -DDEALS=1
search looks_before_freeing 3 fails -DFREE_BY_MESSAGE -DLIES -DDEALS=1
search never_starts 1 fails -DSTARTS
search all_that_can_happen 0 holds -DOWNER -DCLAIMS -DPERSON -DDEALS=1
search room_at_arrival 7 fails -DNO_ROOM -DOWNER -DDEALS=1
search unvisited_hold_ends 5 fails -DNO_DEADLINE -DCLAIMS -DDEALS=1
search answers_have_an_age 8 fails -DOLD_NEWS -DPERSON -DDEALS=1
search later_truth_lifts 5 fails -DNO_LIFT -DPERSON -DDEALS=1
search need_journalled 9 fails -DNO_NEED -DPERSON -DDEALS=1
wait
wrong=0
for name in "${names[@]}"; do
  cat "$work/$name/line"
  if [ ! -s "$work/$name/line" ] || [ -s "$work/$name/wrong" ]; then
    wrong=1
    cat "$work/$name/wrong" >&2
  fi
done
if [ $wrong != 0 ]; then
  echo "verify: a search came out otherwise than expected" >&2
  exit 1
fi
