package engine_test

import (
	"path/filepath"
	"testing"

	"github.com/keyconv/keyconv/internal/engine"
	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// maker makes a file of one format from a key in PKCS#8, with a real program.
type maker struct {
	format engine.Format
	makes  func(t testing.TB, pkcs8 []byte, kt string, encrypted bool) []byte
	lacks  map[string]bool // key types that the program cannot put into the format
}

var makers = []maker{
	{engine.PKCS8, makePKCS8, nil},
	{engine.PEM, makePEM, map[string]bool{"ed25519": true, "ed448": true}},
	{engine.OpenSSH, makeOpenSSH, nil},
	{engine.SSHCom, makeByPuttygen("-O", "private-sshcom"), map[string]bool{"ecdsa256": true, "ecdsa384": true, "ecdsa521": true, "ed25519": true, "ed448": true}},
	{engine.PPK, makeByPuttygen("-O", "private", "--reencrypt", "--ppk-param", "memory=64,passes=1"), nil},
	{engine.PPK2, makeByPuttygen("-O", "private", "--reencrypt", "--ppk-param", "version=2"), nil},
}

// opensslGenerate has the arguments that make each type but DSA, which takes two steps.
var opensslGenerate = map[string][]string{
	"rsa2048":  {"genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"},
	"ecdsa256": {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"},
	"ecdsa384": {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"},
	"ecdsa521": {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"},
	"ed25519":  {"genpkey", "-algorithm", "ED25519"},
	"ed448":    {"genpkey", "-algorithm", "ED448"},
}

func newPKCS8(t testing.TB, kt string) []byte {
	t.Helper()
	args := opensslGenerate[kt]
	if kt == "dsa1024" {
		parameters := keytest.Run(t, nil, "openssl", "dsaparam", "1024")
		args = []string{"genpkey", "-paramfile", keytest.WriteFile(t, t.TempDir(), "p", parameters)}
	}
	require.NotEmpty(t, args, kt)
	return keytest.Run(t, nil, "openssl", args...)
}

func makePKCS8(t testing.TB, pkcs8 []byte, _ string, encrypted bool) []byte {
	if !encrypted {
		return pkcs8
	}
	return keytest.Run(t, pkcs8, "openssl", "pkcs8", "-topk8", "-iter", "1000", "-passout", "pass:"+passphrase)
}

func makePEM(t testing.TB, pkcs8 []byte, _ string, encrypted bool) []byte {
	args := []string{"pkey", "-traditional"}
	if encrypted {
		args = append(args, "-aes128", "-passout", "pass:"+passphrase)
	}
	return keytest.Run(t, pkcs8, "openssl", args...)
}

// makeOpenSSH uses ssh-keygen where it reads the key, otherwise puttygen, which needs a
// .ppk: keyconv makes that of the types that ssh-keygen lacks.
func makeOpenSSH(t testing.TB, pkcs8 []byte, kt string, encrypted bool) []byte {
	if kt == "ed25519" || kt == "ed448" {
		return makeByPuttygen("-O", "private-openssh-new")(t, pkcs8, kt, encrypted)
	}
	if encrypted {
		return sshKeygen(t, pkcs8, "-p", "-P", "", "-N", passphrase, "-a", "4")
	}
	return sshKeygen(t, pkcs8, "-p", "-P", "", "-N", "")
}

func makeByPuttygen(args ...string) func(testing.TB, []byte, string, bool) []byte {
	return func(t testing.TB, pkcs8 []byte, _ string, encrypted bool) []byte {
		plain := marshal(t, mustParse(t, pkcs8), engine.PPK, false) // puttygen has no PKCS#8
		secret := ""
		if encrypted {
			secret = passphrase
		}
		pass := keytest.WriteFile(t, t.TempDir(), "new", []byte(secret))
		return puttygen(t, plain, append(args, "-C", "a comment", "--new-passphrase", pass)...)
	}
}

// readers return the public half of a file as a real program reads it, as a
// fingerprint.
var readers = map[engine.Format]func(t testing.TB, data []byte, encrypted bool) string{
	engine.PKCS8: readByOpenSSL, engine.PEM: readByOpenSSL,
	engine.OpenSSH: readBySSHKeygen, engine.SSHCom: readByPuttygen,
	engine.PPK: readByPuttygen, engine.PPK2: readByPuttygen,
	engine.JWK: readByNode, engine.Dropbear: readByDropbear,
}

func readByNode(t testing.TB, data []byte, _ bool) string {
	const script = `const k = require("crypto").createPrivateKey({key: JSON.parse(require("fs").readFileSync(0)), format: "jwk"});
		process.stdout.write(k.export({format: "pem", type: "pkcs8"}))`
	return readByOpenSSL(t, keytest.Run(t, data, "node", "-e", script), false)
}

func readByDropbear(t testing.TB, data []byte, _ bool) string {
	dir := t.TempDir()
	keytest.Run(t, nil, "dropbearconvert", "dropbear", "openssh", keytest.WriteFile(t, dir, "in", data), filepath.Join(dir, "out"))
	return fingerprintOfLine(t, keytest.Run(t, nil, "ssh-keygen", "-y", "-P", "", "-f", filepath.Join(dir, "out")))
}

func readByOpenSSL(t testing.TB, data []byte, _ bool) string {
	spki := keytest.Run(t, data, "openssl", "pkey", "-pubout", "-passin", "pass:"+passphrase)
	pub, err := rawkey.DecodeSPKI(spki)
	require.NoError(t, err)
	return sshkey.FingerprintSHA256(pub)
}

func readBySSHKeygen(t testing.TB, data []byte, encrypted bool) string {
	info, err := engine.Inspect(data, engine.Limits{})
	require.NoError(t, err)
	if info.Type == rawkey.KeyAlgoED448 { // which only PuTTY has
		return readByPuttygen(t, data, encrypted)
	}
	path := keytest.WriteFile(t, t.TempDir(), "key", data)
	return fingerprintOfLine(t, keytest.Run(t, nil, "ssh-keygen", "-y", "-P", passphrase, "-f", path))
}

func readByPuttygen(t testing.TB, data []byte, _ bool) string {
	dir := t.TempDir()
	pass := keytest.WriteFile(t, dir, "pass", []byte(passphrase))
	return fingerprintOfLine(t, keytest.Run(t, nil, "puttygen", "-L", "--old-passphrase", pass, keytest.WriteFile(t, dir, "key", data)))
}

// TestMatrix: a file of each format, type and protection is read, and written in every other
// format, and keyconv reads each result as the same key. A program reads it too, wherever it has
// not read those very bytes before. With a passphrase the bytes are new each time: a sample of
// those files is what matrixPairs chooses.
func TestMatrix(t *testing.T) {
	pairs := matrixPairs()
	for _, kt := range keytest.Some(2, keytest.Types()) {
		t.Run(kt.Name, func(t *testing.T) {
			t.Parallel()
			pkcs8 := newPKCS8(t, kt.Name)
			want := mustParse(t, pkcs8)
			fingerprint := readByOpenSSL(t, pkcs8, false)
			require.Equal(t, fingerprint, fingerprintOf(t, want))
			read := map[string]bool{}
			for _, m := range makers {
				if m.lacks[kt.Name] {
					continue
				}
				for _, encrypted := range []bool{false, true} {
					data := m.makes(t, pkcs8, kt.Name, encrypted)
					got := mustBe(t, data, want, m.format, encrypted)
					convertToAll(t, got, kt.Name, encrypted, func(data []byte, format, written engine.Format, encrypted bool) {
						if read[string(data)] || encrypted && keytest.Sampled() && !pairs[[3]string{kt.Name, string(m.format), string(format)}] {
							return
						}
						assert.Equal(t, fingerprint, readers[written](t, data, encrypted), "%s, encrypted %v", written, encrypted)
						read[string(data)] = true
					})
				}
			}
		})
	}
}

// matrixPairs chooses some of all triples of a type, a format that is read and one that is
// written with a passphrase, so that each pair of two of them is in one.
func matrixPairs() map[[3]string]bool {
	var all [][3]string
	for _, kt := range keytest.Types() {
		for _, m := range makers {
			for _, format := range engine.Formats() {
				if !m.lacks[kt.Name] && format.About().Encrypts && !cannotHold(format, kt.Name) {
					all = append(all, [3]string{kt.Name, string(m.format), string(format)})
				}
			}
		}
	}
	chosen, seen := map[[3]string]bool{}, map[[3]string]bool{}
	for need := 3; need > 0; need-- { // those first that have the most new pairs
		for _, c := range all {
			var pairs [][3]string
			for i := range c {
				pair := c
				pair[i] = ""
				if !seen[pair] {
					pairs = append(pairs, pair)
				}
			}
			if len(pairs) < need {
				continue
			}
			chosen[c] = true
			for _, pair := range pairs {
				seen[pair] = true
			}
		}
	}
	return chosen
}

// mustBe fails where a file does not hold that key in that form.
func mustBe(t *testing.T, data []byte, want *sshkey.Key, format engine.Format, encrypted bool) *sshkey.Key {
	t.Helper()
	f, err := engine.Open(data, engine.Limits{})
	require.NoError(t, err)
	require.Equal(t, format, f.Format)
	require.Equal(t, encrypted, f.Encrypted())
	got, err := f.Decrypt([]byte(passphrase))
	require.NoError(t, err)
	require.True(t, want.Equal(got), "%s, encrypted %v: another key", format, encrypted)
	return got
}

// cannotHold is every combination that does not exist.
func cannotHold(format engine.Format, kt string) bool {
	return format == engine.SSHCom && kt != "rsa2048" && kt != "dsa1024" ||
		format == engine.JWK && kt == "dsa1024" || format == engine.Dropbear && (kt == "ed448" || kt == "dsa1024") // openssl makes q of 224 bits
}

// convertToAll writes a key in every format, and has a program read the results.
func convertToAll(t *testing.T, key *sshkey.Key, kt string, encrypted bool, read func(data []byte, format, written engine.Format, encrypted bool)) {
	t.Helper()
	for _, format := range engine.Formats() {
		if !format.About().Private {
			continue
		}
		if cannotHold(format, kt) {
			requireCannotHold(t, key, format)
			continue
		}
		encrypted := encrypted && format.About().Encrypts
		data := marshal(t, key, format, encrypted)
		written := format.Resolve(algorithms[kt])
		back := mustBe(t, data, key, written, encrypted)
		read(data, format, written, encrypted)
		if written.About().Comment {
			assert.Equal(t, key.Comment, back.Comment)
		} else {
			assert.Equal(t, rawkey.DefaultComment, back.Comment)
		}
	}
}

func requireCannotHold(t *testing.T, key *sshkey.Key, format engine.Format) {
	t.Helper()
	_, err := engine.Marshal(key, format, nil)
	var unsupported *sshkey.UnsupportedError
	require.ErrorAs(t, err, &unsupported)
	require.ErrorContains(t, err, "is not supported")
	_, err = engine.MarshalWithPassphrase(key, []byte(passphrase), format, nil)
	require.ErrorAs(t, err, &unsupported)
}

// TestPublicMatrix: the public forms of each key, as programs write and read them.
func TestPublicMatrix(t *testing.T) {
	for _, kt := range keytest.Types() {
		t.Run(kt.Name, func(t *testing.T) {
			key := kt.New(t)
			key.Comment = `a "b" \c`
			ppk := keytest.WriteFile(t, t.TempDir(), "key.ppk", marshal(t, key, engine.PPK, false))
			pkcs8 := marshal(t, key, engine.PKCS8, false)
			for format, want := range map[engine.Format][]byte{
				engine.Public:  keytest.Run(t, nil, "puttygen", "-L", ppk),
				engine.RFC4716: keytest.Run(t, nil, "puttygen", "-p", ppk),
				engine.SPKI:    keytest.Run(t, pkcs8, "openssl", "pkey", "-pubout"),
			} {
				got, err := engine.Marshal(key, format, nil)
				require.NoError(t, err)
				assert.Equal(t, string(want), string(got), format)
				requirePublic(t, key, want, format)
			}
		})
	}
}

func requirePublic(t *testing.T, key *sshkey.Key, data []byte, format engine.Format) {
	t.Helper()
	f, err := engine.Open(data, engine.Limits{})
	require.NoError(t, err)
	assert.Equal(t, format, f.Format)
	assert.False(t, f.Private)
	assert.False(t, f.Encrypted())
	assert.Equal(t, fingerprintOf(t, key), sshkey.FingerprintSHA256(f.PublicKey))
	if format.About().Comment {
		assert.Equal(t, key.Comment, f.Comment)
	}
	_, err = f.Decrypt(nil)
	require.ErrorAs(t, err, new(*engine.NotPrivateError))
	_, err = engine.MarshalWithPassphrase(key, []byte(passphrase), format, nil)
	require.ErrorContains(t, err, "which holds no private key, is not supported")
}
