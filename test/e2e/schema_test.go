//go:build !windows

package e2e

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/cli"
	"github.com/keyconv/keyconv/internal/fault"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func reportSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join(keytest.Root(t), "docs", "json.schema.json"))
	require.NoError(t, err)
	return schema
}

// assertReport holds every line of a report to the schema, and returns their number.
func assertReport(t *testing.T, schema *jsonschema.Schema, report string) int {
	t.Helper()
	lines := 0
	for line := range strings.Lines(report) {
		lines++
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		require.NoError(t, err, line)
		assert.NoError(t, schema.Validate(value), line)
	}
	return lines
}

// reports are command lines that end with each exit code that each command with --json
// can end with while it is at an input. The command is the first word; "file" is none.
var reports = []struct {
	code int
	args string
}{
	{0, "file key.pem"},
	{1, "file key.pem -o no/such"},
	{2, "file -o new --kdf scrypt key.pem"},
	{3, "file cut.pem"},
	{4, "file enc.ppk -o new"},
	{5, "file --passphrase-file wrong enc.ppk -o new"},
	{6, "file key.pem -o taken.ppk"},
	{7, "file --strict indented.pem"},
	{0, "pem2ppk key.pem --new-passphrase-file pass"},
	{0, "pem2ppk indented.pem cert.key -d folder"},
	{0, "pem2ppk --ppk-version 2 --certificate cert.pub cert.key -o new.ppk"},
	{0, "pem2ppk --dry-run -d folder key.pem enc.key"},
	{0, "convert --to public --continue plain.ppk -o key.pub"},
	{1, "pem2ppk key.pem missing.pem"},
	{2, "pem2ppk --kdf-passes 3 key.pem"},
	{3, "pem2ppk key.pub"},
	{3, "pem2ppk token"},
	{4, "pem2ppk enc.p8"},
	{5, "pem2ppk --passphrase-file wrong enc.pem -o new"},
	{6, "pem2ppk key.pem -o taken.ppk"},
	{7, "pem2ppk --strict weak.pem"},
	{0, "ppk2pem plain.ppk"},
	{0, "ppk2pem cert.ppk -o new"},
	{0, "ppk2pem --passphrase-file pass enc.ppk -o new"},
	{1, "ppk2pem plain.ppk -o folder"},
	{2, "ppk2pem --new-passphrase-file empty plain.ppk"},
	{3, "ppk2pem altered.ppk cut.ppk key.pem -d folder"},
	{4, "ppk2pem enc.ppk -o new"},
	{5, "ppk2pem --passphrase-file wrong enc.ppk -o new"},
	{6, "ppk2pem cert.ppk -o beside"},
	{7, "ppk2pem --strict indented.ppk -o new"},
	{0, "convert --to pkcs8 plain.ppk --new-passphrase-file pass --kdf scrypt"},
	{0, "convert --to sshcom key.pem -o new"},
	{0, "convert --to openssh key.p12 --passphrase-file pass -o new"},
	{0, "convert --to rfc4716 key.pem cert.ppk -d folder"},
	{1, "convert --to spki missing.pem"},
	{2, "convert --to pkcs8 --kdf bcrypt --passphrase-file pass enc.ppk -o new"},
	{3, "convert --to sshcom plain.ppk"},
	{4, "convert --to public enc.p8"},
	{5, "convert --to pem --passphrase-file wrong enc.key -o new"},
	{6, "convert --to ppk key.pem -o taken.ppk"},
	{7, "convert --strict --to public weak.pem"},
	{0, "inspect key.pem plain.ppk enc.ppk enc.key enc.p8 enc.pem cert.ppk cert.pub key.pub two indented.pem weak.pem key.p12 ssh1 key.der latin1.ppk"},
	{1, "inspect folder"},
	{2, "inspect --index 3 two"},
	{3, "inspect pass"},
	{3, "inspect empty"},
	{0, "generate -o new --new-passphrase-file pass --kdf-rounds 1"},
	{0, "generate -o new.ppk -t ed448"},
	{1, "generate -o no/such"},
	{2, "generate -o new --kdf-passes 3"},
	{3, "generate -o new -t ed448 --to sshcom"},
	{4, "generate -o new --new-passphrase"},
	{6, "generate -o key.pem"},
	{0, "list key.pem plain.ppk enc.ppk enc.key enc.p8 cert.ppk cert.key cert.pub key.pub two token weak.pem indented.pem latin1.ppk ssh1"},
	{1, "list missing.pem key.pem"},
	{3, "list cut.pem"},
	{0, "public enc.ppk"},
	{0, "public --to spki -o new cert.ppk"},
	{1, "public missing.pem"},
	{2, "public --index 3 two"},
	{3, "public cut.pem"},
	{4, "public enc.p8"},
	{5, "public --passphrase-file wrong enc.p8"},
	{6, "public -o taken.ppk key.pem"},
	{7, "public --strict weak.pem"},
	{0, "check key.pem weak.pem"},
	{0, "check --passphrase-file pass enc.ppk enc.key enc.p8 enc.pem"},
	{1, "check missing.pem"},
	{2, "check --index 3 two"},
	{3, "check token key.pub cut.pem"},
	{4, "check enc.ppk enc.p8"},
	{5, "check --passphrase-file wrong enc.ppk"},
	{7, "check --strict weak.pem"},
	{8, "check --public key.pub key.pem"},
	{0, "passwd -C new plain.ppk"},
	{0, "passwd --passphrase-file pass --no-passphrase enc.ppk"},
	{1, "passwd -C new missing.ppk"},
	{2, "passwd --passphrase-file pass --kdf bcrypt enc.ppk"},
	{3, "passwd -C new two"},
	{4, "passwd enc.ppk"},
	{5, "passwd --passphrase-file wrong --no-passphrase enc.ppk"},
	{7, "passwd --strict -C new indented.ppk"},
	{0, "convert --to openssh --in-place key.pem"},
	{3, "convert --to openssh --in-place two"},
	{0, "repair indented.pem key.pem indented.ppk"},
	{0, "repair --in-place indented.ppk"},
	{1, "repair missing.pem"},
	{2, "repair --index 3 two"},
	{3, "repair cut.pem key.pub"},
	{4, "repair line.ppk"},
	{5, "repair --passphrase-file wrong line.ppk"},
	{6, "repair indented.pem -o taken.ppk"},
	{0, "agent key.pem cert.key"},
	{1, "agent --delete weak.pem"},
	{1, "agent missing.pem"},
	{2, "agent --index 3 two"},
	{3, "agent token key.pub"},
	{4, "agent enc.ppk"},
	{5, "agent --passphrase-file wrong enc.ppk"},
	{7, "agent --strict weak.pem"},
	{0, "fix-permissions key.pem key.pub"},
	{1, "fix-permissions missing.pem"},
	{2, "fix-permissions -"},
	{3, "fix-permissions pass"},
	{0, "session --for openssh -o config web root@192.0.2.1 --key key.pem"},
	{0, "session --for winscp -o web.ini web root@192.0.2.1 --key enc.ppk --key-path C:\\k.ppk"},
	{1, "session --for openssh -o config web root@192.0.2.1 --key missing.pem"},
	{2, "session --for openssh -o config web root@192.0.2.1 --key two --index 3"},
	{3, "session --for openssh -o config web root@192.0.2.1 --key cut.pem"},
	{4, "session --for openssh -o config web root@192.0.2.1 --key enc.ppk"},
	{5, "session --for openssh -o config web root@192.0.2.1 --key enc.ppk --passphrase-file wrong"},
	{6, "session --for openssh -o pass web root@192.0.2.1 --key key.pem"},
	{7, "session --for openssh -o config web root@192.0.2.1 --key weak.pem --strict"},
	{0, "migrate plain.ini --keys . --config config -d folder --no-host-keys"},
	{0, "migrate plain.ini --keys . --config config -d folder --no-host-keys --dry-run"},
	{1, "migrate missing.ini plain.ini --keys . --config config -d folder --no-host-keys"},
	{3, "migrate cut.ini --keys . --config config -d folder --no-host-keys"},
	{4, "migrate enc.ini --keys . --config config -d folder --no-host-keys"},
	{5, "migrate enc.ini --keys . --config config -d folder --no-host-keys --passphrase-file wrong"},
	{7, "migrate weak.ini --keys . --config config -d folder --no-host-keys --strict"},
}

// neverEndsWith are exit codes that a command has no use for: what writes nothing finds
// no output in its way, and so on. On the way back migrate ends with 6, as script migrate has it.
var neverEndsWith = map[string][]int{
	"file": {8}, "pem2ppk": {8}, "ppk2pem": {8}, "convert": {8}, "public": {8}, "generate": {5, 7, 8}, "list": {2, 4, 5, 6, 7, 8},
	"repair": {7, 8}, "inspect": {4, 5, 6, 7, 8}, "check": {6}, "passwd": {6, 8},
	"agent": {6, 8}, "fix-permissions": {4, 5, 6, 7, 8}, "session": {8}, "migrate": {2, 6, 8},
}

// TestReportsFollowTheSchema: docs/json.schema.json is closed, so that a name or an
// error that it lacks fails here.
func TestReportsFollowTheSchema(t *testing.T) {
	schema := reportSchema(t)
	t.Setenv("SSH_AUTH_SOCK", keytest.StartSSHAgent(t))
	for _, test := range keytest.Some(len(reports)/3, reports) {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(test.args)
			if args[0] == "file" {
				args = args[1:]
			}
			got := keytest.RunDetached(t, makeReportFolder(t), "", keytest.Command(t), append(args, "--json")...)
			assert.Equal(t, test.code, got.Code, got.Stderr)
			assert.Positive(t, assertReport(t, schema, got.Stdout))
			if test.code != 0 {
				assert.Contains(t, got.Stdout, fmt.Sprintf(`"exit":%d,`, test.code))
			}
		})
	}
}

// TestReportOfTheAgent: a key that an agent holds has no input.
func TestReportOfTheAgent(t *testing.T) {
	t.Setenv("SSH_AUTH_SOCK", keytest.StartSSHAgent(t))
	dir, command := makeReportFolder(t), keytest.Command(t)
	got := keytest.RunDetached(t, dir, "", command, "agent", "--list", "--json")
	assert.Zero(t, got.Code, got.Stderr)
	assert.Empty(t, got.Stdout)
	got = keytest.RunDetached(t, dir, "", command, "agent", "-q", "cert.key", "--certificate", "cert.pub")
	require.Zero(t, got.Code, got.Stderr)
	got = keytest.RunDetached(t, dir, "", command, "agent", "--list", "--json")
	assert.Zero(t, got.Code, got.Stderr)
	assert.Equal(t, 2, assertReport(t, reportSchema(t), got.Stdout), "the key, and its certificate")
	assert.Equal(t, 2, strings.Count(got.Stdout, `{"input":"","ok":true,"key":{"type":"ssh-ed25519",`))
	assert.Equal(t, 1, strings.Count(got.Stdout, `"certificate":{"key_id":`))
}

// TestReportsAreComplete: the table above has every exit code of every command.
func TestReportsAreComplete(t *testing.T) {
	covered := map[string][]int{}
	for _, test := range reports {
		command, _, _ := strings.Cut(test.args, " ")
		covered[command] = append(covered[command], test.code)
	}
	eachCommand(cli.Root(), func(cmd *cobra.Command) {
		if cmd.Flags().Lookup("json") == nil {
			return
		}
		name := cmd.Name()
		if !cmd.HasParent() {
			name = "file"
		}
		for code := fault.Done; code <= fault.OtherKey; code++ {
			want := !slices.Contains(neverEndsWith[name], code)
			assert.Equal(t, want, slices.Contains(covered[name], code), "%s with exit code %d", name, code)
		}
	})
}

// makeReportFolder adds what only the report has use for to the failing folder.
func makeReportFolder(t *testing.T) string {
	t.Helper()
	dir := keytest.FailingFolder(t)
	keytest.CopyInto(t, dir, map[string]string{
		"weak.pem":   "corpus/import-edge/rsa1024",
		"cert.key":   "corpus/generated/ed25519.openssh",
		"cert.pub":   "corpus/generated/ed25519-cert.pub",
		"key.p12":    "p12/rsa2048.p12",
		"ssh1":       "ssh1/rsa2048.key",
		"latin1.ppk": "corpus/generated/ed25519.v3.latin1comment.ppk",
	})
	for name, source := range map[string]string{"indented.pem": "key.pem", "indented.ppk": "plain.ppk"} {
		text, err := os.ReadFile(filepath.Join(dir, source))
		require.NoError(t, err)
		keytest.WriteFile(t, dir, name, append([]byte("  "), bytes.ReplaceAll(text, []byte("\n"), []byte("\n  "))...))
	}
	text, err := os.ReadFile(filepath.Join(dir, "enc.ppk"))
	require.NoError(t, err)
	keytest.WriteFile(t, dir, "line.ppk", bytes.ReplaceAll(text, []byte("\n"), []byte(" ")))
	for _, key := range []string{"plain.ppk", "enc.ppk", "cut.ppk", "weak.pem"} {
		sessions := "[Sessions\\web]\nHostName=192.0.2.1\nUserName=root\nPublicKeyFile=C:%5Ckeys%5C" + key + "\n"
		keytest.WriteFile(t, dir, strings.TrimSuffix(key, filepath.Ext(key))+".ini", []byte(sessions))
	}
	block, _ := pem.Decode(keytest.Read(t, "console-rsa2048.pem"))
	keytest.WriteFile(t, dir, "key.der", block.Bytes)
	return dir
}

// eachCommand calls do for a command and those below it.
func eachCommand(cmd *cobra.Command, do func(*cobra.Command)) {
	do(cmd)
	for _, sub := range cmd.Commands() {
		eachCommand(sub, do)
	}
}
