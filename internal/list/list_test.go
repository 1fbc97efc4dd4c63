package list

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/input"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// folderOf makes a folder with files of testdata.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	keytest.CopyInto(t, dir, files)
	return dir
}

// find is the set of a folder, as the command makes it.
func find(t *testing.T, names ...string) *input.Set {
	t.Helper()
	set, err := input.Query{
		Names: names, Recursive: true, Flat: true, Links: true, MayBeEmpty: true,
		Wanted: func(f engine.Format) bool { return slices.Contains(engine.KnownFormats(), f) },
	}.Find(t.Context())
	require.NoError(t, err)
	return set
}

func run(t *testing.T, j Job, names ...string) *Listing {
	t.Helper()
	l, err := j.Run(t.Context(), find(t, names...))
	require.NoError(t, err)
	return l
}

// get returns the first key of a file of the folder.
func (l *Listing) get(t *testing.T, dir, name string) *Key {
	t.Helper()
	for _, k := range l.Keys {
		if k.Name == filepath.Join(dir, name) {
			return k
		}
	}
	t.Fatalf("%s is not listed", name)
	return nil
}

// bases returns the names of the listed files, without the folder.
func (l *Listing) bases() []string {
	var names []string
	for _, k := range l.Keys {
		names = append(names, filepath.Base(k.Name))
	}
	return names
}

func TestWhatBelongsTogether(t *testing.T) {
	dir := folderOf(t, map[string]string{
		"id_ed25519":      "twins/ed25519.enc.openssh", // which has its comment encrypted
		"id_ed25519.pub":  "twins/ed25519.pub",
		"putty.ppk":       "twins/ed25519.v3.enc.ppk",
		"id_rsa":          "corpus/generated/rsa2048.openssh",
		"id_rsa-cert.pub": "corpus/generated/rsa2048-cert.pub",
		"id_rsa.pub":      "twins/ecdsa256.pub", // of another key
		"old":             "twins/ecdsa384.pkcs8.enc.pem",
		"old.pub":         "twins/ecdsa384.pub",
		"shut.p8":         "twins/ecdsa521.pkcs8.enc.pem", // no public key is beside it
		"lonely.pub":      "twins/ecdsa521.pub",
		"stem.pem":        "twins/ecdsa256.pkcs8.enc.pem",
		"stem.pub":        "twins/ecdsa256.pub",
	})
	path := func(name string) string { return filepath.Join(dir, name) }
	l := run(t, Job{Now: uint64(time.Date(2045, 1, 1, 0, 0, 0, 0, time.UTC).Unix())}, dir)
	assert.Empty(t, l.Failed)
	assert.Zero(t, l.Others)

	k := l.get(t, dir, "id_ed25519")
	assert.Equal(t, path("id_ed25519.pub"), k.PublicFile)
	assert.Equal(t, "ed25519 twin", k.Comment)
	assert.False(t, k.FromPublicFile)
	assert.Equal(t, []string{path("putty.ppk")}, k.Same)
	assert.Equal(t, path("id_ed25519"), l.get(t, dir, "id_ed25519.pub").PrivateFile)
	k = l.get(t, dir, "putty.ppk")
	assert.Equal(t, path("id_ed25519.pub"), k.PublicFile)
	assert.Equal(t, []string{path("id_ed25519")}, k.Same)

	k = l.get(t, dir, "id_rsa")
	assert.Empty(t, k.PublicFile)
	assert.Equal(t, path("id_rsa.pub"), k.OtherPublic)
	assert.Equal(t, path("id_rsa-cert.pub"), k.CertificateFile)
	assert.True(t, slices.ContainsFunc(k.Findings, func(f rawkey.Finding) bool { return f.Code == "cert-expired" }))
	assert.Equal(t, path("id_rsa"), l.get(t, dir, "id_rsa-cert.pub").PrivateFile)

	// Encrypted with the public half: what the file beside it says, of the same or a like name.
	for name, pub := range map[string]string{"old": "old.pub", "stem.pem": "stem.pub"} {
		k = l.get(t, dir, name)
		assert.True(t, k.FromPublicFile, name)
		assert.Equal(t, path(pub), k.PublicFile)
		assert.Equal(t, "ecdsa-sha2-nistp", k.Public.Type()[:16])
		assert.NotEmpty(t, k.Comment)
	}
	k = l.get(t, dir, "shut.p8")
	assert.Nil(t, k.Public)
	assert.Empty(t, k.PublicFile)
	assert.Empty(t, l.get(t, dir, "lonely.pub").PrivateFile)
}

// TestBesideAKeyAlone: what is beside a key counts though it is not listed itself.
func TestBesideAKeyAlone(t *testing.T) {
	dir := folderOf(t, map[string]string{
		"id": "corpus/generated/rsa2048.openssh", "id.pub": "corpus/generated/rsa2048.pub", "id-cert.pub": "corpus/generated/rsa2048-cert.pub",
	})
	l := run(t, Job{}, filepath.Join(dir, "id"))
	require.Len(t, l.Keys, 1)
	assert.Equal(t, filepath.Join(dir, "id.pub"), l.Keys[0].PublicFile)
	assert.NotNil(t, l.Keys[0].Certificate)
	assert.Equal(t, filepath.Join(dir, "id-cert.pub"), l.Keys[0].CertificateFile)
}

func TestAgentAndSessions(t *testing.T) {
	dir := folderOf(t, map[string]string{
		"held": "twins/ed25519.openssh", "certified": "corpus/generated/rsa2048.openssh", "not": "twins/ecdsa256.pem", "key.ppk": "twins/ecdsa384.v3.ppk",
	})
	var held []ssh.PublicKey
	for _, name := range []string{"twins/ed25519.pub", "corpus/generated/rsa2048-cert.pub", "twins/ecdsa521.pub"} {
		f, err := engine.Open(keytest.Read(t, name), engine.Limits{})
		require.NoError(t, err)
		held = append(held, f.PublicKey)
	}
	sessions := []Session{
		{"PuTTY", "web", filepath.Join(dir, "key.ppk")}, {"PuTTY", "db", filepath.Join(dir, ".", "key.ppk")}, {"PuTTY", "gone", filepath.Join(dir, "gone.ppk")},
	}
	l := run(t, Job{Held: held, Sessions: sessions}, filepath.Join(dir, "held"), filepath.Join(dir, "certified"), filepath.Join(dir, "not"))
	assert.True(t, l.get(t, dir, "held").InAgent)
	assert.True(t, l.get(t, dir, "certified").InAgent)
	assert.False(t, l.get(t, dir, "not").InAgent)
	assert.Equal(t, 1, l.HeldElsewhere)
	assert.Equal(t, sessions[2:], l.Missing)

	l = run(t, Job{Sessions: sessions, WithSessions: true}, filepath.Join(dir, "held"))
	assert.Equal(t, []string{"held", "key.ppk"}, l.bases())
	assert.Equal(t, []string{"web", "db"}, l.get(t, dir, "key.ppk").Sessions)
}

// TestHardLinks: a file with several names is one key.
func TestHardLinks(t *testing.T) {
	dir := folderOf(t, map[string]string{"m": "twins/ed25519.openssh", "copy": "twins/ed25519.openssh"})
	for _, name := range []string{"a", "z"} {
		require.NoError(t, os.Link(filepath.Join(dir, "m"), filepath.Join(dir, name)))
	}
	l := run(t, Job{}, dir)
	assert.Equal(t, []string{"a", "copy"}, l.bases())
	k := l.get(t, dir, "a")
	assert.Equal(t, []string{filepath.Join(dir, "m"), filepath.Join(dir, "z")}, k.Also)
	assert.Equal(t, []string{filepath.Join(dir, "copy")}, k.Same, "the other names are not other files")
}

// TestOthersAreCounted: a file that is not a key is no failure, a damaged key and a missing
// file are.
func TestOthersAreCounted(t *testing.T) {
	dir := folderOf(t, map[string]string{"key": "twins/ed25519.openssh", "authorized_keys": "twins/ed25519.pub"})
	lines := append(keytest.Read(t, "twins", "ed25519.pub"), keytest.Read(t, "twins", "ecdsa256.pub")...)
	for name, text := range map[string][]byte{
		"config": []byte("Host *\n"), "empty": nil, "list": lines, "cut.pem": keytest.Read(t, "console-rsa2048.pem")[:900],
		"random": {0, 1, 2, 255}, "notes.md": []byte("# Notes\n"),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	l := run(t, Job{}, dir)
	assert.Equal(t, []string{"key"}, l.bases())
	assert.Equal(t, 6, l.Others)
	require.Len(t, l.Failed, 1)
	assert.Equal(t, filepath.Join(dir, "cut.pem"), l.Failed[0].Name)
	assert.Equal(t, fault.NotAKey, fault.ExitCode(l.Failed[0].Err))

	// Named, as by a pattern of the shell; but a list that is named is wanted.
	l = run(t, Job{}, filepath.Join(dir, "config"), filepath.Join(dir, "list"), filepath.Join(dir, "missing"), filepath.Join(dir, "empty"))
	assert.Equal(t, 2, l.Others)
	assert.Equal(t, []string{"list", "list"}, l.bases())
	assert.Equal(t, 2, l.Keys[1].Line)
	require.Len(t, l.Failed, 1)
	assert.Equal(t, fault.Failed, fault.ExitCode(l.Failed[0].Err))
	l = run(t, Job{Strict: true}, filepath.Join(dir, "config"))
	assert.Len(t, l.Failed, 1)
}

// TestOneOfSeveral: --index of inspect.
func TestOneOfSeveral(t *testing.T) {
	dir := t.TempDir()
	two := filepath.Join(dir, "two")
	require.NoError(t, os.WriteFile(two, append(keytest.Read(t, "twins", "ecdsa256.pem"), keytest.Read(t, "twins", "ecdsa384.pem")...), 0o600))
	keytest.CopyInto(t, dir, map[string]string{"two.pub": "twins/ecdsa256.pub"})
	l := run(t, Job{}, two)
	require.Len(t, l.Keys, 2)
	assert.Equal(t, two+".pub", l.Keys[0].PublicFile)
	assert.Empty(t, l.Keys[1].OtherPublic+l.Keys[1].PublicFile)
	l = run(t, Job{Input: input.Options{Index: 2}}, two)
	require.Len(t, l.Keys, 1)
	assert.Equal(t, "ecdsa-sha2-nistp384", l.Keys[0].Public.Type())
	l = run(t, Job{Input: input.Options{Index: 3}}, two)
	require.Len(t, l.Failed, 1)
	assert.Equal(t, fault.Usage, fault.ExitCode(l.Failed[0].Err))
}

// TestThousandFiles: of the same key, each names a few of the others.
func TestThousandFiles(t *testing.T) {
	dir, key := t.TempDir(), keytest.Read(t, "twins", "ed25519.openssh")
	for i := range 1000 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("key%04d", i)), key, 0o600))
	}
	l := run(t, Job{}, dir)
	require.Len(t, l.Keys, 1000)
	for i, k := range l.Keys {
		assert.Equal(t, fmt.Sprintf("key%04d", i), filepath.Base(k.Name))
		assert.Len(t, k.Same, maxRelated)
		assert.Equal(t, 999, k.SameCount)
	}
}

// TestInterrupted: the list of a run that ended is not one.
func TestInterrupted(t *testing.T) {
	dir := folderOf(t, map[string]string{"key": "twins/ed25519.openssh"})
	set := find(t, dir)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(fault.Stop(fault.Interrupted))
	_, err := Job{}.Run(ctx, set)
	assert.True(t, fault.IsStop(err))
}

// TestStream: a key on standard input has nothing beside it.
func TestStream(t *testing.T) {
	key, pub := keytest.Read(t, "twins", "ed25519.openssh"), keytest.Read(t, "twins", "ecdsa256.pub")
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile("-.pub", pub, 0o600))
	j := Job{Files: input.Files{Stdin: bytes.NewReader(key)}}
	l := run(t, j, input.Stdio)
	require.Len(t, l.Keys, 1)
	assert.Empty(t, l.Keys[0].OtherPublic)
}
