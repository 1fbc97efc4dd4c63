package rawkey_test

import (
	"testing"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTypesAreComplete: a type without one of its parts would answer with less than it
// should, and no other test would notice.
func TestTypesAreComplete(t *testing.T) {
	names := map[string]bool{}
	for _, kt := range rawkey.Types() {
		for _, name := range append(kt.Algorithms, kt.Name) {
			assert.False(t, names[name], "%s names two types", name)
			names[name] = true
		}
		require.NotEmpty(t, kt.Algorithms, kt.Name)
		assert.NotEmpty(t, kt.Title, kt.Name)
		assert.NotEmpty(t, kt.PuTTY, "nobody has looked up whether PuTTY has %s", kt.Name)
		assert.NotEmpty(t, kt.OpenSSH, "nobody has looked up whether OpenSSH has %s", kt.Name)
		assert.Equal(t, kt.OpenSSHUntil == "", kt.OpenSSHDropped == "", kt.Name)
		obsolete := kt.Name == "mldsa44-ed25519-experimental"
		assert.Equal(t, kt.Token || obsolete, !kt.CanGenerate(), "%s: what is not on a token is made", kt.Name)
		for _, algorithm := range kt.Algorithms {
			found, ok := rawkey.TypeOf(algorithm)
			assert.True(t, ok)
			assert.Equal(t, kt.Name, found.Name)
		}
		if kt.Token {
			assert.Positive(t, rawkey.Bits(namedKey(kt.Algorithms[0])), kt.Name)
			continue
		}
		if obsolete {
			continue
		}
		private, err := kt.Generate(0)
		require.NoError(t, err, kt.Name)
		requireComplete(t, kt, &sshkey.Key{Private: private})
	}
}

func requireComplete(t *testing.T, kt rawkey.Type, key *sshkey.Key) {
	t.Helper()
	require.NoError(t, key.Validate(), kt.Name)
	assert.True(t, key.Equal(key), kt.Name)
	pub, err := key.Public()
	require.NoError(t, err, kt.Name)
	assert.Contains(t, kt.Algorithms, pub.Type())
	back, err := rawkey.ParsePublic(pub.Marshal())
	require.NoError(t, err, kt.Name)
	assert.Equal(t, pub.Marshal(), back.Marshal())
	assert.Equal(t, kt.Sizes.Default, rawkey.Bits(pub), "%s has no Bits, or other ones", kt.Name)
	_, err = rawkey.ParsePublic(wire.AppendString(nil, kt.Algorithms[0]))
	require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), "%s reads a public key without fields", kt.Name)
}

func TestTypeOfCertificates(t *testing.T) {
	for algorithm, want := range map[string]string{
		"ssh-rsa-cert-v01@openssh.com":                      "rsa",
		"ecdsa-sha2-nistp521-cert-v01@openssh.com":          "ecdsa",
		"sk-ssh-ed25519-cert-v01@openssh.com":               "ed25519-sk",
		"sk-ecdsa-sha2-nistp256-cert-v01@openssh.com":       "ecdsa-sk",
		"ssh-ed448-cert-v01@openssh.com":                    "", // OpenSSH has no Ed448
		"sk-ssh-ed25519@openssh.com-cert-v01@openssh.com":   "",
		"ssh-rsa-cert-v01@openssh.com-cert-v01@openssh.com": "",
		"ssh-moon": "",
		"":         "",
	} {
		kt, ok := rawkey.TypeOf(algorithm)
		assert.Equal(t, want, kt.Name, algorithm)
		assert.Equal(t, want != "", ok, algorithm)
	}
}

func TestSizes(t *testing.T) {
	for sizes, want := range map[string]rawkey.Sizes{
		"2048 to 8192":    {Min: 2048, Max: 8192},
		"256, 384 or 521": {Only: []int{256, 384, 521}},
		"1 or 2":          {Only: []int{1, 2}},
		"448":             {Only: []int{448}},
		"":                {},
	} {
		assert.Equal(t, sizes, want.String())
		assert.False(t, want.Has(0))
	}
	assert.True(t, rawkey.Sizes{Min: 2, Max: 3}.Has(3))
	assert.False(t, rawkey.Sizes{Min: 2, Max: 3}.Has(1))
	assert.False(t, rawkey.Sizes{Only: []int{1, 3}}.Has(2))
}
