//go:build !windows

package main

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVersion: a plain build shows Go's version and the libraries, and no commit that
// it does not know; a release shows what it was given.
func TestVersion(t *testing.T) {
	for _, test := range []struct{ flags, want string }{
		{"", `\Akeyconv \(devel\)\nbuilt with go`},
		{"-X main.version=v1.2.3 -X main.commit=0123abcd", `\Akeyconv v1\.2\.3\ncommit 0123abcd\nbuilt with go`},
	} {
		program := filepath.Join(t.TempDir(), "keyconv")
		out, err := exec.Command("go", "build", "-buildvcs=false", "-ldflags="+test.flags, "-o", program, ".").CombinedOutput()
		require.NoError(t, err, string(out))
		text := string(keytest.Run(t, nil, program, "version"))
		assert.Regexp(t, test.want+`[^ ]+ for `+runtime.GOOS+"/"+runtime.GOARCH+`\n`, text)
		assert.Regexp(t, `\ngolang\.org/x/crypto v[0-9.]+\n`, text)
	}
}
