package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

const signatureName = checksumsName + ".sig"

// signNamespace is what ssh-keygen calls the signature of a file (its -n).
const signNamespace = "file"

// sign writes the signature of the checksums of a release beside them, once all files are
// what the checksums say and ssh-keygen has taken the signature as a reader will.
func sign(ctx context.Context, dist, key, signersFile string, now time.Time) error {
	if err := checkSums(dist); err != nil {
		return err
	}
	public, err := publicOf(key)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(signersFile)
	if err != nil {
		return err
	}
	signers, err := parseSigners(text)
	if err != nil {
		return err
	}
	if err := checkSigner(signers, public, now); err != nil {
		return err
	}
	folder, err := os.MkdirTemp(dist, ".sign-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	sums, err := os.ReadFile(filepath.Join(dist, checksumsName))
	if err != nil {
		return err
	}
	made := filepath.Join(folder, checksumsName)
	if err := os.WriteFile(made, sums, modeFile); err != nil {
		return err
	}
	if err := sshKeygen(ctx, nil, "-Y", "sign", "-n", signNamespace, "-f", key, made); err != nil {
		return err
	}
	made += ".sig"
	if err := sshKeygen(ctx, sums, "-Y", "verify", "-n", signNamespace, "-f", signersFile, "-I", signerName, "-s", made); err != nil {
		return err
	}
	return os.Rename(made, filepath.Join(dist, signatureName))
}

// sshKeygen runs ssh-keygen, which asks on the terminal for a passphrase or for the touch of
// a security key.
func sshKeygen(ctx context.Context, stdin []byte, args ...string) error {
	cmd := exec.CommandContext(ctx, "ssh-keygen", args...)
	cmd.Stdin = os.Stdin
	if stdin != nil {
		cmd.Stdin = bytes.NewReader(stdin)
	}
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, strings.TrimSpace(out.String()))
	}
	return nil
}

// checkSums wants each file of a release to be what its checksum says. All except the
// checksums, their signature and the manifests have one.
func checkSums(dist string) error {
	files, err := allSummedFiles(dist)
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(dist)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if name := entry.Name(); files[name] == nil && !isUnsummed(name) {
			return fmt.Errorf("%s has no checksum", name)
		}
	}
	return nil
}

// allSummedFiles returns the files that checksums.txt lists, none of which may be missing.
func allSummedFiles(folder string) (map[string][]byte, error) {
	files, absent, err := summedFiles(folder)
	if err == nil && len(absent) > 0 {
		err = fmt.Errorf("%s is missing in %s", absent[0], folder)
	}
	return files, err
}

// summedFiles returns the files that checksums.txt lists, each as it says, and the names of
// those that are not there.
func summedFiles(folder string) (files map[string][]byte, absent []string, err error) {
	tree := os.DirFS(folder)
	text, err := fs.ReadFile(tree, checksumsName)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", folder, err)
	}
	sums, err := parseSums(text)
	if err != nil {
		return nil, nil, err
	}
	files = map[string][]byte{}
	for name, sum := range sums {
		data, err := fs.ReadFile(tree, name)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			absent = append(absent, name)
		case err != nil:
			return nil, nil, err
		case sumOf(file{data: data}) != sum:
			return nil, nil, fmt.Errorf("%s is not the file of %s", filepath.Join(folder, name), checksumsName)
		default:
			files[name] = data
		}
	}
	return files, absent, nil
}

// parseSums reads the form of sha256sum: sums by the names of files.
func parseSums(text []byte) (map[string]string, error) {
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		sum, name, found := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !found || len(sum) != 64 || !fs.ValidPath(name) || strings.Contains(name, "/") || sums[name] != "" {
			return nil, fmt.Errorf("%s: the line %q is not a checksum and a name", checksumsName, line)
		}
		sums[name] = sum
	}
	return sums, nil
}
