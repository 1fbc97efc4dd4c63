package pemkey

import (
	"bytes"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// moonFields is the private half of a type that does not exist, after its name, with fields of
// several kinds.
func moonFields(secret string) []byte {
	b := wire.AppendString(nil, "public")
	b = append(b, 0x21)
	b = wire.AppendString(b, secret)
	return wire.AppendString(b, "")
}

// moonFile is an unencrypted file with that private half and whatever follows it.
func moonFile(t testing.TB, rest []byte) []byte {
	t.Helper()
	parts := plainParts(t)
	parts.publics[0] = wire.AppendString(wire.AppendString(nil, "ssh-moon"), "public")
	parts.private = append([]byte("abcdabcd"), wire.AppendString(nil, "ssh-moon")...)
	parts.private = append(parts.private, rest...)
	return parts.file()
}

func padded(rest []byte) []byte {
	for i := byte(1); (len(rest)+8+12)%8 != 0; i++ {
		rest = append(rest, i)
	}
	return rest
}

// TestCarriedUnknownType: the private half of an unknown type is not changed, its comment is
// found behind it, and every cipher gets the padding that it needs.
func TestCarriedUnknownType(t *testing.T) {
	for size := range 24 {
		for _, comment := range keytest.Some(2, []string{"", "a", "me@laptop", "p\xc3\xa4\xe4", strings.Repeat("long ", 60)}) {
			fields := moonFields(strings.Repeat("s", 30+size))
			file := moonFile(t, padded(wire.AppendString(bytes.Clone(fields), comment)))
			f, err := Decode(file)
			require.NoError(t, err)
			requireUnsupported(t, f.Usable(), "ssh-moon")
			_, err = f.Decrypt(nil)
			requireUnsupported(t, err, "ssh-moon")
			key, err := f.Carried().Decrypt(nil)
			require.NoError(t, err)
			carried := key.Private.(*rawkey.CarriedKey)
			assert.Equal(t, f.HasComment, carried.HasComment)
			require.True(t, f.HasComment, "%d %q", size, comment)
			assert.Equal(t, comment, f.Comment)
			assert.Equal(t, fields, carried.Fields)
			if size%8 == 0 && comment == "me@laptop" {
				requireCarried(t, key)
			}
			for _, old := range []int{8, 16} { // the bcrypt of every cipher takes long
				again := append(bytes.Clone(carried.Fields), wire.AppendString(nil, comment)...)
				for i := byte(1); (len(again)+20)%old != 0; i++ {
					again = append(again, i)
				}
				back, err := Decode(moonFile(t, again))
				require.NoError(t, err)
				assert.Equal(t, comment, back.Comment)
			}
		}
	}
}

// requireCarried writes a carried key in every cipher and reads it back.
func requireCarried(t *testing.T, key *sshkey.Key) {
	t.Helper()
	for cipher := range opensshCiphers.Get() {
		out, err := Marshal(key, &Options{Encoding: OpenSSH})
		if cipher != encryptionNone {
			out, err = MarshalWithPassphrase(key, []byte("x"), &Options{Encoding: OpenSSH, Cipher: cipher, Rounds: 1})
		}
		require.NoError(t, err, cipher)
		f, err := Decode(out)
		require.NoError(t, err)
		if cipher != encryptionNone {
			_, err = f.Carried().Decrypt([]byte("wrong"))
			require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase)
		}
		back, err := f.Carried().Decrypt([]byte("x"))
		require.NoError(t, err)
		assert.True(t, back.Equal(key), cipher)
		assert.Equal(t, key.Comment, back.Comment, cipher)
	}
	for _, encoding := range []Encoding{PKCS8, SSHCom} {
		_, err := Marshal(key, &Options{Encoding: encoding})
		require.ErrorAs(t, err, new(*sshkey.UnsupportedError))
	}
}

// TestCarriedUncertain: where nothing shows what is the comment, all is kept as it is, and a
// cipher that needs more padding is refused.
func TestCarriedUncertain(t *testing.T) {
	rest := wire.AppendString(moonFields("secret"), "\x00\x00\x00\x01\t")
	for len(rest)%8 != 4 {
		rest = append([]byte{9}, rest...)
	}
	refused := 0
	for range 2 { // a multiple of 16, and not
		rest = append(make([]byte, 8), rest...)
		f, err := Decode(moonFile(t, rest))
		require.NoError(t, err)
		assert.False(t, f.HasComment)
		key, err := f.Carried().Decrypt(nil)
		require.NoError(t, err)
		assert.Equal(t, rest, key.Private.(*rawkey.CarriedKey).Fields)
		out, err := MarshalWithPassphrase(key, []byte("x"), &Options{Encoding: OpenSSH, Rounds: 1})
		if err != nil {
			requireUnsupported(t, err, "padding looks like a part of its comment")
			refused++
			continue
		}
		f, err = Decode(out)
		require.NoError(t, err)
		back, err := f.Carried().Decrypt([]byte("x"))
		require.NoError(t, err)
		assert.True(t, back.Equal(key))
	}
	assert.Equal(t, 1, refused)
}

// TestCarriedDamaged: what is certain of every private section is checked of an unknown
// type too.
func TestCarriedDamaged(t *testing.T) {
	good := padded(wire.AppendString(moonFields("secret"), "a comment"))
	_, err := Decode(moonFile(t, good))
	require.NoError(t, err)
	for name, rest := range map[string][]byte{
		"nothing": nil, "one byte": {0}, "cut off": good[:len(good)-12], "padding": append(bytes.Clone(good[:len(good)-1]), 99),
	} {
		_, err := Decode(moonFile(t, rest))
		require.ErrorAs(t, err, new(*sshkey.SyntaxError), name)
	}
	for _, of := range []string{"rsa2048.openssh", "rsa2048.pem", "ed25519.enc.openssh"} {
		f, err := Decode(keytest.Read(t, "twins", of))
		require.NoError(t, err)
		assert.Nil(t, f.Carried(), "%s is not carried but converted", of)
	}
}

// TestCarriedToken: the private half of a key on a token is carried as ssh-keygen -p does, and
// its flags are told.
func TestCarriedToken(t *testing.T) {
	file := keytest.Read(t, "corpus", "import-edge", "sk")
	f, err := Decode(file)
	require.NoError(t, err)
	require.NotNil(t, f.Token)
	assert.Equal(t, "ssh:", f.Token.Application)
	assert.True(t, f.Token.HasFlags)
	key, err := f.Carried().Decrypt(nil)
	require.NoError(t, err)
	assert.Equal(t, f.Comment, key.Comment)
	requireCarried(t, key)
	key.Comment = "another comment"
	out, err := MarshalWithPassphrase(key, []byte("secret"), &Options{Encoding: OpenSSH, Rounds: 1})
	require.NoError(t, err)
	encrypted, err := Decode(out)
	require.NoError(t, err)
	assert.False(t, encrypted.Token.HasFlags)
	plain := sshKeygen(t, out, "-p", "-N", "", "-P", "secret")
	f, err = Decode(plain)
	require.NoError(t, err)
	assert.Equal(t, "another comment", f.Comment)
	back, err := f.Carried().Decrypt(nil)
	require.NoError(t, err)
	assert.True(t, back.Equal(key))
}

// TestTokenFlags: each flag of both types, in the private half of a file.
func TestTokenFlags(t *testing.T) {
	point := ecdsaPoint(t)
	for flags := range 256 {
		for algorithm, public := range map[string][][]byte{
			"sk-ssh-ed25519@openssh.com":         {make([]byte, 32)},
			"sk-ecdsa-sha2-nistp256@openssh.com": {[]byte("nistp256"), point},
		} {
			blob, private := wire.AppendString(nil, algorithm), wire.AppendString(nil, algorithm)
			for _, field := range append(public, []byte("ssh:x")) {
				blob, private = wire.AppendString(blob, field), wire.AppendString(private, field)
			}
			private = append(private, byte(flags))
			private = wire.AppendString(wire.AppendString(private, "handle"), "")
			private = wire.AppendString(private, "comment")
			parts := plainParts(t)
			parts.publics[0], parts.private = blob, section(private)
			f, err := Decode(parts.file())
			require.NoError(t, err)
			assert.Equal(t, &sshkey.Token{Application: "ssh:x", Flags: byte(flags), HasFlags: true}, f.Token)
			assert.Equal(t, "comment", f.Comment)
		}
	}
}

func ecdsaPoint(t *testing.T) []byte {
	t.Helper()
	pub, err := keytest.Type(t, "ecdsa256").New(t).Public()
	require.NoError(t, err)
	r := wire.NewReader(pub.Marshal())
	r.String("type")
	r.String("curve")
	return bytes.Clone(r.String("point"))
}

// FuzzCarried: whatever follows the type in a private section, it is an error, or is carried
// without a change of its bytes.
func FuzzCarried(f *testing.F) {
	for _, comment := range []string{"", "a comment", "\x00\x00\x00\x01\t"} {
		f.Add(padded(wire.AppendString(moonFields("secret"), comment)))
	}
	f.Fuzz(func(t *testing.T, rest []byte) {
		file, err := Decode(moonFile(t, rest))
		if err != nil {
			requireDocumented(t, err)
			return
		}
		key, err := file.Carried().Decrypt(nil)
		require.NoError(t, err)
		carried := key.Private.(*rawkey.CarriedKey)
		again := appendCarried(nil, key, carried)
		require.True(t, bytes.HasPrefix(rest, again))
		require.True(t, isPadding(rest[len(again):]))
		out, err := Marshal(key, &Options{Encoding: OpenSSH})
		if err != nil {
			requireUnsupported(t, err, "padding looks like a part of its comment")
			return
		}
		back, err := Decode(out)
		require.NoError(t, err)
		same, err := back.Carried().Decrypt(nil)
		require.NoError(t, err)
		require.True(t, same.Equal(key))
	})
}
