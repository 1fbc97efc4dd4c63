package pemkey

import (
	"testing"

	"github.com/keyconv/keyconv/internal/pemblock"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTypesAreWritten: what package rawkey says about the forms of a type is true.
func TestTypesAreWritten(t *testing.T) {
	for _, kt := range rawkey.Types() {
		for _, algorithm := range kt.Algorithms {
			_, ok := opensshTypes.Get()[algorithm]
			assert.Equal(t, !kt.Token, ok, "%s in openssh-key-v1", algorithm)
		}
		if kt.Token {
			continue
		}
		if !kt.CanGenerate() {
			continue // an experimental type, which TestComposite has
		}
		private, err := kt.Generate(0)
		require.NoError(t, err)
		key := &sshkey.Key{Private: private}
		label, _ := traditional(key)
		assert.Equal(t, kt.TraditionalPEM, label != "", "%s in traditional PEM", kt.Name)
		for encoding, has := range map[Encoding]bool{Traditional: true, OpenSSH: true, PKCS8: kt.PKCS8, SSHCom: kt.SSHCom} {
			out, err := Marshal(key, &Options{Encoding: encoding})
			if !has {
				require.ErrorAs(t, err, new(*sshkey.UnsupportedError), "%s, encoding %d", kt.Name, encoding)
				continue
			}
			require.NoError(t, err, "%s, encoding %d", kt.Name, encoding)
			back, err := Parse(out)
			require.NoError(t, err)
			assert.True(t, back.Equal(key), "%s, encoding %d", kt.Name, encoding)
		}
	}
}

// TestLabelsAreThoseOfThePEMBlocks: package pemblock lists what this package reads.
func TestLabelsAreThoseOfThePEMBlocks(t *testing.T) {
	var labels []string
	for _, d := range decoders {
		labels = append(labels, d.label)
	}
	assert.ElementsMatch(t, labels, pemblock.PrivateLabels)
}
