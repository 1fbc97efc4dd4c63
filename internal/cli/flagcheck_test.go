package cli

import (
	"testing"

	"github.com/keyconv/keyconv/internal/fault"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheckFlags(t *testing.T) {
	for _, test := range []struct {
		args []string // of pem2ppk
		want string   // the error; empty for none
	}{
		{args: []string{"key"}},
		{args: []string{"key", "--comment", ""}},
		{args: []string{"key", "--passphrase-fd", "0"}},
		{args: []string{"key", "--passphrase-fd", "3", "--new-passphrase-fd", "4"}},
		{args: []string{"-", "--passphrase-fd", "3"}},
		{args: []string{"key", "--passphrase-file", "p", "--new-passphrase-file", "p"}},
		{args: []string{"key", "--passphrase-file", "p", "--no-passphrase"}},
		{args: []string{"key", "--ppk-version", "2"}},
		{[]string{"key", "-o", ""}, "--output is empty"},
		{[]string{"key", "-d", ""}, "--output-dir is empty"},
		{[]string{"key", "--passphrase-env", ""}, "--passphrase-env is empty"},
		{[]string{"key", "--certificate", ""}, "--certificate is empty"},
		{[]string{"key", "--kdf", ""}, "--kdf is empty"},
		{[]string{"key", "--passphrase-fd", "-2"}, "--passphrase-fd takes a number from 0"},
		{[]string{"key", "--new-passphrase-fd", "-1"}, "--new-passphrase-fd takes a number from 0"},
		{[]string{"key", "--kdf-passes", "0"}, "--kdf-passes takes a number from 1, not 0"},
		{[]string{"key", "--max-kdf-work", "0"}, "--max-kdf-work takes a number from 1, not 0"},
		{[]string{"key", "--ppk-version", "1"}, "--ppk-version is 2 or 3, not 1"},
		{[]string{"key", "-o", "a", "-d", "b"}, "use only one of --output and --output-dir"},
		{[]string{"key", "--certificate", "a", "--remove-certificate"}, "use only one of --certificate and --remove-certificate"},
		{[]string{"key", "--passphrase-file", "a", "--passphrase-fd", "3"}, "use only one of --passphrase-file and --passphrase-fd"},
		{[]string{"key", "--new-passphrase", "--new-passphrase-env", "A", "--no-passphrase"}, "use only one of --new-passphrase and --new-passphrase-env and --no-passphrase"},
		{[]string{"-", "--passphrase-fd", "0"}, "the key and --passphrase-fd would both be read from one file descriptor"},
		{[]string{"-", "--new-passphrase-fd", "0"}, "the key and --new-passphrase-fd would both be read from one file descriptor"},
		{[]string{"key", "--passphrase-fd", "3", "--new-passphrase-fd", "3"}, "--passphrase-fd and --new-passphrase-fd would both be read from one file descriptor"},
		{[]string{"-", "--certificate", "-"}, "the key and --certificate would both be read from one file descriptor"},
		{[]string{"key", "--certificate", "-", "--passphrase-fd", "0"}, "--certificate and --passphrase-fd would both be read from one file descriptor"},
		{[]string{"a", "b", "--certificate", "-"}, "the certificate on standard input is for one key, and there are 2"},
		{[]string{"key", "--certificate", "-"}, ""},
		{[]string{"-", "--certificate", "0"}, ""},
	} {
		cmd, _, err := Root().Find([]string{"pem2ppk"})
		require.NoError(t, err)
		require.NoError(t, cmd.ParseFlags(test.args))
		err = checkFlags(cmd, cmd.Flags().Args())
		if test.want == "" {
			assert.NoError(t, err, "%q", test.args)
			continue
		}
		require.EqualError(t, err, test.want)
		assert.Equal(t, fault.Usage, fault.ExitCode(err))
	}
}
