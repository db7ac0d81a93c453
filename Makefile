# `make` alone lists what there is to do.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

GO ?= go
FUZZTIME ?= 1m
VERSION := $(or $(shell git describe --tags --always --dirty 2>/dev/null),dev)
TOOLS := bin/tools
SCHEMA_LINT := tools/schema-lint
NPM := $(shell command -v npm)
WEB := web/node_modules/.package-lock.json
CONSOLE := web/dist/console/index.html

# What `make generate` writes; nobody edits it, except for the bodies in graph/*.resolvers.go.
GENERATED := db/dbgen graph/graphgen 'graph/*.resolvers.go' 'web/src/*__generated__/*'

##@ Use
.PHONY: run build console sbom
run: build ## build, then start everything on this machine, with a sample company
	bin/renkei demo

build: console ## bin/renkei, one static binary with the console inside
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/renkei ./cmd/renkei

# Without npm the binary holds a page that says how to build the console.
ifneq ($(NPM),)
console: $(CONSOLE) ## web/dist/console: what the binary hands to browsers

$(CONSOLE): $(WEB) $(shell git ls-files -- web ':!web/e2e' ':!web/*.go' ':!web/dist' 2>/dev/null)
	npm run build --prefix web
else
console:
	@echo 'console: npm is not installed (Node.js 20.19 or newer), so the binary comes WITHOUT its console' >&2
	@test -z "$${CI:-}"
endif

sbom: build ## bin/sbom.txt: the modules that bin/renkei is made of
	$(GO) version -m bin/renkei > bin/sbom.txt

##@ Work on it
.PHONY: test test-go test-web screenshots bench faults figures generate generate-web fmt
test: test-go test-web ## every test, with a real Postgres, the race detector and a real browser

test-go: ## the server's tests
	GO=$(GO) bash tools/test-go.sh

ifneq ($(NPM),)
test-web: console ## the console's tests: alone, and in Chromium against the real program
	npm test --prefix web
	npm run e2e --prefix web

screenshots: console ## docs/screenshots: every page, on a desktop and a phone, in Japanese and English
	npm run screenshots --prefix web

generate-web: $(WEB)
	npm run generate --prefix web --silent

lint-web: $(WEB) ## the console's types and linter
	npm run lint --prefix web
else
test-web screenshots generate-web lint-web:
	@echo '$@: npm is not installed (Node.js 20.19 or newer), so nothing was done for the console' >&2
	@test -z "$${CI:-}"
endif

bench: ## importing and sweeping against their reference points, as ratios
	$(GO) run ./cmd/bench

faults: ## break things around real processes, and judge: FAULTS=kill,freeze SEEDS=20 SEED=7 SHORT=1 narrow it
	$(GO) run ./cmd/faults -faults '$(FAULTS)' -seeds $(or $(SEEDS),1) -seed $(or $(SEED),0) $(if $(SHORT),-short) $(if $(TABLE),-markdown $(TABLE))

figures: ## an hour on a machine with nothing else to do: 5,000 subscribers, 20 rolling restarts, 10,000 days of the schedule
	$(GO) run ./cmd/bench -flood 10m
	$(GO) test ./cmd/renkei -count 1 -timeout 20m -v -run RollingRestarts -restarts 20
	$(GO) test ./intake -count 1 -timeout 3h -v -run TestScheduleRunsEvery -days 10000

generate: $(TOOLS)/sqlc $(TOOLS)/gqlgen generate-web ## write db/dbgen from the SQL, graph/graphgen and the console's types from the schema
	$(TOOLS)/sqlc generate
	$(TOOLS)/gqlgen generate

fmt: $(TOOLS)/golangci-lint $(WEB) ## format the code
	$(TOOLS)/golangci-lint fmt
	npm run fmt --prefix web

##@ Check it
.PHONY: lint lint-go lint-sql lint-schema lint-web verify gates image fuzz
lint: lint-go lint-sql lint-schema lint-web ## golangci-lint, sqlc vet, the schema's linter and its contract, the console's linters

lint-go: $(TOOLS)/golangci-lint
	$(TOOLS)/golangci-lint run

lint-sql: $(TOOLS)/sqlc
	$(TOOLS)/sqlc vet

# Without npm the schema goes unchecked here, with a word about it; CI has npm or fails.
ifneq ($(NPM),)
lint-schema: $(SCHEMA_LINT)/node_modules/.package-lock.json
	$(SCHEMA_LINT)/node_modules/.bin/eslint --config $(SCHEMA_LINT)/eslint.config.js --max-warnings 0 graph/schema
	node $(SCHEMA_LINT)/contract.js graph/contract.graphqls graph/schema
else
lint-schema:
	@echo 'lint-schema: npm is not installed (Debian: apt-get install npm), so graph/schema is NOT checked' >&2
	@test -z "$${CI:-}"
endif

verify: ## fail when the generated code that is committed is not what `make generate` writes
	@rm -f db/dbgen/*.go graph/graphgen/*.go $$(git ls-files -- 'web/src/*__generated__/*') # so that what lost its source shows as deleted
	@$(MAKE) --no-print-directory generate
	@git --no-pager diff --exit-code -- $(GENERATED) || \
		{ echo 'verify: the generated code is stale: run `make generate` and commit what it writes' >&2; exit 1; }
	@new=$$(git ls-files --others --exclude-standard -- $(GENERATED)); test -z "$$new" || \
		{ printf 'verify: generated, but not committed:\n%s\n' "$$new" >&2; exit 1; }
	@echo 'verify: the generated code is fresh'

gates: $(TOOLS)/golangci-lint $(TOOLS)/govulncheck $(TOOLS)/gitleaks $(TOOLS)/kube-score ## planted mistakes, go vet, modules, known vulnerabilities, leaked secrets, Kubernetes manifests
	GO=$(GO) bash tools/gates.sh

image: console ## as root: what the Dockerfile builds, run alone on a read-only root, from the first login to /readyz
	$(GO) test -tags image -count 1 -timeout 10m ./deploy

fuzz: ## every fuzz target for FUZZTIME (1m), and a table of what they did
	GO=$(GO) FUZZTIME=$(FUZZTIME) bash tools/fuzz.sh

##@ Tools
.PHONY: tools clean help
tools: $(addprefix $(TOOLS)/,sqlc gqlgen golangci-lint govulncheck gitleaks kube-score) ## build the pinned tools of tools/go.mod into bin/tools

$(TOOLS)/sqlc: PKG = github.com/sqlc-dev/sqlc/cmd/sqlc
$(TOOLS)/gqlgen: PKG = github.com/99designs/gqlgen
$(TOOLS)/golangci-lint: PKG = github.com/golangci/golangci-lint/v2/cmd/golangci-lint
$(TOOLS)/govulncheck: PKG = golang.org/x/vuln/cmd/govulncheck
$(TOOLS)/gitleaks: PKG = github.com/zricethezav/gitleaks/v8
$(TOOLS)/kube-score: PKG = github.com/zegl/kube-score/cmd/kube-score
# Built again only when the pins change. Without cgo: sqlc then needs no C compiler.
$(TOOLS)/%: tools/go.sum
	@echo 'building $@ (once; minutes on a new machine)'
	@cd tools && CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -ldflags '-s -w' -o ../$@ $(PKG)
	@touch $@

$(SCHEMA_LINT)/node_modules/.package-lock.json: $(SCHEMA_LINT)/package-lock.json
	npm ci --prefix $(SCHEMA_LINT) --no-progress
	@touch $@

$(WEB): web/package-lock.json
	npm ci --prefix web --no-progress
	@touch $@

clean: ## delete bin, the console's files and npm's packages
	rm -rf bin $(SCHEMA_LINT)/node_modules web/node_modules web/dist/console

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
