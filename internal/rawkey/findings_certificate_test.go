package rawkey_test

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestCertificateFindings is about the borders: OpenSSH takes a certificate from the first
// second on, and in the last one no longer.
func TestCertificateFindings(t *testing.T) {
	root := []string{"root"}
	for _, c := range []struct {
		principals         []string
		after, before, now uint64
		want               []string
	}{
		{root, 0, ssh.CertTimeInfinity, 0, nil},
		{root, 0, ssh.CertTimeInfinity, 1 << 40, nil},
		{root, 100, 200, 99, []string{"cert-not-yet-valid"}},
		{root, 100, 200, 100, nil},
		{root, 100, 200, 199, nil},
		{root, 100, 200, 200, []string{"cert-expired"}},
		{root, 100, 200, 0, nil}, // the time is not known
		{nil, 100, 200, 0, []string{"cert-no-principals"}},
		{[]string{}, 100, 200, 150, []string{"cert-no-principals"}},
		{nil, 100, 200, 300, []string{"cert-no-principals", "cert-expired"}},
		{nil, 100, 200, 9, []string{"cert-no-principals", "cert-not-yet-valid"}},
	} {
		cert := &ssh.Certificate{ValidPrincipals: c.principals, ValidAfter: c.after, ValidBefore: c.before}
		assert.Equal(t, c.want, codes(t, rawkey.CertificateFindings(cert, c.now)), "%+v", c)
	}
	pub, err := keytest.Type(t, "ed25519").New(t).Public()
	require.NoError(t, err)
	assert.Empty(t, rawkey.CertificateFindings(pub, 1<<40))
	assert.Empty(t, rawkey.CertificateFindings(nil, 1))
	assert.Empty(t, rawkey.CertificateFindings((*ssh.Certificate)(nil), 1))
}
