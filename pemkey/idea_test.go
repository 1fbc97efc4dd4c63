package pemkey

import (
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ideaFiles are the key of ecdsa256 as Node.js 20 writes it, whose OpenSSL has IDEA; Debian's does
// not. Their passphrase is the word secret.
var ideaFiles = map[string]string{
	"IDEA-CBC": `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: IDEA-CBC,2389C221FE2DF2E3

U4B4+OEvyCYyiIycpE+F6XXrb1d0WpocttTl8OXVdg0BN0D3XGdEnlUUifySzexw
wl8cU6dkfCzFZNWAEyYnQKaqlxZKoyV+NSlG2QeEfkQVQgihhKuYXNmwgMiCgQaT
ZlRRkfrfmVqOsMeCz9i0CCjF4hDh2dZmuFcUrRp15aY=
-----END EC PRIVATE KEY-----
`,
	"IDEA-CFB": `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: IDEA-CFB,3D34C4BA8591ED93

x7FvWH1UZUSnkBUDmlmOI7ZsSJZaXzn45d+/Pbr3t6/VraBTdvWqRmXghtMPA5wb
VvkFKzf3dsP58NjabXxlejmzPSCbKONrGz68nOvcBCuQdkTTSgr/3DYWAbRsKMvQ
YuX+1LFYzfkKGaVgLZwrfIXIjoIEzgf4eQ==
-----END EC PRIVATE KEY-----
`,
	"IDEA-OFB": `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: IDEA-OFB,83E52B790A34A8AD

20ATwUMGcaWQ3O6uhTXu5/s1Vs0Td0mPD9voxTuo/AZGQusaLe3YFPX89gI98t5K
5jwsYroygautirVP8a0iVpGA8OeF/0eBxpKg+KQuQzSCcFUEPKV7lCN7OFwK8/Aa
wegDn5bB/D7MMx1j7vaWYftrUj2sPSuRww==
-----END EC PRIVATE KEY-----
`,
	"idea-cbc": `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHmMFEGCSqGSIb3DQEFDTBEMCkGCSqGSIb3DQEFDDAcBAi7ePNJSeppfQICCAAw
DAYIKoZIhvcNAgkFADAXBgsrBgEEAYE8BwEBAgQIb+2m4bagJNkEgZAywcFjMvDL
nYr2syUpNEtA+ML1QwXEmHkneG3sNdQoqNmhX16GhUDfT3xqbFD8q2cIkUPFueML
Keau4W3w2D+W5/3iNMZ0VDMktbto4dmn6X2mF2OqAsojbTKjn3w1CKo00Pgu6Z48
SAF4SzDSxtlJUfWHbiULgRzNOY33tIAkc5iklNEkgM4PPS/CDOk5VIY=
-----END ENCRYPTED PRIVATE KEY-----
`,
}

func TestReadIDEA(t *testing.T) {
	want := mustParse(t, keytest.Read(t, "twins", "ecdsa256.pem"), "")
	for name, file := range ideaFiles {
		f, err := Decode([]byte(file))
		require.NoError(t, err, name)
		assert.Equal(t, name, f.Encryption)
		assertSame(t, want, mustParse(t, []byte(file), "secret"))
		_, err = f.Decrypt([]byte("secreT"))
		require.ErrorIs(t, err, sshkey.ErrIncorrectPassphrase, name)
	}
}
