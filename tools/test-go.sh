#!/usr/bin/env bash
# What `make test-go` runs: the server's tests, with the race detector, in an order of their own each time. In CI, where up
# to three failed, their packages are played once more, as the browser's tests are: those that pass then are named
# flaky, for somebody to look at. A race, a panic, a leak or a build that failed is never played again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

go=${GO:-go}
most=3
export CGO_ENABLED=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT

if "$go" test -race -shuffle=on -timeout 25m ./... 2>&1 | tee "$log"; then exit 0; fi
[[ -n ${CI:-} ]] || exit 1
if grep -qE 'DATA RACE|^panic:|^fatal error:|goleak:|build failed|setup failed|test timed out' "$log"; then exit 1; fi

mapfile -t tests < <(sed -nE 's/^--- FAIL: ([^ ]+) .*/\1/p' "$log")
mapfile -t packages < <(sed -nE 's/^FAIL\t([^\t]+)\t.*/\1/p' "$log")
((${#tests[@]} > 0 && ${#tests[@]} <= most)) || exit 1

printf '\nonce more: %s\n' "${packages[*]}"
"$go" test -race -shuffle=on -count=1 -timeout 25m "${packages[@]}"
printf 'flaky: %s\n' "${tests[*]}"
