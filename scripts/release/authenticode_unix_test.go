//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newCertificate makes a certificate for this test, for signing programs unless other uses
// are given.
func newCertificate(t *testing.T, days int, uses ...string) *authenticode {
	t.Helper()
	folder := t.TempDir()
	code := &authenticode{certificate: filepath.Join(folder, "certificate.pem"), key: filepath.Join(folder, "key.pem")}
	uses = append(uses, "extendedKeyUsage=codeSigning")
	keytest.Run(t, nil, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
		"-subj", "/CN=a test of keyconv", "-days", fmt.Sprint(days), "-addext", uses[0], "-keyout", code.key, "-out", code.certificate)
	return code
}

// TestCertificate: what Windows would not take is refused before anything is built.
func TestCertificate(t *testing.T) {
	good := newCertificate(t, 30)
	require.NoError(t, good.check(time.Now()))
	assert.ErrorContains(t, good.check(time.Now().AddDate(0, 2, 0)), "the certificate expired on ")
	assert.ErrorContains(t, good.check(time.Now().AddDate(0, -2, 0)), "the certificate is valid from ")
	other := newCertificate(t, 30, "extendedKeyUsage=serverAuth")
	assert.ErrorContains(t, other.check(time.Now()), "is not for signing programs")
	for _, wrong := range []authenticode{
		{certificate: filepath.Join(t.TempDir(), "gone"), key: good.key},
		{certificate: good.key, key: good.key},
		{certificate: good.certificate, key: filepath.Join(t.TempDir(), "gone")},
	} {
		assert.Error(t, wrong.check(time.Now()))
	}
	mixed := authenticode{certificate: good.certificate, key: other.key}
	program, err := withChecksum(smallPortable())
	require.NoError(t, err)
	keytest.Tool(t, "osslsigncode")
	_, err = mixed.sign(t.Context(), program)
	assert.ErrorContains(t, err, "osslsigncode", "the key of another certificate")
}
