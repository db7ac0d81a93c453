#!/usr/bin/env bash
# `make fuzz`: every Fuzz target of the repository for FUZZTIME (1m) each, then a table. What a target
# failed at, Go writes to the package's testdata/fuzz, to be committed with the mend; what it
# found interesting stays in bin/fuzz, and the next time begins there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

go=${GO:-go}
fuzztime=${FUZZTIME:-1m}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# PACKAGE TARGET, a line each. Go lists a package's targets before it names the package.
targets() {
  "$go" test -list '^Fuzz' ./... | awk '
    /^Fuzz/ { names[++n] = $1 }
    /^ok/   { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }'
}

# Before 1.27, Go now and then calls a target failed just because its time is up (golang/go#75804).
out_of_time() {
  grep -q '^ *context deadline exceeded$' "$log" && ! grep -q 'Failing input written to' "$log"
}

# Appends TARGET EXECUTIONS INTERESTING VERDICT to $table.
fuzz() { # PACKAGE TARGET
  local verdict=ok
  printf '\n=== %s.%s\n' "$1" "$2"
  "$go" test -run '^$' -fuzz "^$2\$" -fuzztime "$fuzztime" -fuzzminimizetime 2x "$1" \
    -test.fuzzcachedir="$PWD/bin/fuzz/$1" 2>&1 | tee "$log" || out_of_time || verdict=FAILED
  table+=$(awk -v target="${1#renkei/}.$2" -v verdict="$verdict" '
    /^fuzz: elapsed:.* execs:/ {
      line = $0
      execs = line; sub(/.*execs: /, "", execs); sub(/ .*/, "", execs)
      found = 0
      if (line ~ /new interesting: /) { found = line; sub(/.*new interesting: /, "", found); sub(/ .*/, "", found) }
    }
    END {
      if (execs + 0 == 0) verdict = "FAILED" # nothing was tried
      printf "%s %d %d %s\n", target, execs, found, verdict
    }' "$log")$'\n'
}

found=$(targets)
[[ -n $found ]] || { echo 'fuzz: there are no targets' >&2; exit 1; }
table=
while read -r package target <&3; do
  fuzz "$package" "$target"
done 3<<<"$found"

echo
{ echo 'TARGET EXECUTIONS INTERESTING VERDICT' && printf '%s' "$table"; } | awk '
  NR > 1 { sum += $2; if ($4 != "ok") failed++ }
  { printf "%-40s %12s %12s  %s\n", $1, $2, $3, $4 }
  END { printf "%-40s %12d\n", NR - 1 " targets", sum; exit failed > 0 }'
