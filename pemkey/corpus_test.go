package pemkey

import (
	"strings"
	"testing"

	"github.com/keyconv/keyconv/internal/keytest"
	"github.com/keyconv/keyconv/sshkey"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestGeneratedCorpus(t *testing.T) {
	loaded := 0
	for _, file := range keytest.Corpus(t, "generated") {
		_, form, _ := strings.Cut(file.Name, ".")
		if !strings.HasPrefix(form, "openssh") && !strings.HasPrefix(form, "sshcom") {
			continue
		}
		loaded++
		if quick() && strings.HasSuffix(form, "openssh-new.enc") {
			continue // 16 rounds of bcrypt each
		}
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			key := mustParse(t, file.Data, file.Passphrase)
			assertPublic(t, authorizedBlob(t, keytest.Read(t, "corpus", "generated", file.Type+".pub")), key)
			plain := keytest.Read(t, "corpus", "generated", file.Type+".openssh")
			assertSame(t, mustParse(t, plain, ""), key)
			if !quick() || form == "openssh" { // its primes are large, and the same in each form
				require.NoError(t, key.Validate())
			}
		})
	}
	assert.GreaterOrEqual(t, loaded, 46)
}

// The fingerprints that puttygen and ssh-keygen show of the keys in import-edge.
const (
	edgeRSA     = "SHA256:DytOkNSdZ2R4Y67lbkSGiEItmeeZIY7dOQknwmOGnLg"
	edgeEd25519 = "SHA256:0IaVG1AmOY7XeNrpFU2MXmTvqepRFzbK0Uuj0+FPdwo"
	edgeP256    = "SHA256:Skx6GtV9tjWDD0yYwOckTmx0gcvPcQ3TzmDf0MJYMMg"
	edgeP256New = "SHA256:uVMR5NU9G3+TomXci2r7mDPjVYQ09NeNBYWA3y0Lbao"
	edgeP521    = "SHA256:vAVpn4hW2IVFDAxImvmfdL23k2iw0r4H7Gxj0qfA25I"
	edgeUnknown = ""
)

// edgeLoads are the files that load, with their key. PuTTY refuses some of them
// because of damaged text or a form that it does not know.
var edgeLoads = map[string]string{
	"rsa_pem": edgeRSA, "lead_rsa": edgeRSA, "trailb_rsa": edgeRSA, "traile_rsa": edgeRSA, "nonl_rsa": edgeRSA,
	"two": edgeRSA, "enc_des3": edgeRSA, "enc_aes192": edgeRSA, "enc_lc": edgeRSA, "enc_camellia128": edgeRSA, "enc_noblank": edgeRSA,
	"r_swapped_badiq": edgeRSA, "r_badiq": edgeRSA, "r_dphi": edgeRSA, "r_dplusphi": edgeRSA,
	"r_trailing_inseq": edgeRSA, "r_indef": edgeRSA, "r_padzeros": edgeRSA, "p8_labelled_pkcs1": edgeRSA, "sce.key": edgeRSA,

	"ed_new": edgeEd25519, "blank_ed": edgeEd25519, "crlf_ed": edgeEd25519, "cr_ed": edgeEd25519, "traile_ed": edgeEd25519,
	"ne_aes128-cbc": edgeEd25519, "ne_aes256-cbc": edgeEd25519, "ne_aes192-ctr": edgeEd25519,
	"ne_aes128-gcm_at_openssh.com": edgeEd25519, "ne_chacha20-poly1305_at_openssh.com": edgeEd25519,
	"multi_new": edgeEd25519, "nopad": edgeEd25519,
	"c_empty": edgeEd25519, "c_cr": edgeEd25519, "c_utf8": edgeEd25519, "c_sp": edgeEd25519, "c_huge": edgeEd25519,

	"ec256_pem": edgeP256, "ecenc_des3": edgeP256, "ecenc_aes256": edgeP256, "eccomp.pem": edgeP256,
	"e_33": edgeP256, "e_pubonly1": edgeP256,
	"ec_compressed": edgeP256New, "ec_wrongcurvename": edgeP256New,
	"ec521_pem": edgeP521, "ecnopub521.pem": edgeP521,

	"dsa_pem":       "SHA256:jUKNwe9IShpMZY3Gobt70NTCYdvsB53071AWDuRQ00Y",
	"ec384_new":     "SHA256:vd0ZjEKoGYFBXym0n0Vp/99N4nSh5JcG5JgkKE8R9Y0",
	"p8enc_rsa.pem": "SHA256:Td1ugLPOo40N5j/PGN3+pk+8c8sF0ygYrLW4ApplMFY",
	"p8_ec.pem":     "SHA256:LXXkHLxBn6EhDl6wltXBYDodL7tq9q8unE03fiDplV4",
	"rsa1024":       "SHA256:lcrq2yxAVjPP93N6y1Tm4qm5d1FAtd8+CfDMptntTlM",
	"rsa8192":       "SHA256:T6BO7B2KSRHFdnu6mpXmfuAVF4fFZMKzNbgW53NkroA",
	"rsa3":          "SHA256:Fc+m9NEWRFKLF1C4vSrCaqLefzrjqRciFfiD46MdXFQ",
}

// edgeRefused are the files that do not load, with the type of the error, a part of
// its message, and whether puttygen 0.78 loads them.
var edgeRefused = map[string]struct {
	as      any
	message string
	putty   bool
}{
	// PuTTY loads a broken key without an error.
	"pubmismatch": {new(*sshkey.InvalidKeyError), "belongs to another private key", true},
	"ec_zeropriv": {new(*sshkey.InvalidKeyError), "out of range", true},

	// Damaged text: this package does not mend it.
	"bom_ed":      {new(*sshkey.SyntaxError), "line 1: there is no line", false},
	"indb_rsa":    {new(*sshkey.SyntaxError), "line 2: this is not base64", false},
	"noend_rsa":   {new(*sshkey.SyntaxError), "it is cut off", false},
	"oneline_rsa": {new(*sshkey.SyntaxError), "line 1: there is no line", false},
	"empty":       {new(*sshkey.SyntaxError), "line 1: there is no line", false},

	// No private key.
	"rsa.rfc":    {new(*sshkey.SyntaxError), `not a private key, but "SSH2 PUBLIC KEY"`, false},
	"rsa.pempub": {new(*sshkey.SyntaxError), `not a private key, but "RSA PUBLIC KEY"`, false},

	// Not an SSH key, or not possible to decrypt.
	"ec224.pem": {new(*sshkey.UnsupportedError), "P-224", false},
	"ecbp.pem":  {new(*sshkey.UnsupportedError), "brainpoolP256r1", false},
	"sk":        {new(*sshkey.UnsupportedError), "security token", false},

	// The meaning of the bytes.
	"checkdiff":      {new(*sshkey.SyntaxError), "checkints differ", false},
	"ed_pubcopy_bad": {new(*sshkey.InvalidKeyError), "the two copies of the public key differ", false},
	"ec_neg_mp":      {new(*sshkey.SyntaxError), "the number is negative", false},
	"r_badn":         {new(*sshkey.InvalidKeyError), "n is not p times q", false},
	"e_ver0":         {new(*sshkey.SyntaxError), "the version of an EC private key is 0", false},
}

func TestImportEdgeCorpus(t *testing.T) {
	files := keytest.Corpus(t, "import-edge")
	assert.Len(t, files, len(edgeLoads)+len(edgeRefused), "every file is in one of the tables")
	for _, file := range files {
		if quick() && strings.HasPrefix(file.Name, "ne_") {
			continue // 16 rounds of bcrypt each
		}
		t.Run(file.Name, func(t *testing.T) {
			t.Parallel()
			imports := strings.HasPrefix(file.Verdict, "IMPORTS")
			if refused, ok := edgeRefused[file.Name]; ok {
				assert.Equal(t, refused.putty, imports)
				_, err := ParseWithPassphrase(file.Data, []byte(file.Passphrase))
				requireDocumented(t, err)
				require.ErrorAs(t, err, refused.as)
				require.ErrorContains(t, err, refused.message)
				return
			}
			require.NotEqual(t, edgeUnknown, edgeLoads[file.Name], "the file is in no table")
			key := mustParse(t, file.Data, file.Passphrase)
			pub, err := key.Public()
			require.NoError(t, err)
			assert.Equal(t, edgeLoads[file.Name], sshkey.FingerprintSHA256(pub))
			if imports {
				comment := strings.ReplaceAll(file.Comment, `\r`, "\r") // as the table writes it
				assert.Equal(t, comment, key.Comment)
			}
		})
	}
}

// TestEdgeNumbers: odd numbers are kept as they are, or corrected.
func TestEdgeNumbers(t *testing.T) {
	right := mustParse(t, keytest.Read(t, "corpus", "import-edge", "rsa_pem"), "")
	for _, name := range []string{"r_swapped_badiq", "r_badiq", "r_trailing_inseq", "r_padzeros", "two", "lead_rsa"} {
		key := mustParse(t, keytest.Read(t, "corpus", "import-edge", name), "")
		assertSame(t, right, key)
		require.NoError(t, key.Validate(), name)
	}
	for _, name := range []string{"r_dphi", "r_dplusphi"} {
		key := mustParse(t, keytest.Read(t, "corpus", "import-edge", name), "")
		require.NoError(t, key.Validate(), name)
		for _, encoding := range []Encoding{Traditional, PKCS8, OpenSSH, SSHCom} {
			out, err := Marshal(key, &Options{Encoding: encoding})
			require.NoError(t, err)
			assertSame(t, key, mustParse(t, out, ""))
		}
	}
}
