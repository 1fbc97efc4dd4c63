# make test   everything that CI checks
# make test-windows   the part of it that runs keyconv.exe and its tests in wine
# make fuzz   each fuzz target FUZZTIME times
# make bench  the figures of the README
# make release VERSION=v1.2.3   the files of a release, into dist (docs/release.md)

# Counts, not durations: when a duration ends, Go 1.26 can fail with "context deadline
# exceeded" though nothing was found (go.dev/issue/75804).
FUZZTIME ?= 1000000x
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
PLATFORMS = windows/amd64 windows/arm64 windows/386 darwin/amd64 darwin/arm64 \
	linux/amd64 linux/arm64 linux/386 freebsd/amd64

.PHONY: test tools format vet tidy cross unit test-windows fuzz fuzz-short bench release release-check

test: tools format vet tidy cross unit test-windows fuzz-short

tools:
	./scripts/install-tools.sh

format:
	@files=$$(gofmt -l .); if [ -n "$$files" ]; then echo "not formatted: $$files"; exit 1; fi

vet:
	go vet ./...
	GOOS=windows go vet ./...
	GOOS=darwin go vet ./...
	GOOS=freebsd go vet ./...
	go run $(STATICCHECK) ./...

tidy:
	go mod tidy -diff
	go mod verify

cross:
	@for p in $(PLATFORMS); do \
		echo "build $$p"; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} go build -o /dev/null ./... || exit 1; \
	done

# A test that misses a program fails here, where plain "go test" skips it by name. The
# race detector slows arithmetic down so much that the largest loops run without it.
unit:
	KEYCONV_REQUIRE_TOOLS=1 go test -timeout 20m ./...
	KEYCONV_REQUIRE_TOOLS=1 go test -race -timeout 40m ./...

test-windows:
	./scripts/test-windows.sh

fuzz-short:
	FUZZTIME=20000x ./scripts/fuzz.sh

fuzz:
	KEEP=1 FUZZTIME=$(FUZZTIME) ./scripts/fuzz.sh

bench:
	go test -run '^$$' -bench . -benchmem ./ppk ./pemkey ./cmd/keyconv

# TARGETS="linux/amd64 windows/386" makes a part of it, ALLOW_DIRTY=1 the last commit
# though the working tree differs from it.
release:
	go run ./scripts/release -version "$(VERSION)" $(if $(TARGETS),-targets "$(TARGETS)") $(if $(ALLOW_DIRTY),-allow-dirty)

# A part of "unit": two releases from different folders are the same, and hold what
# they should.
release-check:
	KEYCONV_REQUIRE_TOOLS=1 go test -count=1 -timeout 10m ./scripts/release
