package pemkey

import (
	"bytes"
	"crypto/ed25519"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/ssh"
)

// TestBcryptPBKDF compares with a known answer: the key and IV of a file from ssh-keygen.
func TestBcryptPBKDF(t *testing.T) {
	salt, err := hex.DecodeString("d0c3b40ace4afeaf8c0f81202ae36718")
	require.NoError(t, err)
	got := bcryptPBKDF([]byte("test passphrase"), salt, 16, 48)
	assert.Equal(t, "d78ba86e7273de0e007ab0ba256646823d5c902bc44293ae78547e9a7f629be928cc78ff78a75a4feb7aa6f125079c7d", hex.EncodeToString(got))
}

// opensshParts are the fields of a file, each of which a test may change.
type opensshParts struct {
	magic, cipher, kdf, options string
	count                       uint32
	publics                     [][]byte
	private, after              []byte
}

func (p opensshParts) file() []byte {
	b := []byte(p.magic)
	for _, s := range []string{p.cipher, p.kdf, p.options} {
		b = wire.AppendString(b, s)
	}
	b = binary.BigEndian.AppendUint32(b, p.count)
	for _, public := range p.publics {
		b = wire.AppendString(b, public)
	}
	b = append(wire.AppendString(b, p.private), p.after...)
	return pemOf(opensshLabel, b)
}

// plainParts returns the parts of a good plain file of the Ed25519 twin.
func plainParts(t testing.TB) opensshParts {
	t.Helper()
	pub, err := twinKey(t, "ed25519").Public()
	require.NoError(t, err)
	return opensshParts{
		magic: opensshMagic, cipher: "none", kdf: "none", count: 1,
		publics: [][]byte{pub.Marshal()}, private: section(ed25519Fields(t)),
	}
}

// section returns a private section with checkints and padding.
func section(fields []byte) []byte {
	b := append([]byte("abcdabcd"), fields...)
	for i := byte(1); len(b)%8 != 0; i++ {
		b = append(b, i)
	}
	return b
}

// ed25519Fields returns type, public key, seed with public key, and comment.
func ed25519Fields(t testing.TB) []byte {
	t.Helper()
	key := twinKey(t, "ed25519").Private.(ed25519.PrivateKey)
	b := wire.AppendString(nil, ssh.KeyAlgoED25519)
	b = wire.AppendString(wire.AppendString(b, key[32:]), key)
	return wire.AppendString(b, "comment")
}

func options(salt string, rounds uint32) string {
	return string(binary.BigEndian.AppendUint32(wire.AppendString(nil, salt), rounds))
}

func TestOpenSSHDamaged(t *testing.T) {
	fields := ed25519Fields(t)
	rsaPublic := authorizedBlob(t, keytest.Read(t, "twins", "rsa2048.pub"))
	syntax, invalid, unsupported := new(*sshkey.SyntaxError), new(*sshkey.InvalidKeyError), new(*sshkey.UnsupportedError)
	for _, test := range []struct {
		name    string
		change  func(p *opensshParts)
		as      any
		message string
	}{
		{"magic", func(p *opensshParts) { p.magic = "openssh-key-v2\x00" }, syntax, "does not begin with"},
		{"nothing after the magic", func(p *opensshParts) { *p = opensshParts{magic: "openssh-key-v1"} }, syntax, ""},
		{"checkints", func(p *opensshParts) { p.private[0] ^= 1 }, syntax, "checkints differ"},
		{"padding", func(p *opensshParts) { p.private[len(p.private)-1] ^= 1 }, syntax, "the padding is wrong"},
		{"zeros as padding", func(p *opensshParts) { p.private = append(section(fields), 0) }, syntax, "the padding is wrong"},
		{"empty private section", func(p *opensshParts) { p.private = nil }, syntax, "ends early"},
		{"checkints alone", func(p *opensshParts) { p.private = []byte("abcdabcd") }, syntax, "private key type"},
		{"no keys", func(p *opensshParts) { p.count = 0; p.publics = nil }, syntax, "holds no key"},
		{"2^32-1 keys", func(p *opensshParts) { p.count = 1<<32 - 1 }, syntax, "ends early"},
		{"one key missing", func(p *opensshParts) { p.count = 2; p.publics = append(p.publics, p.publics[0]) }, syntax, "private key type"},
		{"kdf without cipher", func(p *opensshParts) { p.kdf = "bcrypt"; p.options = options("salt", 1) }, syntax, "the key derivation is"},
		{"cipher without kdf", func(p *opensshParts) { p.cipher = "aes256-ctr" }, syntax, "the key derivation is"},
		{"data after it", func(p *opensshParts) { p.after = []byte{0} }, syntax, "more data follows the last field"},
		{"options without a kdf", func(p *opensshParts) { p.options = "what" }, syntax, "kdf options: more data follows"},
		{"public key with data", func(p *opensshParts) { p.publics[0] = append(p.publics[0], 0) }, invalid, "more data follows the last field"},
		{"data after an unknown cipher", func(p *opensshParts) { p.cipher, p.after = "rot13", []byte("tag") }, unsupported, `the cipher "rot13"`},
		{"unknown cipher", func(p *opensshParts) { p.cipher = "rot13" }, unsupported, `the cipher "rot13"`},
		{"unknown kdf", func(p *opensshParts) { p.kdf = "argon2id" }, unsupported, `the key derivation "argon2id"`},
		{"public key of another", func(p *opensshParts) { p.publics[0] = rsaPublic }, invalid, "belongs to another private key"},
		{"public key damaged", func(p *opensshParts) { p.publics[0][len(p.publics[0])-1] ^= 1 }, invalid, "belongs to another private key"},
		{"public key cut off", func(p *opensshParts) { p.publics[0] = p.publics[0][:30] }, invalid, "ends early"},
		{"public key of unknown type", func(p *opensshParts) { p.publics[0] = wire.AppendString(nil, "ssh-foo") }, invalid, "missing"},
		{"another type than in the private section", func(p *opensshParts) {
			p.publics[0] = wire.AppendString(wire.AppendString(nil, "ssh-foo"), "key")
		}, invalid, `the private half is of type "ssh-ed25519", but the public one of type "ssh-foo"`},
		{"private key of unknown type", func(p *opensshParts) { p.private = section(wire.AppendString(nil, "ssh-foo")) }, unsupported, `"ssh-foo"`},
		{"private key of another type", func(p *opensshParts) {
			p.private = section(bytes.Replace(fields, []byte("ssh-ed25519"), []byte("ssh-rsa\x00\x00\x00\x00"), 1))
		}, unsupported, `ssh-rsa\x00`},
		{"first copy of the public key", func(p *opensshParts) { p.private[8+15+4] ^= 1 }, invalid, "two copies"},
		{"second copy of the public key", func(p *opensshParts) { p.private[8+15+36+4+32] ^= 1 }, invalid, "two copies"},
		{"seed", func(p *opensshParts) { p.private[8+15+36+4] ^= 1 }, invalid, "does not match"},
		{"short seed", func(p *opensshParts) { p.private[8+15+36+3] = 20 }, invalid, "two copies"},
		{"comment cut off", func(p *opensshParts) { p.private = section(fields)[:8+len(fields)-2] }, syntax, "comment"},
	} {
		t.Run(test.name, func(t *testing.T) {
			parts := plainParts(t)
			test.change(&parts)
			_, err := Decode(parts.file())
			requireDocumented(t, err)
			require.ErrorAs(t, err, test.as)
			require.ErrorContains(t, err, test.message)
			assert.NotContains(t, err.Error(), "passphrase")
		})
	}
}

func TestOpenSSHAllows(t *testing.T) {
	for name, change := range map[string]func(p *opensshParts){
		"as it is":         func(*opensshParts) {},
		"no padding":       func(p *opensshParts) { p.private = append([]byte("abcdabcd"), ed25519Fields(t)...) },
		"a block too much": func(p *opensshParts) { p.private = append(p.private, 7, 8, 9, 10, 11, 12, 13, 14) },
	} {
		parts := plainParts(t)
		require.Equal(t, byte(6), parts.private[len(parts.private)-1], "the padding, which one case continues")
		change(&parts)
		key := mustParse(t, parts.file(), "")
		assert.Equal(t, "comment", key.Comment, name)
		assertSame(t, twinKey(t, "ed25519"), key)
	}
}

func TestOpenSSHEncryptedDamaged(t *testing.T) {
	for name, change := range map[string]func(p *opensshParts){
		"0 rounds":                   func(p *opensshParts) { p.options = options("salt", 0) },
		"empty salt":                 func(p *opensshParts) { p.options = options("", 1) },
		"no options":                 func(p *opensshParts) { p.options = "" },
		"options cut off":            func(p *opensshParts) { p.options = p.options[:6] },
		"no private section":         func(p *opensshParts) { p.private = nil },
		"a byte too much":            func(p *opensshParts) { p.private = append(p.private, 0) },
		"half a block":               func(p *opensshParts) { p.private = p.private[:24] },
		"private section is no text": func(p *opensshParts) { p.private = p.private[:1] },
	} {
		t.Run(name, func(t *testing.T) {
			parts := plainParts(t)
			parts.cipher, parts.kdf, parts.options = "aes256-ctr", "bcrypt", options("salt", 1)
			parts.private = make([]byte, 160)
			_, err := Decode(parts.file())
			require.NoError(t, err)
			change(&parts)
			_, err = Decode(parts.file())
			requireDocumented(t, err)
			requireSyntax(t, err, 1, "openssh-key-v1: ")
		})
	}
}

// TestOpenSSHTruncated cuts files off at every byte of the decoded base64.
func TestOpenSSHTruncated(t *testing.T) {
	for _, name := range []string{"ed25519.openssh", "rsa2048.openssh", "ed25519.aes256-ctr.openssh", "ed25519.aes256-gcm.openssh", "ed25519.chacha20-poly1305.openssh"} {
		whole := derOf(t, keytest.Read(t, "twins", name))
		for i := range whole {
			_, err := Parse(pemOf(opensshLabel, whole[:i]))
			requireDocumented(t, err)
			requireSyntax(t, err, 1, "")
		}
	}
}

func TestOpenSSHTwoKeys(t *testing.T) {
	parts := plainParts(t)
	other := keytest.Type(t, "ecdsa256").New(t)
	pub, err := other.Public()
	require.NoError(t, err)
	fields := wire.AppendString(nil, pub.Type())
	fields = appendOpenSSHECDSA(fields, other.Private)
	fields = wire.AppendString(fields, "second")
	parts.count, parts.publics = 2, append(parts.publics, pub.Marshal())
	parts.private = section(append(ed25519Fields(t), fields...))
	f, err := Decode(parts.file())
	require.NoError(t, err)
	assert.Equal(t, 2, f.Keys)
	assert.Equal(t, "comment", f.Comment)
	assertSame(t, twinKey(t, "ed25519"), mustParse(t, parts.file(), ""))
	requirePick(t, f, 0, twinKey(t, "ed25519"), "comment")
	requirePick(t, f, 1, &sshkey.Key{Private: other.Private}, "second")
	for _, index := range []int{2, -1} {
		_, err = f.Pick(index)
		require.EqualError(t, err, fmt.Sprintf("pemkey: the block has no key %d", index))
		require.ErrorAs(t, err, new(*sshkey.InvalidKeyError))
	}
	console, err := Decode(keytest.Read(t, "console-rsa2048.pem"))
	require.NoError(t, err)
	same, err := console.Pick(0)
	require.NoError(t, err)
	assert.Equal(t, FormatPKCS1, same.Format)

	parts.publics[1] = parts.publics[0]
	_, err = Decode(parts.file())
	require.ErrorAs(t, err, new(*sshkey.InvalidKeyError), "the second key is checked too")
}

// TestOpenSSHManyKeys: one key more than the limit is refused, not left out.
func TestOpenSSHManyKeys(t *testing.T) {
	parts := plainParts(t)
	parts.count = sshkey.MaxBlockKeys
	parts.publics = slices.Repeat(parts.publics, sshkey.MaxBlockKeys)
	parts.private = section(bytes.Repeat(ed25519Fields(t), sshkey.MaxBlockKeys))
	f, err := Decode(parts.file())
	require.NoError(t, err)
	assert.Equal(t, sshkey.MaxBlockKeys, f.Keys)
	requirePick(t, f, sshkey.MaxBlockKeys-1, twinKey(t, "ed25519"), "comment")

	parts.count++
	parts.publics = append(parts.publics, parts.publics[0])
	parts.private = section(bytes.Repeat(ed25519Fields(t), sshkey.MaxBlockKeys+1))
	_, err = Decode(parts.file())
	var limit *sshkey.LimitError
	require.ErrorAs(t, err, &limit)
	assert.Equal(t, sshkey.LimitError{Kind: sshkey.LimitKeys, What: "the number of keys in one block", Value: sshkey.MaxBlockKeys + 1, Max: sshkey.MaxBlockKeys}, *limit)

	parts.publics = parts.publics[:1]
	parts.count = 1 << 24 // as damage could make it
	_, err = Decode(parts.file())
	require.ErrorAs(t, err, new(*sshkey.SyntaxError))
}

// TestOpenSSHOpensOnce: the keys of a plain file are read once, when it is decoded. Each
// caller gets its own copy.
func TestOpenSSHOpensOnce(t *testing.T) {
	f, err := Decode(plainParts(t).file())
	require.NoError(t, err)
	first, err := f.Decrypt(nil)
	require.NoError(t, err)
	first.Comment = "changed"
	second, err := f.Decrypt(nil)
	require.NoError(t, err)
	assert.Equal(t, "comment", second.Comment)
	assert.LessOrEqual(t, testing.AllocsPerRun(10, func() { _, _ = f.Decrypt(nil) }), 1.0)
}

func requirePick(t *testing.T, f *File, index int, want *sshkey.Key, comment string) {
	t.Helper()
	picked, err := f.Pick(index)
	require.NoError(t, err)
	assert.Equal(t, comment, picked.Comment)
	assert.Equal(t, f.Keys, picked.Keys)
	assert.Equal(t, f.Label, picked.Label)
	key, err := picked.Decrypt(nil)
	require.NoError(t, err)
	assertSame(t, want, key)
	pub, err := key.Public()
	require.NoError(t, err)
	assert.Equal(t, pub.Marshal(), picked.PublicKey.Marshal())
}

// TestOpenSSHSecurityKey: the public half of a key on a token is returned, and no
// passphrase is needed to refuse the rest.
func TestOpenSSHSecurityKey(t *testing.T) {
	file := keytest.Read(t, "corpus", "import-edge", "sk")
	for name, data := range map[string][]byte{
		"plain":     file,
		"encrypted": sshKeygen(t, file, "-p", "-N", "secret", "-P", "", "-a", "1"),
	} {
		f, err := Decode(data)
		require.NoError(t, err)
		assert.Equal(t, name == "encrypted", f.Encrypted())
		assert.Equal(t, "sk-ssh-ed25519@openssh.com", f.PublicKey.Type())
		for _, open := range []func() error{
			func() error { _, err := Parse(data); return err },
			func() error { _, err := ParseWithPassphrase(data, []byte("wrong")); return err },
			func() error { _, err := f.Decrypt([]byte("secret")); return err },
		} {
			err := open()
			requireDocumented(t, err)
			requireUnsupported(t, err, "security token")
		}
	}
}
