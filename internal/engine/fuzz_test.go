package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/budget"
	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/stretchr/testify/require"
)

// addSeeds adds every file in testdata, and fails if there are none.
func addSeeds(f *testing.F) {
	f.Helper()
	seeds := 0
	err := filepath.WalkDir(keytest.Testdata(f), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.Contains(path, filepath.Join("testdata", "fuzz")) {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil || len(data) > 20_000 {
			return err
		}
		f.Add(data)
		seeds++
		return nil
	})
	require.NoError(f, err)
	require.Greater(f, seeds, 300)
}

func FuzzDetect(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		format := engine.Detect(data)
		if format == engine.Unknown || format == engine.Empty {
			require.Empty(t, format.About().Title)
			return
		}
		require.NotEmpty(t, format.About().Title)
	})
}

// fuzzLimits keep a run short.
var fuzzLimits = engine.Limits{KDFMemory: 1024, KDFWork: 2048}

// isSlow reports what the limits, whose units differ, do not see.
func isSlow(f *engine.File) bool {
	return f.KDF != nil && f.KDF.Name == "bcrypt" && f.KDF.Rounds > 4
}

// FuzzOpen: only documented errors, no more work than the length allows, and a key stays
// the same key in every format.
func FuzzOpen(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := budget.Metered(fuzzLimits)
		var file *engine.File
		var err error
		keytest.RequireLinear(t, data, func() { file, err = engine.Open(data, limits) })
		requireSteps(t, limits, data)
		if err != nil {
			require.True(t, isDocumented(err), "%T: %v", err, err)
			return
		}
		require.Equal(t, engine.Detect(data), file.Format)
		if isSlow(file) {
			return
		}
		key, err := file.Decrypt([]byte(passphrase))
		if err != nil {
			require.True(t, isDocumented(err), "%T: %v", err, err)
			return
		}
		for _, format := range []engine.Format{engine.PPK, engine.PPK2, engine.PEM, engine.PKCS8, engine.OpenSSH} {
			comment := rawkey.OneLine(key.Comment)
			key.Comment = comment
			out, err := engine.Marshal(key, format, nil)
			require.NoError(t, err, format)
			back, err := engine.Parse(out, nil)
			require.NoError(t, err, format)
			require.True(t, back.Equal(key), format)
		}
	})
}

func FuzzInspect(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		info, err := engine.Inspect(data, fuzzLimits)
		if err != nil {
			require.True(t, isDocumented(err), "%T: %v", err, err)
			return
		}
		require.Equal(t, info.File.PublicKey != nil, info.SHA256 != "")
		require.Equal(t, info.SHA256 != "", info.Type != "")
		require.Equal(t, info.Certificate != nil, info.CertificateSHA256 != "")
		require.Equal(t, info.File.Private, len(info.Programs) > 0)
	})
}
