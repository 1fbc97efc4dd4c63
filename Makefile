# make test   format, vet and every test
# make jobs   what CI runs after it: other platforms, 32 bits, a release, browsers, wine, fuzzing
# make quick   format, vet, and the short tests of the library: 30 s
# make test-windows   the job that runs keyconv.exe and its tests in wine
# make fuzz   each fuzz target FUZZTIME times, then the long run of test/hostile: an hour
# make bench  ratios to other programs, and whether they miss a goal of docs/performance.md
# make page       keyconv.html, which runs in a browser (docs/page.md); make npm: the package for npm
# make page-test  the job that runs both in browsers and Node.js
# make release VERSION=v1.2.3   the files of a release, into dist (docs/release.md)

# Counts, not durations: when a duration ends, Go 1.26 can fail with "context deadline
# exceeded" though nothing was found (go.dev/issue/75804).
FUZZTIME ?= 1000000x
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
# All that is released (scripts/release/target.go).
PLATFORMS = windows/amd64 windows/arm64 windows/386 darwin/amd64 darwin/arm64 \
	linux/amd64 linux/arm64 linux/386 linux/arm freebsd/amd64 freebsd/arm64
# The packages that other programs import, and all below them.
LIBRARY = . ./internal/engine ./keyfile ./internal/rawkey ./sshkey ./ppk ./pemkey ./p12key ./ssh1key ./jkskey ./jwkkey ./dropbearkey ./mskey
# The packages with goroutines that their tests start, which run under the race detector too, but
# for the tests in NOT_RACE: what they do is done by one goroutine, at length. Of the tests of
# the whole command those of many inputs, signals and agents. TestGoroutinesAreRaced has what
# covers each goroutine.
RACE = ./internal/agentconn ./internal/batch ./internal/cli ./internal/passphrase ./internal/unlock ./internal/window
NOT_RACE = ^TestSecretInPlaceOfAnyName$$ ^TestPlainWords$$ ^TestCommandsInHints$$ ^TestPrivateLineInPlaceOfAHeader$$ \
	^TestOutputIsAFileOfTheRun$$ ^TestOtherKeysAreKept$$ ^TestPassphraseInPlaceOfItsName$$ \
	^TestSpellingsStayInTheBudget$$ ^TestNewKey$$ ^TestNewKeyWithSixWords$$ ^TestSixWords$$ \
	^TestSetChangeAndRemoveAPassphrase$$ ^TestPassphrases$$
RACE_TESTS = ^TestScripts$$/^(batch|codepages|continue|folders|passphrases|prompts|same|several)$$ \
	^TestThousandGoodAndEveryBad$$ ^TestFewDescriptors$$ ^TestPromptsInTurn$$ ^TestReaderGoes$$ ^TestHangUp$$ \
	^TestFullStandardOutput$$ ^TestSecretNumbersDoNotWait$$ ^TestInterruptedAtAPipe$$ \
	^TestDeadAgentDoesNotHang$$ ^TestAgentThatGoesAway$$ ^TestSignals$$ ^TestSignalsAtRandom$$ \
	^TestCtrlCAtThePrompt$$ ^TestFirstOfSeveralStays$$ ^TestInterruptedReport$$
# Caches are shared with the release, which is built so.
export GOFLAGS ?= -trimpath
space := $(subst ,, )

.PHONY: test jobs quick tools format vet tidy platforms unit race test-386 test-windows fuzz fuzz-short bench release release-check page npm page-test

test: tools format vet tidy unit race

# Those of the page and of Windows install what they need besides.
jobs: tools platforms test-386 release-check page-test test-windows fuzz-short

quick: format
	go vet ./...
	go test -short $(LIBRARY)

tools:
	./scripts/install-tools.sh

format:
	@files=$$(gofmt -l .); if [ -n "$$files" ]; then echo "not formatted: $$files"; exit 1; fi

vet:
	go vet ./...
	go run $(STATICCHECK) ./...

# All packages and their tests, for each system and for an int of 32 bits (no file is for an
# architecture alone, which TestMakeTestsAll holds), and what is released for each platform.
platforms:
	GOOS=windows go vet ./...
	GOOS=darwin go vet ./...
	GOOS=freebsd go vet ./...
	GOARCH=386 go vet ./...
	GOOS=js GOARCH=wasm go vet ./web/wasm
	@for p in $(PLATFORMS); do \
		echo "build $$p"; \
		CGO_ENABLED=0 GOOS=$${p%/*} GOARCH=$${p#*/} go build -o /dev/null $(LIBRARY) ./cmd/keyconv || exit 1; \
	done
	GOOS=js GOARCH=wasm go build -o /dev/null $(LIBRARY) ./internal/convert ./web/wasm

tidy:
	go mod tidy -diff
	go mod verify

# A test that misses a program fails here, where plain "go test" skips it by name.
unit:
	KEYCONV_REQUIRE_TOOLS=1 go test -timeout 20m ./...

# Where no goroutine is, the race detector finds nothing and takes its time. The library
# has none, but its users may: TestConcurrentUse of each package is for them. "go vet" has
# seen all of it, and no program waits a second at its end.
race: export GORACE = atexit_sleep_ms=0
race:
	go test -race -vet=off -run Concurrent $(LIBRARY)
	KEYCONV_REQUIRE_TOOLS=1 go test -race -vet=off -short -timeout 20m -skip '$(subst $(space),|,$(strip $(NOT_RACE)))' $(RACE)
	KEYCONV_REQUIRE_TOOLS=1 go test -race -vet=off -short -timeout 20m -run '$(subst $(space),|,$(strip $(RACE_TESTS)))' \
		./cmd/keyconv ./test/e2e ./test/faults

# What has no size of int in it, and takes most of the time: what a text is made of, what
# other programs say of it, derivations at their full cost, searches for primes, which files
# a command may replace, and what is read of the code. "unit" has all of that.
NOT_386 = ^TestMend ^TestVerdict ^TestRepairedOrLegal$$ ^TestDamageMatrix$$ \
	^TestOpenSSLReads ^TestSSHKeygenReads ^TestPuttygenReads ^TestReadOpenSSL$$ ^TestReadSSHKeygen ^TestReadPuttygen$$ \
	^TestRandomKeysWithPrograms$$ ^TestWeWriteWhatPuttygenWrites$$ ^TestEncryptedAsPuttygenWrites$$ \
	^TestOptions$$ ^TestKeptOptionsAreWritten$$ ^TestKDFDefaultsAreWritten$$ ^TestDefaultsHaveNoFindings$$ \
	^TestWeakPrimes$$ ^TestFindingsOfGoodRSA$$ ^TestGenerate$$ ^TestNewKey ^TestSixWords$$ ^ExampleWrite$$ \
	^TestFindingsChangeNothing$$ ^TestFindingsOfFiles$$ ^TestKeyTypesHaveFewRooms$$ ^TestFingerprintsAsConsoles$$ \
	^TestTakesIsWhatWriteDoes$$ ^TestUploadOfUsualFiles$$ ^TestSetChangeAndRemoveAPassphrase$$ ^TestPassphrases$$ \
	^TestSecretInPlaceOfAnyName$$ ^TestPlainWords$$ ^TestCommandsInHints$$ ^TestPrivateLineInPlaceOfAHeader$$ ^TestMakeTestsAll$$ \
	^TestOutputIsAFileOfTheRun$$ ^TestNoCommandToCI$$ ^TestPassphraseInPlaceOfItsName$$ ^TestRaceForAFolder$$ \
	^TestTypesAreWritten$$ ^TestTypesAreComplete$$ ^TestAsPuttygen$$ ^TestCertificatesAsPuttygen$$ ^TestFilesOfPuttygen$$ ^TestJudge$$

# int has 32 bits on three of the platforms of a release.
test-386:
	GOARCH=386 CGO_ENABLED=0 go test -vet=off -short -timeout 20m -skip '$(subst $(space),|,$(strip $(NOT_386)))' $(LIBRARY) ./internal/...

test-windows:
	./scripts/test-windows.sh

fuzz-short:
	FUZZTIME=2000x ./scripts/fuzz.sh

fuzz:
	KEEP=1 FUZZTIME=$(FUZZTIME) ./scripts/fuzz.sh
	KEYCONV_HOSTILE=long KEYCONV_REQUIRE_TOOLS=1 go test -count=1 -timeout 4h -v ./test/hostile

bench:
	go run ./scripts/bench

# What the caller gives is data: "value" does not expand it, neither make nor a shell reads
# it as code, and make does not expand it again to put it into the environment.
unexport VERSION TARGETS ALLOW_DIRTY
export RELEASE_VERSION := $(value VERSION)
export RELEASE_TARGETS := $(value TARGETS)

# TARGETS="linux/amd64 windows/386" makes a part of it, ALLOW_DIRTY=1 the last commit
# though the working tree differs from it.
release:
	go run ./scripts/release -version "$$RELEASE_VERSION" -targets "$$RELEASE_TARGETS" $(if $(value ALLOW_DIRTY),-allow-dirty)

# Two releases from different folders are the same, and hold what they should. It takes
# minutes of a processor, so "go test" alone leaves it out.
release-check:
	KEYCONV_REQUIRE_TOOLS=1 KEYCONV_TEST_RELEASE=1 go test -count=1 -timeout 10m -run '^TestRelease$$' ./scripts/release

page:
	go run ./scripts/page -o keyconv.html -version "$$RELEASE_VERSION"

# What "npm publish" would take: nothing here publishes it.
npm:
	go run ./scripts/page -npm dist-npm -version "$$RELEASE_VERSION"
	npm pack --pack-destination dist-npm ./dist-npm

page-test:
	./scripts/test-page.sh
