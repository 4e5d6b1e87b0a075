# Everything is built with the tag libvirt_dlopen: libvirt is opened at run
# time, so neither its headers nor the library are needed to build.
TAGS    := libvirt_dlopen
GO      ?= go
export GO
# The toolchain that go.mod names, with its security patches; this machine's own
# where that one cannot be had.
GOTOOLCHAIN ?= $(shell GOTOOLCHAIN=auto $(GO) version >/dev/null 2>&1 && echo auto || echo local)
export GOTOOLCHAIN
# Everything is compiled as for the package, position-independent, so that what one
# target has built serves the others. The race detector cannot have it so.
GOFLAGS ?= -trimpath -buildmode=pie
export GOFLAGS
SEED    ?= 1
POLICY  ?= agility
HOSTS   ?= 8
GUESTS  ?= 40
N       ?= 100

FUZZTIME ?= 30s

.DEFAULT_GOAL := build
.PHONY: help build demo test unit race vet lint fmt golden fuzz cover vuln verify prove deb rpm image install vsix release lab lab-chaos lab-guests lab-podman lab-zones lab-bench results bench clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## bin/parley
	$(GO) build -tags $(TAGS) -o bin/parley ./cmd/parley

demo: ## eight hosts in one process negotiate until the load is even
	$(GO) run -tags $(TAGS) ./cmd/parley demo --policy $(POLICY) --hosts $(HOSTS) --guests $(GUESTS) --seed $(SEED)

test: ## everything: vet, lint, unit, story, race and script tests, vulnerabilities, and the laboratory when root on Linux
	./.ci/test

unit: ## the quick checks
	$(GO) test -tags $(TAGS) -short ./...

race: ## the quick checks with the race detector
	$(GO) test -tags $(TAGS) -race -buildmode=exe -short ./...

# Of a package with cgo, -trimpath lets the build cache of another checkout serve this
# one, and vet would look there for the sources: a flag that names this checkout keeps
# the two apart.
vet: ## go vet; without the tag only what has other files then
	$(GO) vet -tags $(TAGS) $(foreach package,hostagent/libvirt packaging/editors/tree-sitter/src,-gcflags=parley/$(package)=-I=$(CURDIR)) ./...
	$(GO) vet $$($(GO) list -e -f '{{if .IgnoredGoFiles}}{{.ImportPath}}{{end}}' ./...)
	$(GO) -C packaging/tools vet ./...

lint: ## gofmt, staticcheck (staticcheck.conf), ineffassign, errcheck (errcheck.txt) and unparam
	@test -z "$$(gofmt -l . | tee -a /dev/stderr)" || { echo "run gofmt -w on the files above"; exit 1; }
	$(GO) tool staticcheck -tags $(TAGS) ./...
	$(GO) tool ineffassign ./...
	$(GO) tool errcheck -tags $(TAGS) -ignoretests -exclude errcheck.txt ./...
	GOFLAGS="$(GOFLAGS) -tags=$(TAGS)" $(GO) tool unparam ./...

fmt: ## gofmt
	gofmt -w .

golden: ## writes what comes out into testdata: read the difference before you commit it
	$(GO) test -tags $(TAGS) $$(grep -rlE 'cockroachdb/datadriven|flag.Bool\("rewrite"' --include=*_test.go . | xargs -n1 dirname | sort -u) -rewrite

fuzz: ## each fuzz target for FUZZTIME
	@grep -roE '^func Fuzz[A-Za-z]+' --include=*_test.go . | sort | while IFS=: read -r file target; do \
	  $(GO) test -tags $(TAGS) -run '^$$' -fuzz "^$${target#func }$$" -fuzztime $(FUZZTIME) "./$$(dirname "$$file")" || exit 1; done

cover: ## how much of each package the quick checks reach (build/cover.out)
	@mkdir -p build
	$(GO) test -tags $(TAGS) -short -coverprofile build/cover.out ./...
	$(GO) tool cover -func build/cover.out | tail -1

vuln: ## known vulnerabilities in the code that is reached, by Go's database
	./.ci/vuln

verify: ## all states of the deal, in Spin (docs/model)
	./docs/model/verify.sh

prove: ## explores what the shipped policies do on small sites, some minutes (docs/prove.md)
	PARLEY_PROVE=1 $(GO) test -tags $(TAGS) -count=1 -v -run 'TestShippedPolicies|TestPlanted' -timeout 60m ./sim/prove

deb: ## dist/parley_VERSION_ARCH.deb
	./packaging/package.sh deb

rpm: ## dist/parley-VERSION.ARCH.rpm
	./packaging/package.sh rpm

image: ## dist/parley-sim.oci.tar, an OCI image of checker and simulator
	./packaging/image.sh

install: ## the command, its pages, completions and units, under PREFIX (/usr/local) and DESTDIR
	./packaging/install.sh

vsix: ## dist/parley-lcc.vsix, the extension for VS Code (node, npm)
	./packaging/editors/vscode.sh

release: ## all packages of the tag that this commit has, with SHA256SUMS
	./packaging/release.sh

lab: ## real hypervisors and guests on this machine (root)
	$(GO) run -tags $(TAGS) ./examples/lab

lab-chaos: ## kill agents, libvirts, QEMUs and the network in the middle of N moves of VMs, containers and processes (root)
	$(GO) run -tags $(TAGS) ./examples/lab -chaos $(N) -seed $(SEED)

lab-guests: ## containers that move with their connections, trouble at each stage, and a kill of each sort in moves of all kinds (root)
	$(GO) run -tags $(TAGS) ./examples/guests
	$(GO) run -tags $(TAGS) ./examples/lab -chaos 12 -seed $(SEED)
	PARLEY_LAB=1 $(GO) test -tags $(TAGS) -count=1 -v -run TestPlatform ./examples/guests

lab-podman: ## a container of podman that moves with its connections, and trouble at each stage (root)
	$(GO) run -tags $(TAGS) ./examples/guests -podman
	PARLEY_LAB=1 $(GO) test -tags $(TAGS) -count=1 -v -run TestPodmanPlatform ./examples/guests

lab-zones: ## five hosts, 100 zone servers, and clients who walk while sender_initiated keeps the load even (root)
	$(GO) run -tags $(TAGS) ./examples/zones

lab-bench: ## moves through deals against virsh migrate, and against runc, podman and criu by hand (root)
	$(GO) run -tags $(TAGS) ./examples/lab -bench 12
	$(GO) run -tags $(TAGS) ./examples/guests -bench 5

results: ## docs/results.md and its charts: the experiments, all policies, the aims (PARLEY_DATA: PlanetLab's day)
	$(GO) run -tags $(TAGS) ./examples/results

bench: ## benchmarks, the engine against hand-written machines and Erlang, and sites of 100, 300 and 1,000 peers
	$(GO) test -tags $(TAGS) -run '^$$' -bench . -benchmem -timeout 60m ./...
	$(GO) run -tags $(TAGS) ./examples/speed
	$(GO) run -tags $(TAGS) ./examples/scale
	PARLEY_SCALE=300,1000 $(GO) test -tags $(TAGS) -run TestScaleSimulated -v -timeout 60m ./peer/libp2p

clean: ## removes what was built
	rm -rf bin build dist
