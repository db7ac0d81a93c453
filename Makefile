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

# What `make generate` writes; nobody edits it, except for the bodies in graph/*.resolvers.go.
GENERATED := db/dbgen graph/graphgen 'graph/*.resolvers.go'

##@ Use
.PHONY: run build sbom
run: build ## build, then start everything on this machine, with a sample company
	bin/renkei demo

build: ## bin/renkei, one static binary
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/renkei ./cmd/renkei

sbom: build ## bin/sbom.txt: the modules that bin/renkei is made of
	$(GO) version -m bin/renkei > bin/sbom.txt

##@ Work on it
.PHONY: test bench faults generate fmt
test: ## every test, with a real Postgres and the race detector
	CGO_ENABLED=1 $(GO) test -race -shuffle=on -timeout 25m ./...

bench: ## importing and sweeping against their reference points, as ratios
	$(GO) run ./cmd/bench

faults: ## break things around real processes, and judge: FAULTS=kill,freeze SEEDS=20 SEED=7 SHORT=1 narrow it
	$(GO) run ./cmd/faults -faults '$(FAULTS)' -seeds $(or $(SEEDS),1) -seed $(or $(SEED),0) $(if $(SHORT),-short) $(if $(TABLE),-markdown $(TABLE))

generate: $(TOOLS)/sqlc $(TOOLS)/gqlgen ## write db/dbgen from the SQL, graph/graphgen from the schema
	$(TOOLS)/sqlc generate
	$(TOOLS)/gqlgen generate

fmt: $(TOOLS)/golangci-lint ## format the Go code
	$(TOOLS)/golangci-lint fmt

##@ Check it
.PHONY: lint lint-go lint-sql lint-schema verify gates image fuzz
lint: lint-go lint-sql lint-schema ## golangci-lint, sqlc vet, the schema's linter and its contract

lint-go: $(TOOLS)/golangci-lint
	$(TOOLS)/golangci-lint run

lint-sql: $(TOOLS)/sqlc
	$(TOOLS)/sqlc vet

# Without npm the schema goes unchecked here, with a word about it; CI has npm or fails.
ifneq ($(shell command -v npm),)
lint-schema: $(SCHEMA_LINT)/node_modules/.package-lock.json
	$(SCHEMA_LINT)/node_modules/.bin/eslint --config $(SCHEMA_LINT)/eslint.config.js --max-warnings 0 graph/schema
	node $(SCHEMA_LINT)/contract.js graph/contract.graphqls graph/schema
else
lint-schema:
	@echo 'lint-schema: npm is not installed (Debian: apt-get install npm), so graph/schema is NOT checked' >&2
	@test -z "$${CI:-}"
endif

verify: ## fail when the generated code that is committed is not what `make generate` writes
	@rm -f db/dbgen/*.go graph/graphgen/*.go # so that what lost its source shows as deleted
	@$(MAKE) --no-print-directory generate
	@git --no-pager diff --exit-code -- $(GENERATED) || \
		{ echo 'verify: the generated code is stale: run `make generate` and commit what it writes' >&2; exit 1; }
	@new=$$(git ls-files --others --exclude-standard -- $(GENERATED)); test -z "$$new" || \
		{ printf 'verify: generated, but not committed:\n%s\n' "$$new" >&2; exit 1; }
	@echo 'verify: the generated code is fresh'

gates: lint-go $(TOOLS)/govulncheck $(TOOLS)/gitleaks $(TOOLS)/kube-score ## golangci-lint, go vet, modules, known vulnerabilities, leaked secrets, Kubernetes manifests
	GO=$(GO) bash tools/gates.sh

image: ## as root: what the Dockerfile builds, run alone on a read-only root, from the first login to /readyz
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

clean: ## delete bin and the schema linter's packages
	rm -rf bin $(SCHEMA_LINT)/node_modules

help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
