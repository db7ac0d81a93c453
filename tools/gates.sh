#!/usr/bin/env bash
# What `make gates` runs. A gate that cannot fail is none: each tool is first
# shown something planted, and has to find it. GOVULNDB is another database of vulnerabilities, a
# folder or an address.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

go=${GO:-go}
tools=$PWD/bin/tools
config=$PWD/.gitleaks.toml
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() {
  printf 'gates: %s\n' "$*" >&2
  exit 1
}

planted_mistakes() {
  local out linter
  out=$("$tools/golangci-lint" run --uniq-by-line=false --output.text.print-issued-lines=false ./.ci/planted 2>&1) || true
  for linter in gosec noctx bodyclose rowserrcheck sqlclosecheck errorlint contextcheck zerologlint; do
    grep -q "($linter)\$" <<<"$out" || fail "$linter walked past what was planted for it: $out"
  done
  echo 'linters: each sees what was planted for it'
}

modules() {
  "$go" mod verify
  (cd tools && "$go" mod verify)
  "$go" vet ./...
  echo 'go vet: nothing'
}

# A database in which a module that the planted package calls is broken in every version.
plant_vulnerability() {
  mkdir -p "$1"/{index,ID}
  echo '{"modified":"2026-01-01T00:00:00Z"}' >"$1/index/db.json"
  echo '[{"path":"github.com/rs/zerolog","vulns":[{"id":"GO-0000-0001","modified":"2026-01-01T00:00:00Z"}]}]' >"$1/index/modules.json"
  cat >"$1/ID/GO-0000-0001.json" <<-'JSON'
	{"schema_version":"1.3.1","id":"GO-0000-0001","modified":"2026-01-01T00:00:00Z","published":"2026-01-01T00:00:00Z",
	 "summary":"planted","details":"planted","database_specific":{"url":"https://planted.invalid"},
	 "affected":[{"package":{"name":"github.com/rs/zerolog","ecosystem":"Go"},
	  "ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}],
	  "ecosystem_specific":{"imports":[{"path":"github.com/rs/zerolog","symbols":["Logger.Info"]}]}}]}
	JSON
}

# Leaves what govulncheck says in $out and what it means in $rc: 3 is a vulnerability that is called.
govulncheck() {
  rc=0
  out=$("$tools/govulncheck" -db "$1" "$2" 2>&1) || rc=$?
}

vulnerabilities() {
  local db=${GOVULNDB:-https://vuln.go.dev} out rc
  plant_vulnerability "$tmp/vulndb"
  govulncheck "file://$tmp/vulndb" ./.ci/planted
  ((rc == 3)) || fail "govulncheck walked past a planted vulnerability ($rc): $out"

  if [[ -d $db ]]; then db=file://$(cd "$db" && pwd); fi
  govulncheck "$db" ./...
  if ((rc == 0)); then
    echo "govulncheck: no known vulnerability is called ($db)"
  elif ((rc != 3)) && [[ $db == http* && $out =~ 'fetching vulnerabilities'|'creating client' ]]; then
    printf '\n!!! NOT CHECKED for known vulnerabilities: there is no database at %s. GOVULNDB names another.\n!!! %s\n\n' "$db" "$out" >&2
  else
    fail "$out"
  fi
}

gitleaks() { "$tools/gitleaks" "$@" --config "$config" --redact --no-banner --log-level error --verbose; }

random() { head -c 32 /dev/urandom | base64; }

# Each secret goes into a repository of its own, and out of its tree again: it still is to be found.
planted_secrets() {
  local repo=$tmp/planted token rule line n=0 out
  commit() { git add -A && git -c user.name=x -c user.email=x@planted.invalid -c commit.gpgsign=false commit -qm x; }
  token=$(random | tr '+/' '-_' | tr -d '=')
  while read -r rule line; do
    rm -rf "$repo" && git init -q "$repo" && pushd "$repo" >/dev/null
    echo "$line" >notes.txt
    out=$(gitleaks dir .) && fail "gitleaks walked past a $rule in the tree"
    [[ $out == *"$rule"* ]] || fail "gitleaks took a $rule in the tree for something else: $out"
    commit && rm notes.txt && commit
    out=$(gitleaks git .) && fail "gitleaks walked past a $rule in the history"
    [[ $out == *"$rule"* ]] || fail "gitleaks took a $rule in the history for something else: $out"
    popd >/dev/null
    n=$((n + 1))
  done <<-PLANTED
	renkei-token curl -H "Authorization: Bearer renkei_$token" http://127.0.0.1/graphql
	renkei-token renkei_pat_${token}_0123abcd
	renkei-master-key export RENKEI_MASTER_KEYS=$(random)
	renkei-master-key RENKEI_MASTER_KEYS: "$(random),$(random)"
	PLANTED
  echo "gitleaks: finds the $n secrets that were planted"
}

secrets() {
  local tree=$tmp/tree file
  planted_secrets
  gitleaks git . --log-opts='--full-history HEAD' || fail 'there are secrets in the history: see above'
  # The tree is what git would take: no bin, no packages, nobody's .env.
  while IFS= read -r -d '' file; do
    [[ -f $file ]] || continue
    mkdir -p "$tree/$(dirname "$file")" && cp "$file" "$tree/$file"
  done < <(git ls-files -z --cached --others --exclude-standard)
  (cd "$tree" && gitleaks dir .) || fail 'there are secrets in the tree: see above'
  echo 'gitleaks: no secret in the history, none in the tree'
}

kube_score() { # what it has against the manifests on standard input; nothing where all is well
  "$tools/kube-score" score --output-format ci --enable-optional-test container-seccomp-profile \
    --enable-optional-test container-ports-check - | grep -vE '^\[(OK|SKIPPED)\]' || true
}

manifests() {
  local -a files=(deploy/kubernetes/*.yaml)
  local file planted out
  all() { for file in "${files[@]}"; do echo '---' && cat "$file"; done; }
  for planted in 's/readOnlyRootFilesystem: true/readOnlyRootFilesystem: false/' 's/runAsUser: 65532/runAsUser: 0/' '/memory: 1Gi/d' 's/path: \/readyz/path: \/healthz/'; do
    out=$(all | sed "$planted" | kube_score)
    [[ -n $out ]] || fail "kube-score walked past a planted mistake: $planted"
  done
  out=$(all | kube_score)
  [[ -z $out ]] || fail "$out"
  echo "kube-score: nothing against ${#files[@]} files of deploy/kubernetes, and it sees what was planted"
}

planted_mistakes
manifests
modules
vulnerabilities
secrets
