package main

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParseVersion(t *testing.T) {
	v, err := parseVersion("v1.20.65535")
	require.NoError(t, err)
	assert.Equal(t, version{1, 20, 65535}, v)
	assert.Equal(t, "1.20.65535", v.String())
	assert.Equal(t, "v1.20.65535", v.Tag())
	for _, wrong := range []string{"", "1.2.3", "v1", "v1.2", "v1.2.3.4", "v01.2.3", "v1.2.3-rc1", "v1.2.3+x", "v1.2.65536", "v1.2.x", " v1.2.3", "v1.2.3\n", "v-1.2.3", "v1.2.99999999999999999999"} {
		_, err := parseVersion(wrong)
		assert.Error(t, err, "%q", wrong)
	}
}

func TestParseTargets(t *testing.T) {
	all, err := parseTargets("")
	require.NoError(t, err)
	assert.Equal(t, allTargets, all)
	some, err := parseTargets("windows/386 linux/amd64,windows/amd64")
	require.NoError(t, err)
	assert.Equal(t, []target{{"windows", "amd64"}, {"windows", "386"}, {"linux", "amd64"}}, some)
	for _, wrong := range []string{"plan9/amd64", "linux", "linux/amd64 linux/amd64"} {
		_, err := parseTargets(wrong)
		assert.ErrorContains(t, err, "no release is made for", wrong)
	}
}

func TestWrongOptions(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{nil, `the version is vX.Y.Z, such as v1.2.3, not ""`},
		{[]string{"-version", "1.2.3"}, "make release VERSION=v1.2.3"},
		{[]string{"-version", "v1.2.3", "-targets", "linux/sparc"}, `no release is made for "linux/sparc"`},
		{[]string{"-version", "v1.2.3", "more"}, `unexpected argument "more"`},
		{[]string{"-nonsense"}, "flag provided but not defined"},
	} {
		var stderr bytes.Buffer
		assert.Equal(t, 2, run(t.Context(), test.args, io.Discard, &stderr), test.args)
		assert.Contains(t, stderr.String(), test.want)
	}
}
