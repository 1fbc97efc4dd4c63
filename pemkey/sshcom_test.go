package pemkey

import (
	"encoding/binary"
	"math/big"
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/internal/wire"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sshcomOf builds a file of ssh.com.
func sshcomOf(magic uint32, keyType, cipher string, private []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, magic)
	b = append(b, 0, 0, 0, 0) // the length, which is known at the end
	b = wire.AppendString(wire.AppendString(b, keyType), cipher)
	b = wire.AppendString(b, private)
	binary.BigEndian.PutUint32(b[4:], uint32(len(b)))
	text := string(pemOf(sshcomLabel, b))
	text = strings.ReplaceAll(text, "-----BEGIN ", "---- BEGIN ")
	text = strings.ReplaceAll(text, "-----END ", "---- END ")
	return []byte(strings.ReplaceAll(text, "KEY-----", "KEY ----"))
}

func TestSSHComDamaged(t *testing.T) {
	short := wire.AppendString(nil, []byte{0, 0, 0, 17, 1, 0, 1})
	zero := wire.AppendString(nil, make([]byte, 6*4))
	huge := wire.AppendString(nil, []byte{0xff, 0xff, 0xff, 0xff, 1, 0, 1})
	syntax, invalid, unsupported := new(*sshkey.SyntaxError), new(*sshkey.InvalidKeyError), new(*sshkey.UnsupportedError)
	for name, test := range map[string]struct {
		file    []byte
		as      any
		message string
	}{
		"magic":                     {sshcomOf(1, sshcomTypeRSA, "none", zero), syntax, "the magic number is wrong"},
		"numbers cut off":           {sshcomOf(sshcomMagic, sshcomTypeRSA, "none", short), syntax, "the data ends early"},
		"number of 2^32-1 bits":     {sshcomOf(sshcomMagic, sshcomTypeRSA, "none", huge), syntax, "the data ends early"},
		"no private section":        {sshcomOf(sshcomMagic, sshcomTypeDSA, "none", nil), syntax, "the data ends early"},
		"all zero, RSA":             {sshcomOf(sshcomMagic, sshcomTypeRSA, "none", zero), invalid, "RSA"},
		"all zero, DSA":             {sshcomOf(sshcomMagic, sshcomTypeDSA, "none", zero), invalid, "DSA"},
		"no whole block":            {sshcomOf(sshcomMagic, sshcomTypeRSA, "3des-cbc", make([]byte, 17)), syntax, "no multiple of 8"},
		"nothing encrypted":         {sshcomOf(sshcomMagic, sshcomTypeRSA, "3des-cbc", nil), syntax, "0 bytes"},
		"cipher":                    {sshcomOf(sshcomMagic, sshcomTypeRSA, "rot13", zero), unsupported, `the cipher "rot13"`},
		"key type":                  {sshcomOf(sshcomMagic, "ec-modp{", "none", zero), unsupported, `the key type "ec-modp{"`},
		"key type before the bytes": {sshcomOf(sshcomMagic, "", "3des-cbc", []byte{1}), unsupported, `the key type ""`},
		"predefined parameters":     {sshcomOf(sshcomMagic, sshcomTypeDSA, "none", wire.AppendString(nil, []byte{0, 0, 0, 1})), unsupported, "predefined"},
		"nothing":                   {sshcomOf(sshcomMagic, sshcomTypeRSA, "none", zero)[:100], syntax, "cut off"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Decode(test.file)
			requireDocumented(t, err)
			require.ErrorAs(t, err, test.as)
			require.ErrorContains(t, err, test.message)
		})
	}
}

func TestSSHComTruncated(t *testing.T) {
	whole := derOf(t, normalDashes(stripHeader(keytest.Read(t, "twins", "rsa2048.sshcom"))))
	for i := range whole {
		_, err := Decode(pemOf(sshcomLabel, whole[:i]))
		requireDocumented(t, err)
		requireSyntax(t, err, 1, "")
	}
}

// stripHeader takes the comment out, which encoding/pem does not read.
func stripHeader(data []byte) []byte {
	var kept []string
	for line := range strings.SplitSeq(string(data), "\n") {
		if !strings.Contains(line, ":") {
			kept = append(kept, line)
		}
	}
	return []byte(strings.Join(kept, "\n"))
}

func TestSSHComComments(t *testing.T) {
	file := string(keytest.Read(t, "twins", "rsa2048.sshcom"))
	_, rest, _ := strings.Cut(file, "Comment: ")
	_, rest, _ = strings.Cut(rest, "\n")
	begin, _, _ := strings.Cut(file, "\n")
	for header, want := range map[string]string{
		"":                                    "",
		"Comment: \"\"\n":                     "",
		"Comment: \"quoted text\"\n":          "quoted text",
		"Comment: no quotes\n":                "no quotes",
		"Comment: \"half\n":                   "\"half",
		"Comment: \"\n":                       "\"",
		"Comment: \"a \\\nb\"\n":              "a b",
		"Comment: \"a \\\r\n b\\\r\n c\"\r\n": "a  b c",
		"Comment: a: b\nSubject: me\n":        "a: b",
		"Subject: \"me\"\n":                   "",
	} {
		data := []byte(begin + "\n" + header + rest)
		f, err := Decode(data)
		require.NoError(t, err)
		assert.Equal(t, want, f.Comment, "%q", header)
		assert.Equal(t, want, mustParse(t, data, "").Comment)
	}
}

// TestSSHComWriteComments: characters that a comment cannot have become a space; all others
// come back.
func TestSSHComWriteComments(t *testing.T) {
	key := twinKey(t, "dsa1024")
	for comment, want := range map[string]string{
		"a\r\nb\x00c":                  "a  b c",
		`back\slash\`:                  `back\slash\`,
		`"quoted"`:                     `"quoted"`,
		"  spaces  ":                   "  spaces  ",
		strings.Repeat("\\", 150):      strings.Repeat("\\", 150),
		strings.Repeat(" ", 150):       strings.Repeat(" ", 150),
		strings.Repeat("ü", 100):       strings.Repeat("ü", 100),
		strings.Repeat("x", 60) + `\`:  strings.Repeat("x", 60) + `\`,
		"\xff\xfe no UTF-8":            "\xff\xfe no UTF-8",
		strings.Repeat("x", 59) + "\"": strings.Repeat("x", 59) + "\"",
	} {
		key.Comment = comment
		for _, pass := range []string{"", passphrase} {
			var out []byte
			var err error
			if pass == "" {
				out, err = Marshal(key, &Options{Encoding: SSHCom})
			} else {
				out, err = MarshalWithPassphrase(key, []byte(pass), &Options{Encoding: SSHCom})
			}
			require.NoError(t, err)
			assert.Equal(t, want, mustParse(t, out, pass).Comment)
		}
	}
}

// TestSSHComPrimeOrder: the format wants the smaller prime first.
func TestSSHComPrimeOrder(t *testing.T) {
	for range 4 {
		key := keytest.Type(t, "rsa2048").New(t)
		out, err := Marshal(key, &Options{Encoding: SSHCom})
		require.NoError(t, err)
		f, err := Decode(out)
		require.NoError(t, err)
		r := wire.NewReader(f.sealed().(*sshcomFile).encrypted[4:])
		var x [6]*big.Int // e, d, n, the inverse, p, q
		for i := range x {
			x[i] = sshcomNumber(r, "a number")
		}
		require.NoError(t, r.Err())
		assert.Negative(t, x[4].Cmp(x[5]))
		product := new(big.Int).Mul(x[3], x[4])
		assert.Equal(t, "1", product.Mod(product, x[5]).String(), "the inverse of p modulo q")
		assertSame(t, key, mustParse(t, out, ""))
	}
}
