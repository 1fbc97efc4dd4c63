//go:build unix

package faults

import (
	"regexp"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
)

// failures are the ways to fail, with the files of keytest.FailingFolder.
var failures = []struct {
	code int
	args string // split at spaces
	name string // what the message must name
}{
	{1, "pem2ppk missing.pem", "missing.pem"},
	{1, "pem2ppk folder", "folder"},
	{1, "pem2ppk key.pem -o no/such/key.ppk", "key.pem"},
	{1, "pem2ppk key.pem -o folder", "key.pem"},
	{1, "pem2ppk --certificate missing key.pem -o new.ppk", "missing"},
	{1, "ppk2pem --passphrase-file missing enc.ppk -o new", "--passphrase-file"},
	{1, "passwd --new-passphrase-file missing plain.ppk", "--new-passphrase-file"},
	{1, "generate -o no/such/key.ppk", "no/such/key.ppk"},
	{2, "pem2ppk key.pem -f -o key.pem", "key.pem"},
	{2, "pem2ppk key.pem -f -o link.pem", "link.pem"},
	{2, "ppk2pem --passphrase-file nul enc.ppk -o new", "--passphrase-file"},
	{2, "ppk2pem --new-passphrase-file empty plain.ppk -o new", "empty"},
	{2, "pem2ppk --kdf-passes 3 key.pem -o new.ppk", "key.pem"},
	{2, "pem2ppk --new-passphrase-file pass --kdf-memory 4194304 key.pem -o new.ppk", "key.pem"},
	{2, "passwd --passphrase-file pass --kdf bcrypt enc.ppk", "enc.ppk"},
	{2, "missing.pem", "missing.pem"},
	{3, "pem2ppk key.pub", "key.pub"},
	{3, "ppk2pem key.pem -o new", "key.pem"},
	{3, "pem2ppk plain.ppk -o new.ppk", "plain.ppk"},
	{3, "pem2ppk token", "token"},
	{3, "pem2ppk cut.pem", "cut.pem"},
	{3, "ppk2pem cut.ppk", "cut.ppk"},
	{3, "ppk2pem altered.ppk", "altered.ppk"},
	{3, "convert --to pkcs8 swapped.pem -o new", "swapped.pem"},
	{3, "passwd -C x altered.ppk", "altered.ppk"},
	{3, "passwd -C x two", "two"},
	{3, "passwd --new-passphrase-file pass key.pem", "key.pem"},
	{3, "pem2ppk --certificate other-pub key.pem -o new.ppk", "other-pub"},
	{3, "ppk2pem --max-kdf-work 1 --passphrase-file pass enc.ppk -o new", "enc.ppk"},
	{3, "convert --to sshcom plain.ppk -o new", "plain.ppk"},
	{4, "ppk2pem enc.ppk -o new", "enc.ppk"},
	{4, "enc.key -o new", "enc.key"},
	{4, "public enc.p8", "enc.p8"},
	{4, "passwd enc.ppk", "enc.ppk"},
	{4, "pem2ppk --new-passphrase key.pem -o new.ppk", "key.pem"},
	{5, "ppk2pem --passphrase-file wrong enc.ppk -o new", "enc.ppk"},
	{5, "ppk2pem --passphrase-file empty enc.ppk -o new", "enc.ppk"},
	{5, "pem2ppk --passphrase-file wrong enc.key -o new.ppk", "enc.key"},
	{5, "pem2ppk --passphrase-file wrong enc.p8", "enc.p8"},
	{5, "pem2ppk --passphrase-file wrong enc.pem -o new.ppk", "enc.pem"},
	{5, "passwd --passphrase-file wrong --no-passphrase enc.ppk", "enc.ppk"},
	{5, "public --passphrase-file wrong enc.p8", "enc.p8"},
	{6, "pem2ppk key.pem -o taken.ppk", "taken.ppk"},
	{6, "ppk2pem --passphrase-file pass enc.ppk -o taken.ppk", "taken.ppk"},
	{6, "ppk2pem cert.ppk -o beside", "beside-cert.pub"},
	{6, "public key.pem -o taken.ppk", "taken.ppk"},
	{6, "generate -o taken.ppk", "taken.ppk"},
}

// TestFailuresLeaveNothing holds for every way to fail: the exit code, a message that
// names the file, no change to any file, no new file, no secret on the way.
func TestFailuresLeaveNothing(t *testing.T) {
	for _, test := range keytest.Some(len(failures)/3, failures) {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			dir := keytest.FailingFolder(t)
			before := keytest.Snapshot(t, dir)
			got := keytest.RunDetached(t, dir, "", keytest.Command(t), strings.Fields(test.args)...)
			assert.Equal(t, test.code, got.Code, got.Stderr)
			assert.Empty(t, got.Stdout)
			assert.Regexp(t, `^keyconv: .*`+regexp.QuoteMeta(test.name), got.Stderr)
			assert.Equal(t, before, keytest.Snapshot(t, dir))
			assertNoSecret(t, before, got.Stdout+got.Stderr)
		})
	}
}

// assertNoSecret looks for the passphrases, and for every 16 characters in a row of
// what is base64 and not public in the files.
func assertNoSecret(t *testing.T, files map[string]keytest.Entry, output string) {
	t.Helper()
	for _, secret := range []string{keytest.Passphrase, keytest.WrongPassphrase, "horse", "staple"} {
		assert.NotContains(t, output, secret)
	}
	for path, file := range files {
		for _, piece := range keytest.SecretPieces(file.Content) {
			assert.NotContains(t, output, piece, "of %s", path)
		}
	}
}

func padded(line string) string {
	return line + strings.Repeat("=", (4-len(line)%4)%4)
}

// TestSecretPieces makes sure that the search above looks for something.
func TestSecretPieces(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"rsa2048.pem", "ed25519.openssh", "ed25519.v3.ppk", "rsa2048.pkcs8.enc.pem"} {
		assert.Greater(t, len(keytest.SecretPieces(string(keytest.Read(t, "twins", name)))), 40, name)
	}
}
