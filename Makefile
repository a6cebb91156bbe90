# Hajir. `make run` serves on 127.0.0.1:8080; `make test` runs everything.
# Needed by hand: Go, Node with npm, a C compiler and make.

# nodynamic: decode HEIC in the sandbox always, never with a library of the machine.
export GOFLAGS := $(GOFLAGS) -tags=nodynamic

GOLANGCI    := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
CHROMIUM    ?= $(firstword $(shell command -v chromium chromium-browser google-chrome 2>/dev/null))
DATA        ?= data
LISTEN      ?= 127.0.0.1:8080
VERSION     ?= $(patsubst v%,%,$(shell git describe --tags --always))
NPM_CI      := npm ci --no-audit --no-fund --ignore-scripts

.DEFAULT_GOAL := run

help: ## what there is to make
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | expand -t 16

.PHONY: help run build models site standins test-aws api vuln sbom snapshot release release-feed archive test lint test-go test-race test-kill test-site test-browser chromium bench bench-faces fuzz clean bench-load bench-soak bench-growth test-crash test-lambda standins-s3

run: build ## install, build, and serve
	./bin/hajir --data $(DATA) serve --listen $(LISTEN)

build: models site ## the program, one file: bin/hajir
	go build -trimpath -o bin/hajir ./cmd/hajir

models: models/node_modules/.package-lock.json ## weights and runtime, checked and prepared into models/dist
	go run ./models/prepare

models/node_modules/.package-lock.json: models/package-lock.json
	cd models && $(NPM_CI)

site: web/dist/index.html ## the pages, into web/dist

WEB_SOURCES := $(shell find web/src web/build web/public web/index.html web/*.json web/*.ts -type f 2>/dev/null)
web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	cd web && npm run build

web/node_modules/.package-lock.json: web/package-lock.json
	cd web && $(NPM_CI)

JAVA := $(shell command -v java 2>/dev/null)

standins: deploy/standins/node_modules/.package-lock.json ## what stands in for DynamoDB and SES in tests, into deploy/standins
ifeq ($(JAVA),)
	@echo "Java is missing, so the store on DynamoDB is NOT TESTED: install it (Debian: sudo apt-get install openjdk-17-jre-headless)"
endif

deploy/standins/node_modules/.package-lock.json: deploy/standins/package-lock.json
	cd deploy/standins && $(NPM_CI)

VERSITYGW_VERSION := v1.8.0
standins-s3: bin/versitygw ## what stands in for S3 in tests
bin/versitygw:
	GOFLAGS= GOBIN=$(CURDIR)/bin go install github.com/versity/versitygw/cmd/versitygw@$(VERSITYGW_VERSION)

api: models ## the OpenAPI document and the site's client, after a change of operations
	go run ./cmd/hajir openapi > api/openapi.json
	cd web && npm run generate

vuln: models web/node_modules/.package-lock.json ## known vulnerabilities of dependencies; asks databases on the network
	.ci/vuln

GORELEASER_VERSION := v2.16.0
GORELEASER  := env GOFLAGS= go run github.com/goreleaser/goreleaser/v2@$(GORELEASER_VERSION)
CYCLONE_GO  := env GOFLAGS= go run github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0
# Its optional parts are built by scripts, and not needed.
CYCLONE_NPM := npm_config_ignore_scripts=true npx --yes @cyclonedx/cyclonedx-npm@6.0.1 --package-lock-only --omit dev --flatten-components --output-reproducible

sbom: models site ## what Hajir is made of, as CycloneDX, into sbom/
	@mkdir -p sbom
	$(CYCLONE_GO) app -json -licenses -std -main cmd/hajir -output sbom/hajir-go.cdx.json .
	cd web && $(CYCLONE_NPM) --output-file ../sbom/hajir-site.cdx.json
	cd models && $(CYCLONE_NPM) --output-file ../sbom/hajir-models.cdx.json
	go run ./cmd/hajir-release sbom

snapshot: ## archives and Debian packages for Linux of what is here, unsigned, into dist/
	$(GORELEASER) release --snapshot --clean --parallelism 1 --skip sign

release: ## archives and packages of the tag, signed with HAJIR_RELEASE_KEY_FILE, as a draft; see docs/releasing.md
	@go run ./cmd/hajir-release contact
	@test -n "$$HAJIR_RELEASE_KEY_FILE" || { echo "HAJIR_RELEASE_KEY_FILE must name the private key"; exit 1; }
	$(GORELEASER) release --clean --parallelism 1

RELEASES    ?= deploy/releases.json
release-feed: ## the signed feed that hajir update --check reads: make release-feed RELEASES=… FEED=…
	go run ./cmd/hajir-release feed --releases $(RELEASES) --out $(FEED)

# On macOS, where the archive of macOS is made: cgo cannot be cross-compiled to
# it without Apple's SDK.
PLATFORM     = $$(go env GOOS)_$$(go env GOARCH)
archive: build sbom ## this machine's own archive, into dist-macos/
	@mkdir -p dist-macos
	go run ./cmd/hajir-release carries --platform $$(go env GOOS)/$$(go env GOARCH) bin/hajir
	name=hajir_$(VERSION)_$(PLATFORM); rm -rf bin/$$name && mkdir -p bin/$$name/docs bin/$$name/sbom \
		&& cp bin/hajir LICENSE NOTICE CHANGELOG.md SECURITY.md bin/$$name \
		&& cp docs/install.md docs/operating.md docs/backup.md docs/security.md bin/$$name/docs && cp sbom/*.cdx.json bin/$$name/sbom \
		&& tar -C bin -czf dist-macos/$$name.tar.gz $$name && rm -r bin/$$name

# The Go tests end with one long package, which leaves a core to the linters.
test: ## everything
	$(MAKE) -j2 --output-sync=line lint test-go
	$(MAKE) test-site test-browser

lint: models site ## both linters and the type check
	$(GOLANGCI) run ./...
	cd web && npm run lint && npm run check

# The race detector makes these several times slower: the program, pixels, and
# what compiles the program. Of the faces it watches what many threads do;
# test-race watches all of it.
SLOW         = /(cmd/hajir|cmd/hajir-release|internal/imaging|internal/faces/onnx|internal/faces/rekognition)$$
RACES        = Gallery|Sketches|Index|Waiting|Closed|TestRecognizer/concurrent
test-go: models site standins ## Go tests, most of them with the race detector
	go test -race -timeout 30m $$(go list ./... | grep -v -E '$(SLOW)')
	go test -race -timeout 30m ./internal/faces/onnx -run '$(RACES)'
	go test -timeout 30m $$(go list ./... | grep -E '$(SLOW)')

test-race: models site ## the rest of them with the race detector
	go test -race -timeout 60m $$(go list ./... | grep -E '$(SLOW)')

AWS_CHECKS ?= 200
test-aws: standins standins-s3 ## the adapters for AWS against what stands in for it, which must be there; AWS_CHECKS cases of the comparison with SQLite
	HAJIR_STANDINS=1 go test -count=1 ./internal/objects/... ./internal/mail/ses/... ./internal/faces/rekognition/... ./internal/lambdaapi/...
	HAJIR_STANDINS=1 go test ./internal/store/dynamodb -rapid.checks=$(AWS_CHECKS) -timeout 30m

test-lambda: models ## the program's tests again, with each request as an event of API Gateway
	HAJIR_TEST_THROUGH=lambda go test -timeout 30m ./cmd/hajir

KILL_EVENTS ?= 1000
test-kill: models ## the proof that no event is lost: KILL_EVENTS events, the program killed again and again
	HAJIR_KILL_EVENTS=$(KILL_EVENTS) go test ./cmd/hajir -run TestKilledProgramDeliversEveryEvent -v -timeout 30m

CRASH_TIMEOUT ?= 4h
KILLS       ?= 1000
test-crash: models ## the proof that no write is lost: the program killed KILLS times in mixed writes, and a journal that lost its end
	HAJIR_CRASH_KILLS=$(KILLS) go test ./cmd/hajir -run 'TestKilledProgramKeepsEveryWrite|TestTruncatedJournal' -v -timeout $(CRASH_TIMEOUT)

test-site: web/node_modules/.package-lock.json
	cd web && npm test

test-browser: build chromium ## the site in Chromium with a false camera
	cd web && CHROMIUM="$(CHROMIUM)" npm run e2e

chromium: # installs it where that is possible without asking
ifeq ($(CHROMIUM),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	else echo "Chromium is missing, so the browser tests are SKIPPED: install it (Debian: sudo apt-get install chromium)"; fi
endif

bench: models ## Go benchmarks
	go test -run '^$$' -bench . -benchmem ./...

bench-faces: build ## accuracy and speed: make bench-faces DIR=a folder like Labeled Faces in the Wild
	./bin/hajir bench faces $(DIR)

# PICTURE: a JPEG of a face, for check-ins. SECONDS_EACH and SOAK are in seconds.
bench-load: build ## the program under load: npm loadtest, ab and wrk; PICTURE=face.jpg for check-ins
	PICTURE="$(PICTURE)" .ci/bench-load load

bench-soak: build ## an even load for SOAK seconds (1800): memory, goroutines and files, which stay as they are
	.ci/bench-load soak

GROWTH ?= 10000,1000000,10000000
bench-growth: ## what reads and saves cost beside so many days of records: GROWTH=10000,1000000,10000000
	HAJIR_GROWTH=$(GROWTH) go test ./internal/store/sqlite -run TestGrowth -v -timeout 3h

FUZZTIME ?= 30s
fuzz: models ## every fuzz test for FUZZTIME
	@for p in $$(go list ./...); do for f in $$(go test -list '^Fuzz' $$p | grep '^Fuzz'); do \
		go test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; done; done

clean:
	rm -rf bin dist dist-macos sbom models/node_modules web/node_modules deploy/standins/node_modules
	find models/dist web/dist -mindepth 1 ! -name README.md -delete
