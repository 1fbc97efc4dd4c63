package keytest

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"testing"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// RequireUsable calls what a program does with a key that a reader returned: the key passes
// sshkey.New, and signs or says by a named error why it does not.
func RequireUsable(t testing.TB, key *sshkey.Key) {
	t.Helper()
	again, err := sshkey.New(key.Private)
	require.NoError(t, err)
	require.True(t, again.Equal(key))
	requireNamed := func(err error) {
		t.Helper()
		if _, ok := errors.AsType[*sshkey.InvalidKeyError](err); !ok {
			require.ErrorIs(t, err, errors.ErrUnsupported)
		}
	}
	if _, err := key.AddedKeys(); err != nil {
		requireNamed(err)
	}
	signer, err := key.Signer()
	if err != nil {
		requireNamed(err)
		return
	}
	want, err := rawkey.CertifiedPublic(key.Private, key.Certificate)
	require.NoError(t, err)
	require.Equal(t, want.Marshal(), signer.PublicKey().Marshal())
	if _, ok := key.Private.(*rsa.PrivateKey); ok {
		return // the numbers of RSA need not be prime, and signing with large ones takes long
	}
	pub, err := key.Public()
	require.NoError(t, err)
	signature, err := signer.Sign(rand.Reader, []byte("data"))
	if err == nil {
		require.NoError(t, pub.Verify([]byte("data"), signature))
	}
}
