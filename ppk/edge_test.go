package ppk

import (
	"slices"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// brokenForPuTTY are files that PuTTY loads, silently, to a key that cannot log in
// or is another than the file says. Here they are refused.
var brokenForPuTTY = map[string]string{
	"blob-ec_wrong_priv.ppk":   "the private half does not match", // a server refuses its signatures
	"blob-ec_priv_zero.ppk":    "out of range",                    // the number 0
	"blob-ec_priv_padded.ppk":  "leading zeros",                   // PuTTY reads it as the number 0
	"blob-ed_64_byte_priv.ppk": "64 bytes, not 32",                // PuTTY cuts it
	"blob-ed_33_byte.ppk":      "33 bytes, not 32",                // PuTTY cuts it
	"blob-ed_empty_string.ppk": "0 bytes, not 32",                 // PuTTY fills it up with zeros
	"blob-ed_pub_33.ppk":       "33 bytes, not 32",                // PuTTY cuts it

	"blob-rsa_trailing_garbage_in_pub.ppk": "more data follows", // PuTTY shows another fingerprint
}

// damagedText are files whose text was damaged on its way, which this package
// refuses as PuTTY does: mending text is for the layer above, which proves each
// repair by the MAC.
var damagedText = []string{
	"CRLFCRLF_everywhere", "leading_blank_line", "UTF-16LE", "uppercase_MAC",
	"trailing_space_on_Encryption", "no_space_after_colon", "trailing_space_on_type",
	"Public-Lines_2_trailing_space",
	"base64_line_width_63", "base64_line_width_65", "base64_line_width_76", "base64_trailing_space_on_line",
}

// otherPrivate are files that hold the same key with a number written in another way,
// which is kept: Equal says that they differ from the rest of their family.
var otherPrivate = []string{"blob-dsa_x+q.ppk"}

// families names the sound file that the others of its family were made of.
var families = []struct{ prefix, sound string }{
	{"ed_new.2-", "ed_new.2-unchanged.ppk"},
	{"ed_new-", "ed_new-unchanged.ppk"},
	{"arg-v3", "arg-v3_file_on_old_versions.ppk"},
	{"arg-unenc", "arg-unenc_v3_with_passphrase_given.ppk"},
	{"arg-", "arg-enc_v3_ok.ppk"},
	{"blob-rsa", "blob-rsa_normal.ppk"},
	{"blob-dsa", "blob-dsa_normal.ppk"},
	{"blob-ec", "blob-ec_compressed_pub.ppk"},
	{"blob-", "blob-ed_normal.ppk"},
	{"v1_ssh-rsa", "v1_ssh-rsa_unenc_hash.ppk"},
	{"v1_ssh-dss", "v1_ssh-dss_unenc_hash.ppk"},
	{"v1_ssh-ed25519", "v1_ssh-ed25519_unenc_hash.ppk"},
}

func soundOne(t *testing.T, name string) string {
	t.Helper()
	for _, family := range families {
		if strings.HasPrefix(name, family.prefix) {
			return family.sound
		}
	}
	t.Fatalf("%s is of no family", name)
	return ""
}

func isDamagedText(name string) bool {
	for _, what := range damagedText {
		if strings.HasSuffix(name, "-"+what+".ppk") {
			return true
		}
	}
	return false
}

func TestEdgeFilesThatLoad(t *testing.T) {
	files := keytest.Corpus(t, "edge")
	keys := map[string]*sshkey.Key{}
	for _, f := range files {
		if f.Verdict == "LOADS" && brokenForPuTTY[f.Name] == "" {
			key, err := ParseWithPassphrase(f.Data, []byte(f.Passphrase))
			require.NoError(t, err, f.Name)
			keys[f.Name] = key
		}
	}
	assert.Len(t, keys, 39)
	for name, key := range keys {
		sound := keys[soundOne(t, name)]
		require.NotNil(t, sound, name)
		want, err := sound.Public()
		require.NoError(t, err)
		got, err := key.Public()
		require.NoError(t, err)
		assert.Equal(t, want.Marshal(), got.Marshal(), name)
		assert.Equal(t, !slices.Contains(otherPrivate, name), key.Equal(sound), name)
		require.NoError(t, key.Validate(), name)

		out, err := Marshal(key, nil)
		require.NoError(t, err, name)
		back, err := Parse(out)
		require.NoError(t, err, name)
		requireSameKey(t, key, back)
	}
}

func TestEdgeFilesThatDoNotLoad(t *testing.T) {
	seen := map[string]int{}
	for _, f := range keytest.Corpus(t, "edge") {
		if f.Verdict == "LOADS" && brokenForPuTTY[f.Name] == "" {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			file, err := Decode(f.Data)
			if err == nil { // an empty passphrase is one, as puttygen takes it
				_, err = file.Decrypt([]byte(f.Passphrase))
			}
			kind := requireDocumented(t, err)
			refused := kind == "incorrect" || kind == "missing" // PuTTY tries an empty passphrase
			assert.Equal(t, f.Verdict == "ERROR: wrong passphrase", refused, "%v", err)
			switch {
			case brokenForPuTTY[f.Name] != "":
				seen["broken"]++
				assert.Equal(t, "invalid", kind)
				require.ErrorContains(t, err, brokenForPuTTY[f.Name])
			case strings.HasPrefix(f.Verdict, "CRASH"), f.Verdict == "TIMEOUT":
				// Decode says so, which never runs a key derivation.
				seen["hostile"]++
				_, err := Decode(f.Data)
				assert.Contains(t, []string{"limit", "unsupported"}, requireDocumented(t, err))
			case isDamagedText(f.Name):
				seen["damaged"]++
				assert.Contains(t, []string{"syntax", "unsupported"}, kind)
			default:
				seen["meaning"]++
			}
			if f.Passphrase == "" && !refused {
				assert.NotContains(t, err.Error(), "passphrase")
			}
		})
	}
	assert.Equal(t, map[string]int{"broken": 8, "hostile": 4, "damaged": 2 * len(damagedText), "meaning": 45}, seen)
}
