package ppk

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/require"
)

// fuzzLimits let the cheap files of testdata through, and make no input costly.
var fuzzLimits = sshkey.Limits{KDFMemory: 64, KDFWork: 128}

// addSeeds adds every PuTTY key file below testdata.
func addSeeds(f *testing.F, add func(data []byte)) {
	f.Helper()
	seeds := 0
	err := filepath.WalkDir(keytest.Testdata(f), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".ppk" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		add(data)
		seeds++
		return nil
	})
	require.NoError(f, err)
	require.Greater(f, seeds, 200)
}

// decodeLinear fails where the work is more than a constant times the length.
func decodeLinear(t *testing.T, data []byte) (file *File, err error) {
	t.Helper()
	keytest.RequireLinear(t, data, func() { file, err = DecodeLimits(data, fuzzLimits) })
	return file, err
}

// FuzzDecode: any input gives a file or a documented error, and what was read is
// what is written.
func FuzzDecode(f *testing.F) {
	addSeeds(f, func(data []byte) { f.Add(data) })
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := decodeLinear(t, data)
		if err != nil {
			require.Nil(t, file)
			require.Contains(t, []string{"syntax", "unsupported", "limit", "invalid"}, requireDocumented(t, err))
			return
		}
		require.NotNil(t, file.PublicKey)
		if file.hashed {
			return // what is written has a MAC
		}
		again, err := DecodeLimits(file.encode(), fuzzLimits)
		require.NoError(t, err)
		again.macLine = file.macLine
		require.Equal(t, snapshot(file), snapshot(again))
	})
}

// FuzzParse: what can be opened is written and read again to the same key.
func FuzzParse(f *testing.F) {
	addSeeds(f, func(data []byte) {
		f.Add(data, []byte(keytest.Passphrase))
		if bytes.Contains(data, []byte("Encryption: aes256-cbc")) {
			f.Add(data, []byte("secret")) // of testdata/corpus/edge
		}
	})
	f.Fuzz(func(t *testing.T, data, passphrase []byte) {
		file, err := decodeLinear(t, data)
		if err != nil {
			requireDocumented(t, err)
			return
		}
		key, err := file.Decrypt(passphrase)
		if err != nil {
			requireDecryptError(t, file, err)
			return
		}
		requireWritable(t, key)
	})
}

// FuzzBlobs: as FuzzParse, with a correct MAC, which no random change of a file would
// get past.
func FuzzBlobs(f *testing.F) {
	names := []string{}
	for _, name := range puttyAlgorithms() {
		names = append(names, name, name+certSuffix)
	}
	slices.Sort(names)
	addSeeds(f, func(data []byte) {
		if file, err := DecodeLimits(data, fuzzLimits); err == nil && !file.Encrypted() {
			f.Add(uint8(slices.Index(names, blobAlgorithm(file.Algorithm))), file.public, file.private)
		}
	})
	f.Fuzz(func(t *testing.T, name uint8, public, private []byte) {
		file := &File{
			Version: 3, Algorithm: names[int(name)%len(names)], Encryption: encryptionNone,
			public: public, private: private,
		}
		key, err := Parse(resealed(file))
		if err != nil {
			require.NotContains(t, []string{"incorrect", "missing"}, requireDocumented(t, err))
			return
		}
		requireWritable(t, key)
	})
}

func requireDecryptError(t *testing.T, file *File, err error) {
	t.Helper()
	kind := requireDocumented(t, err)
	if file.Encrypted() {
		require.Contains(t, []string{"incorrect", "invalid"}, kind)
		return
	}
	require.Contains(t, []string{"syntax", "invalid", "unsupported", "limit"}, kind)
	require.False(t, strings.Contains(err.Error(), "passphrase"))
}

// requireWritable writes a key in both versions and reads it again.
func requireWritable(t *testing.T, key *sshkey.Key) {
	t.Helper()
	keytest.RequireUsable(t, key)
	for _, version := range []int{2, 3} {
		out, err := Marshal(key, &Options{Version: version})
		require.NoError(t, err)
		back, err := Parse(out)
		require.NoError(t, err)
		requireSameKey(t, key, back)
	}
}
