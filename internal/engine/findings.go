package engine

import (
	"fmt"
	"slices"
	"strings"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
)

// The least that a guess of a passphrase should cost. A file that is below gets a warning.
// All are below the defaults of this module, and of those programs whose defaults are sound.
const (
	// minArgon2Work is memory times passes in KiB, the cheapest row of OWASP's Password
	// Storage Cheat Sheet: 7168 KiB and 5 passes. PuTTYgen has 8192 KiB, and 13 passes
	// where it does not measure.
	minArgon2Work = 7168 * 5
	// minBcryptRounds has been the default of ssh-keygen since it has the format (6.5).
	minBcryptRounds = 16
	// minPBKDF2Iterations is a sixth of what OWASP asks for with SHA-256 (600,000), and
	// half of it with SHA-512 (210,000), so that a file of a careful program gets no warning.
	// OpenSSL's default is 2048.
	minPBKDF2Iterations = 100_000
	// minScryptMemory and minScryptWork, in KiB and in KiB times p, are the cheapest rows
	// of the same list, where N = 2^13 wants p = 10 and N = 2^14 wants p = 5, both with
	// r = 8. OpenSSL's default is N = 2^14 and p = 1.
	minScryptMemory = 8192
	minScryptWork   = 8192 * 10
)

const owaspSource = "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html"

// The forms that are weak as a whole.
var (
	ofSSH1 = rawkey.Finding{
		Code:    "ssh1",
		Message: "the key is from SSH-1, a protocol that is no longer in use",
		Advice:  Advice{Action: rawkey.ReplaceKey, Text: "in SSH-2 it is a new key, which has to be added to the servers"},
		Source:  "https://www.openssh.com/txt/release-7.6",
	}
	ofPPK1 = rawkey.Finding{
		Code:    "ppk1",
		Message: "version 1 of PuTTY's form does not protect the comment and the public key against changes",
		Advice:  Advice{Action: rawkey.ConvertTo, Formats: []string{string(PPK)}},
		Source:  "https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html",
	}
)

// weakCiphers are parts of the names of ciphers in PKCS#8 that are weak whatever the key
// derivation costs: DES has keys of 56 bits, RC2 may have 40, RC4 is biased, and ECB shows
// which blocks are the same. A form that is weak as a whole has a finding for that.
var weakCiphers = []string{"des-cbc", "des-cfb", "des-ofb", "rc2", "rc4", "-ecb"}

func (f *File) cipherFindings() []rawkey.Finding {
	isPBES2 := strings.HasPrefix(f.KDF.Name, "PBKDF2") || f.KDF.Name == "scrypt"
	weak := func(part string) bool {
		return strings.HasPrefix(f.Encryption, part) || strings.HasSuffix(f.Encryption, part)
	}
	if !isPBES2 || strings.HasPrefix(f.Encryption, "3des") || !slices.ContainsFunc(weakCiphers, weak) {
		return nil
	}
	return []rawkey.Finding{{
		Code:    "encryption-cipher",
		Message: "the cipher of the encryption is weak (DES, RC2, RC4 or ECB)",
		Advice:  Advice{Action: rawkey.ConvertTo, Formats: []string{string(OpenSSH), string(PKCS8)}},
		Source:  "https://www.rfc-editor.org/rfc/rfc8018#appendix-B.2",
	}}
}

// KeyFindings returns the weaknesses of the key as far as the file shows them without its
// passphrase: of the whole key where it is not encrypted, otherwise of the public
// half, and nil where that is encrypted too. See [rawkey.Findings].
func (f *File) KeyFindings() []rawkey.Finding {
	if key := f.plainKey(); key != nil {
		return rawkey.Findings(key.Private)
	}
	return rawkey.PublicFindings(f.PublicKey)
}

// plainKey returns the key of a file that is not encrypted, nil for any other.
func (f *File) plainKey() *sshkey.Key {
	if !f.Private || f.Encrypted() {
		return nil
	}
	key, err := f.Decrypt(nil)
	if err != nil {
		return nil
	}
	return key
}

// weakKDFs has a row for each weakness of a key derivation.
var weakKDFs = []struct {
	kdf string // what the name of the key derivation begins with
	// cost reports whether the cost is too low, and returns the numbers that the message
	// has a place for. It is nil for a key derivation that is weak at any cost.
	cost    func(k *KDF) (low bool, numbers []any)
	finding rawkey.Finding
}{
	{kdf: "MD5", finding: rawkey.Finding{
		Code:    "encryption-md5",
		Message: "the encryption of this form is weak (one MD5)",
		Advice:  Advice{Action: rawkey.ConvertTo, Formats: []string{string(OpenSSH), string(PKCS8)}},
		Source:  "https://docs.openssl.org/3.0/man3/PEM_read_bio_PrivateKey/#pem-encryption-format",
	}},
	{kdf: "SHA-1", finding: rawkey.Finding{
		Code:    "encryption-sha1",
		Message: "the encryption of this form is weak (one SHA-1 without salt)",
		Advice:  Advice{Action: rawkey.ConvertTo, Formats: []string{string(PPK)}},
		Source:  "https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html",
	}},
	{kdf: "JKS-SHA1", finding: rawkey.Finding{
		Code:    "encryption-jks",
		Message: "the encryption of this form is weak (one SHA-1)",
		Advice:  Advice{Action: rawkey.ConvertTo, Formats: []string{string(OpenSSH), string(PKCS8)}},
		Source:  "https://openjdk.org/jeps/229",
	}},
	{kdf: "PVK-SHA1", finding: rawkey.Finding{
		Code:    "encryption-pvk",
		Message: "the encryption of this form is weak (RC4, and one SHA-1)",
		Advice:  Advice{Action: rawkey.ConvertTo, Formats: []string{string(OpenSSH), string(PKCS8)}},
		Source:  "https://docs.openssl.org/3.0/man1/openssl-rsa/",
	}},
	{kdf: "PBE-", finding: rawkey.Finding{
		Code:    "encryption-pbes1",
		Message: "the encryption is of an obsolete kind (PBES1 or PKCS#12)",
		Advice:  Advice{Action: rawkey.ConvertTo, Formats: []string{string(OpenSSH), string(PKCS8)}},
		Source:  "https://www.rfc-editor.org/rfc/rfc8018#section-6.1",
	}},
	{kdf: "Argon2", cost: func(k *KDF) (bool, []any) {
		return k.Memory*k.Rounds < minArgon2Work, []any{k.Memory, k.Rounds}
	}, finding: rawkey.Finding{
		Code:    "kdf-argon2",
		Message: "the passphrase is cheap to guess (Argon2 with %d KiB, passes: %d)",
		Advice:  Advice{Action: rawkey.SetPassphrase},
		Source:  owaspSource,
	}},
	{kdf: "bcrypt", cost: func(k *KDF) (bool, []any) {
		return k.Rounds < minBcryptRounds, []any{k.Rounds}
	}, finding: rawkey.Finding{
		Code:    "kdf-bcrypt",
		Message: "the passphrase is cheap to guess (bcrypt, rounds: %d)",
		Advice:  Advice{Action: rawkey.SetPassphrase},
		Source:  "https://man.openbsd.org/ssh-keygen.1#a",
	}},
	{kdf: "PBKDF2", cost: func(k *KDF) (bool, []any) {
		return k.Rounds < minPBKDF2Iterations, []any{k.Rounds}
	}, finding: rawkey.Finding{
		Code:    "kdf-pbkdf2",
		Message: "the passphrase is cheap to guess (PBKDF2, iterations: %d)",
		Advice:  Advice{Action: rawkey.SetPassphrase},
		Source:  owaspSource,
	}},
	{kdf: "scrypt", cost: func(k *KDF) (bool, []any) {
		return k.Memory < minScryptMemory || k.Rounds < minScryptWork, []any{k.Memory, k.Parallelism}
	}, finding: rawkey.Finding{
		Code:    "kdf-scrypt",
		Message: "the passphrase is cheap to guess (scrypt with %d KiB, p: %d)",
		Advice:  Advice{Action: rawkey.SetPassphrase},
		Source:  owaspSource,
	}},
}

// findings returns what is weak about a key derivation, or about its cost.
func (k *KDF) findings() []rawkey.Finding {
	for _, row := range weakKDFs {
		if !strings.HasPrefix(k.Name, row.kdf) {
			continue
		}
		found := row.finding
		found.Advice.Formats = slices.Clone(found.Advice.Formats) // the caller's own
		if row.cost == nil {
			return []rawkey.Finding{found}
		}
		low, numbers := row.cost(k)
		if !low {
			return nil
		}
		found.Message = fmt.Sprintf(found.Message, numbers...)
		return []rawkey.Finding{found}
	}
	return nil
}

func convertTo(formats ...Format) Advice {
	a := Advice{Action: rawkey.ConvertTo}
	for _, f := range formats {
		a.Formats = append(a.Formats, string(f))
	}
	return a
}
