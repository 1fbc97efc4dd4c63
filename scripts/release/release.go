package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const checksumsName = "checksums.txt"

// release makes all files of a release. It replaces the output at the very end, so a
// failure leaves the earlier release in place.
func release(ctx context.Context, opts options) error {
	if err := checkOutput(opts.output, opts.version); err != nil {
		return err
	}
	if opts.authenticode != nil {
		if err := opts.authenticode.check(time.Now()); err != nil {
			return err
		}
	}
	temporary, err := os.MkdirTemp("", "keyconv-release-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	s, err := takeSource(ctx, opts, filepath.Join(temporary, "source"))
	if err != nil {
		return err
	}
	fmt.Fprintf(opts.log, "release %s from commit %s of %s\n", opts.version.Tag(), s.commit, s.date.Format("2006-01-02 15:04:05 UTC"))
	files, err := releaseFiles(ctx, opts, s)
	if err != nil {
		return err
	}
	return writeOutput(opts, files)
}

// releaseFiles returns all files, by their names in the output.
func releaseFiles(ctx context.Context, opts options, s source) ([]file, error) {
	archive, err := s.archive(opts.version) // before building adds files to the source
	if err != nil {
		return nil, err
	}
	modules, err := s.modules(ctx, opts.targets)
	if err != nil {
		return nil, err
	}
	documents, err := s.documents()
	if err != nil {
		return nil, err
	}
	if err := checkChangelog(opts, documents); err != nil {
		return nil, err
	}
	documents = append(documents, file{thirdPartyName, modeFile, thirdPartyText(modules)})
	files := []file{archive}
	var archives []published
	for _, t := range opts.targets {
		fmt.Fprintln(opts.log, "build", t)
		packed, err := s.pack(ctx, t, opts, documents)
		if err != nil {
			return nil, err
		}
		files = append(files, packed...)
		archives = append(archives, newPublished(t, opts.version, sumOf(packed[0])))
	}
	others, err := s.others(ctx, opts, modules)
	if err != nil {
		return nil, err
	}
	files = append(files, others...)
	files = append(files, file{checksumsName, modeFile, checksums(files)})
	if opts.version.stage != "" { // package managers take no pre-releases
		return files, nil
	}
	filled, err := manifestFiles(newManifestData(opts.version, s.date, archives))
	return append(files, filled...), err
}

// others returns the files that are there once, for all platforms.
func (s source) others(ctx context.Context, opts options, modules []module) ([]file, error) {
	sbom, err := sbomBytes(opts.version, s, modules)
	if err != nil {
		return nil, err
	}
	page, err := s.page(ctx, opts)
	if err != nil {
		return nil, err
	}
	signers, err := os.ReadFile(filepath.Join(s.folder, signersName))
	if err != nil {
		return nil, err
	}
	scripts, err := installerFiles(opts.version, signers)
	if err != nil {
		return nil, err
	}
	// The page is of the same libraries, whose terms a copy has to carry.
	terms := file{thirdPartyName, modeFile, thirdPartyText(modules)}
	return append(scripts, file{sbomName(opts.version), modeFile, sbom}, page, terms), nil
}

func sumOf(f file) string {
	sum := sha256.Sum256(f.data)
	return hex.EncodeToString(sum[:])
}

// checksums returns the sums in the form of sha256sum.
func checksums(files []file) []byte {
	var text strings.Builder
	for _, f := range sorted(files) {
		fmt.Fprintf(&text, "%s  %s\n", sumOf(f), f.name)
	}
	return []byte(text.String())
}
