package sshkey_test

import (
	"crypto/x509"
	"errors"
	"fmt"
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

func TestIncorrectPassphraseIsThatOfX509(t *testing.T) {
	err := fmt.Errorf("ppk: %w", sshkey.ErrIncorrectPassphrase)
	require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
	require.ErrorIs(t, err, x509.IncorrectPasswordError)
	require.NotErrorIs(t, err, errors.ErrUnsupported)
	require.NotErrorIs(t, x509.IncorrectPasswordError, sshkey.ErrIncorrectPassphrase)
	assert.Equal(t, "ppk: wrong passphrase, or the file is damaged", err.Error())
}

func TestPassphraseMissingIsThatOfSSH(t *testing.T) {
	pub, err := keytest.Type(t, "ed25519").New(t).Public()
	require.NoError(t, err)
	err = fmt.Errorf("ppk: %w", &sshkey.PassphraseMissingError{PublicKey: pub})
	var own *sshkey.PassphraseMissingError
	require.ErrorAs(t, err, &own)
	assert.Equal(t, pub, own.PublicKey)
	var theirs *ssh.PassphraseMissingError
	require.ErrorAs(t, err, &theirs)
	assert.Equal(t, pub, theirs.PublicKey)
	var other *sshkey.SyntaxError
	assert.NotErrorAs(t, err, &other)
}

func TestUnsupportedIsErrUnsupported(t *testing.T) {
	err := fmt.Errorf("ppk: %w", &sshkey.UnsupportedError{What: "the moon"})
	require.ErrorIs(t, err, errors.ErrUnsupported)
	assert.Equal(t, "ppk: the moon is not supported", err.Error())
}

func TestErrorTexts(t *testing.T) {
	assert.Equal(t, "line 3: why", (&sshkey.SyntaxError{Line: 3, Msg: "why"}).Error())
	assert.Equal(t, "why", (&sshkey.SyntaxError{Msg: "why"}).Error())
	assert.Equal(t, "why", (&sshkey.InvalidKeyError{Msg: "why"}).Error())
	assert.Equal(t, "work is 3, over the limit of 2", (&sshkey.LimitError{What: "work", Value: 3, Max: 2}).Error())
}

func TestLimits(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want *sshkey.LimitError
	}{
		{"memory at the default", budget.CheckMemory(sshkey.Limits{}, "m", sshkey.MaxKDFMemory), nil},
		{"memory over the default", budget.CheckMemory(sshkey.Limits{}, "m", sshkey.MaxKDFMemory+1),
			&sshkey.LimitError{Kind: sshkey.LimitKDFMemory, What: "m", Value: sshkey.MaxKDFMemory + 1, Max: sshkey.MaxKDFMemory}},
		{"memory raised", budget.CheckMemory(sshkey.Limits{KDFMemory: 1 << 22}, "m", 1<<22), nil},
		{"memory lowered", budget.CheckMemory(sshkey.Limits{KDFMemory: 8}, "m", 9),
			&sshkey.LimitError{Kind: sshkey.LimitKDFMemory, What: "m", Value: 9, Max: 8}},
		{"work at its default", budget.CheckWork(sshkey.Limits{}, "w", 7, 7), nil},
		{"work over its default", budget.CheckWork(sshkey.Limits{}, "w", 8, 7),
			&sshkey.LimitError{Kind: sshkey.LimitKDFWork, What: "w", Value: 8, Max: 7}},
		{"work raised", budget.CheckWork(sshkey.Limits{KDFWork: 8}, "w", 8, 7), nil},
		{"work raised above all", budget.CheckWork(sshkey.Limits{KDFWork: 1<<64 - 1}, "w", 1<<64-1, 7), nil},
		{"file at the limit", budget.CheckFileSize(sshkey.MaxFileSize), nil},
		{"file over the limit", budget.CheckFileSize(sshkey.MaxFileSize + 1),
			&sshkey.LimitError{Kind: sshkey.LimitFileSize, What: "file size in bytes", Value: sshkey.MaxFileSize + 1, Max: sshkey.MaxFileSize}},
	} {
		if tt.want == nil {
			require.NoError(t, tt.err, tt.name)
			continue
		}
		var limit *sshkey.LimitError
		require.ErrorAs(t, tt.err, &limit, tt.name)
		assert.Equal(t, tt.want, limit, tt.name)
	}
}
