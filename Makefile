# STS Playground. `make` lists the targets. Everything a target needs is set up
# by it; where that can't be done, one line says what is missing.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.DEFAULT_GOAL := help

# The same sources give the same program, also where the checkout belongs to
# another user and Go can't ask git about it.
export GOFLAGS := $(GOFLAGS) -buildvcs=false

# One static program, which needs no libraries where it runs.
export CGO_ENABLED := 0

TEMPL   := go run github.com/a-h/templ/cmd/templ@v0.3.977
PROGRAM := bin/stsplayground
MODULES := web/node_modules/.package-lock.json
GOFILES  = $(shell find . -name '*.go' -not -path './web/node_modules/*')

# Packages that the browser runs, and the way to run their tests: Node.js, with
# little of the environment, of which Go's wasm_exec.js takes at most 12 KiB.
WASM_PACKAGES := ./engine/... ./wasm/... ./web/report/... ./web/tools/...
WASM_EXEC      = env -i 'PATH=$(PATH)' 'HOME=$(HOME)' '$(shell go env GOROOT)/lib/wasm/go_js_wasm_exec'

FUZZTIME ?= 20s

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

.PHONY: run
run: tools $(MODULES) ## build everything and serve it on 127.0.0.1:8080
	$(TEMPL) generate -log-level error -path web
	go run ./web/build -quick
	go build -o $(PROGRAM) ./server
	exec $(PROGRAM) serve -addr 127.0.0.1:8080 -data .data

.PHONY: generate
generate: tools $(MODULES) ## make all that is embedded: templates and the page's assets
	$(TEMPL) generate -log-level error -path web
	go run ./web/build

.PHONY: reference
reference: tools $(MODULES) ## make engine/reference/reference.txt from the npm package that has AWS's names
	node web/build/reference.mjs

.PHONY: schema
schema: tools ## make examples/scenario.schema.json from the scenario's Go types
	go run ./examples/schema

.PHONY: build
build: generate ## build bin/stsplayground, assets included
	go build -o $(PROGRAM) ./server

# Each check is a target of its own. All of them run, whatever fails.
CHECKS := check-format check-templates check-vet build size check-go check-wasm check-examples check-page

.PHONY: test
test: tools $(MODULES) chromium samltools exchangetools postgresql ## run every test
	@failed=; \
	for check in $(CHECKS); do \
		echo "== $$check"; \
		$(MAKE) $$check || failed="$$failed $$check"; \
	done; \
	if [ -n "$$failed" ]; then echo "make test: FAILED:$$failed ($$SECONDS s)"; exit 1; fi; \
	echo "make test: passed: $(CHECKS) ($$SECONDS s)"

.PHONY: check-format
check-format:
	@unformatted=$$(gofmt -l $(GOFILES)); \
	if [ -n "$$unformatted" ]; then echo "not formatted; run make fmt:" $$unformatted; exit 1; fi

# Checksums instead of git, so that other changes in the tree don't matter.
.PHONY: check-templates
check-templates:
	@sums() { find web -name '*_templ.go' -not -path '*/node_modules/*' | sort | xargs sha256sum; }; \
	before=$$(sums); \
	$(TEMPL) generate -log-level error -path web; \
	if [ "$$before" != "$$(sums)" ]; then \
		echo "generated templates were not up to date, and now are; commit them:"; \
		diff <(echo "$$before") <(sums) | sed -n 's/^> [0-9a-f]*  /  /p'; exit 1; \
	fi

.PHONY: check-vet
check-vet:
	go vet ./...
	go vet -tags bench ./engine ./engine/iam
	go vet -tags load ./server
	GOOS=js GOARCH=wasm go vet $(WASM_PACKAGES)

.PHONY: check-go
check-go: $(MODULES) samltools exchangetools postgresql
	go test ./...

.PHONY: check-wasm
check-wasm:
	@GOOS=js GOARCH=wasm go test -exec="$(WASM_EXEC)" $(WASM_PACKAGES)

$(PROGRAM):
	$(MAKE) build

.PHONY: check-examples
check-examples: | $(PROGRAM)
	$(PROGRAM) check $(wildcard examples/*.yaml examples/lessons/*/*.yaml examples/workshop/*.yaml)

.PHONY: check-page
check-page: $(MODULES) chromium samltools docstools | $(PROGRAM)
	cd web && npm run --silent types && npm test --silent

.PHONY: accessibility
accessibility: $(MODULES) chromium | $(PROGRAM) ## axe in every view, theme and width; make test has each view once
	cd web && ALL_VIEWS=1 node --test tests/accessibility.test.mjs

# In a folder of its own: a checkout gets no thousand packages.
.PHONY: samples
samples: $(MODULES) chromium docstools | $(PROGRAM) ## build the documentation sites in examples/embeds, and play what is in them; minutes
	@work=$$(mktemp -d); trap 'rm -rf "$$work"' EXIT; \
	cp -r examples/embeds/docusaurus/. "$$work"; cd "$$work"; \
	npm ci --no-progress --no-audit --no-fund --loglevel=error; npm run --silent build; \
	cd '$(CURDIR)/web'; DOCUSAURUS="$$work/build" node --test tests/embeds.test.mjs

.PHONY: lighthouse
lighthouse: $(MODULES) chromium | $(PROGRAM) ## Lighthouse's marks of the start page: at least 95 each, and 90 for speed on a phone
	cd web && node tests/lighthouse.mjs

.PHONY: size
size: tools ## compare what is built with the budgets
	go run ./web/build -size

.PHONY: bench
bench: build chromium ## measure, and fail where a stated ratio or time is exceeded
	go test -tags bench -run '^TestRatios$$' -count=1 -v -p 1 ./engine ./engine/iam ./engine/saml
	cd web && npm run --silent latency

# Reads of shared scenarios beside Go's own file server, a soak, the engine over
# a slow line, and writes to each database. It takes the soak's time and eight minutes.
SOAK ?= 2m

.PHONY: load
load: tools postgresql ## the server under load: reads beside http.FileServer's, writes for 30 s, a soak of SOAK (2m)
	SOAK=$(SOAK) go test -tags load -run 'AsFastAs|DoesNotGrow|SlowLine' -count=1 -v -timeout 2h ./server
	go test -run '^TestLoad$$' -count=1 -v -timeout 30m ./server/store -load=30s

# Either database may be out of reach; then nothing is said of what it knows,
# and the target fails.
.PHONY: audit
audit: tools ## known vulnerabilities in what the program and the page are made of
	@failed=; said=$$(mktemp); trap 'rm -f "$$said"' EXIT; \
	go run golang.org/x/vuln/cmd/govulncheck@v1.9.0 ./... >"$$said" 2>&1 || failed=1; \
	if grep -q '^govulncheck: fetching vulnerabilities' "$$said"; then echo "Go: not checked: the vulnerability database (https://vuln.go.dev) can't be reached"; \
	else cat "$$said"; fi; \
	(cd web && npm audit) >"$$said" 2>&1 || failed=1; \
	if grep -q 'audit endpoint returned an error' "$$said"; then echo "npm: not checked: the registry doesn't answer npm audit"; \
	else cat "$$said"; fi; \
	test -z "$$failed"

.PHONY: crash
crash: postgresql ## kill -9 what stores scenarios, 50 times for each database; nothing acknowledged is lost
	go test -run '^TestNothingAcknowledgedIsLostInACrash$$' -count=1 -v -timeout 60m ./server/store -rounds=50

.PHONY: fuzz
fuzz: tools ## run each fuzz target for FUZZTIME (20s)
	@for package in $$(go list ./engine/...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

.PHONY: fmt
fmt: tools ## format Go and templates
	gofmt -w $(GOFILES)
	$(TEMPL) fmt web/page web/report web/tools

# What a target needs from the machine.

.PHONY: tools
tools:
	@command -v go >/dev/null || { echo "Go is missing: https://go.dev/dl/ (go.mod names the version)" >&2; exit 1; }
	@command -v node >/dev/null || { echo "Node.js is missing: apt-get install nodejs, version 20 or newer" >&2; exit 1; }
	@command -v npm >/dev/null || { echo "npm is missing: apt-get install npm" >&2; exit 1; }

$(MODULES): web/package-lock.json web/package.json
	@cd web && npm ci --no-progress --loglevel=error || { echo "npm ci failed in web/; is the package registry reachable?" >&2; exit 1; }
	@touch $@

.PHONY: chromium
chromium:
	@command -v chromium >/dev/null && exit 0; \
	if [ "$$(id -u)" != 0 ]; then echo "Chromium is missing; as root: apt-get install chromium" >&2; exit 1; fi; \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } \
		|| { echo "Chromium is missing, and apt-get can't install it" >&2; exit 1; }

# Independent software that signs, encrypts and checks SAML, for the tests.
SAML_PACKAGES := xmlsec1 openssl python3-pysaml2

.PHONY: samltools
samltools:
	@command -v xmlsec1 >/dev/null && command -v openssl >/dev/null && /usr/bin/python3 -c 'import saml2' 2>/dev/null && exit 0; \
	if [ "$$(id -u)" != 0 ]; then echo "The SAML tests need $(SAML_PACKAGES); as root: apt-get install $(SAML_PACKAGES)" >&2; exit 1; fi; \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(SAML_PACKAGES) >/dev/null; } \
		|| { echo "$(SAML_PACKAGES) are missing, and apt-get can't install them" >&2; exit 1; }

# The AWS CLI, for which the commands are that the world goes out as. cfn-lint
# is in no Debian package: with `pip install cfn-lint` the tests use it too.
.PHONY: exchangetools
exchangetools:
	@[ -x /usr/bin/aws ] && exit 0; \
	if [ "$$(id -u)" != 0 ]; then echo "The tests of the export need awscli; as root: apt-get install awscli" >&2; exit 1; fi; \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends awscli >/dev/null; } \
		|| { echo "awscli is missing, and apt-get can't install it" >&2; exit 1; }

# The server of PostgreSQL, of which the store's tests start one of their own.
.PHONY: postgresql
postgresql:
	@command -v postgres >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null && exit 0; \
	if [ "$$(id -u)" != 0 ]; then echo "The tests of the store need PostgreSQL; as root: apt-get install postgresql" >&2; exit 1; fi; \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql >/dev/null; } \
		|| { echo "PostgreSQL is missing, and apt-get can't install it" >&2; exit 1; }

# MkDocs builds a sample of documentation in which embeds stand.
.PHONY: docstools
docstools:
	@command -v mkdocs >/dev/null && exit 0; \
	if [ "$$(id -u)" != 0 ]; then echo "The tests of embeds need mkdocs; as root: apt-get install mkdocs" >&2; exit 1; fi; \
	{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mkdocs >/dev/null; } \
		|| { echo "mkdocs is missing, and apt-get can't install it" >&2; exit 1; }
