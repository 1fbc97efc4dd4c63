package engine

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"strings"

	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/pemkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// FingerprintKind says what a fingerprint is a hash of.
type FingerprintKind string

// The kinds. Each is the same for a certificate as for the key in it.
const (
	// FingerprintSSHSHA256 is of the SSH public key, as ssh-keygen and PuTTYgen show it, and
	// AWS for Ed25519.
	FingerprintSSHSHA256 FingerprintKind = "ssh-sha256"
	// FingerprintSSHMD5 is of the SSH public key too: ssh-keygen -E md5, RFC 4716, Alibaba Cloud.
	FingerprintSSHMD5 FingerprintKind = "ssh-md5"
	// FingerprintSPKIMD5 is of the public key in DER: AWS, for an RSA key that was imported,
	// and the API keys of Oracle Cloud.
	FingerprintSPKIMD5 FingerprintKind = "spki-md5"
	// FingerprintPKCS8SHA1 is of the private key in PKCS#8: AWS, for an RSA key that it made.
	FingerprintPKCS8SHA1 FingerprintKind = "pkcs8-sha1"
	// FingerprintSPKISHA256 is of the public key in DER: GitHub, for the keys of its Apps.
	FingerprintSPKISHA256 FingerprintKind = "spki-sha256"
	// FingerprintSSHSHA1 and FingerprintSPKISHA1 are of the public key as well.
	FingerprintSSHSHA1  FingerprintKind = "ssh-sha1"
	FingerprintSPKISHA1 FingerprintKind = "spki-sha1"
)

// Fingerprint is a fingerprint of a key.
type Fingerprint struct {
	Kind FingerprintKind
	// Text is how it is usually written: "SHA256:" and base64, otherwise hexadecimal with
	// colons.
	Text string
}

// fingerprintKind is what a kind hashes, and the length of the hash.
type fingerprintKind struct {
	kind    FingerprintKind
	size    int
	private bool
	of      func(pub ssh.PublicKey, key *sshkey.Key) []byte
	hash    func([]byte) []byte
}

var fingerprintKinds = []fingerprintKind{
	{FingerprintSSHSHA256, 32, false, sshBlob, sum256},
	{FingerprintSSHMD5, 16, false, sshBlob, sumMD5},
	{FingerprintSPKIMD5, 16, false, spkiDER, sumMD5},
	{FingerprintPKCS8SHA1, 20, true, pkcs8DER, sum1},
	{FingerprintSPKISHA256, 32, false, spkiDER, sum256},
	{FingerprintSSHSHA1, 20, false, sshBlob, sum1},
	{FingerprintSPKISHA1, 20, false, spkiDER, sum1},
}

func sum256(b []byte) []byte { h := sha256.Sum256(b); return h[:] }
func sumMD5(b []byte) []byte { h := md5.Sum(b); return h[:] }
func sum1(b []byte) []byte   { h := sha1.Sum(b); return h[:] }

func sshBlob(pub ssh.PublicKey, _ *sshkey.Key) []byte { return pub.Marshal() }

// spkiDER returns nil for a type that has no such form.
func spkiDER(pub ssh.PublicKey, _ *sshkey.Key) []byte {
	text, err := rawkey.SPKI(pub)
	if err != nil {
		return nil
	}
	block, _ := pem.Decode(text)
	return block.Bytes
}

// pkcs8DER returns nil for a type that has no such form, and where the private half is missing.
func pkcs8DER(_ ssh.PublicKey, key *sshkey.Key) []byte {
	if key == nil {
		return nil
	}
	text, err := pemkey.Marshal(key, &pemkey.Options{Encoding: pemkey.PKCS8})
	if err != nil {
		return nil
	}
	defer clear(text)
	block, _ := pem.Decode(text)
	return block.Bytes
}

// FingerprintOf returns one fingerprint of a key. The private half is for
// FingerprintPKCS8SHA1 alone and may be nil for other kinds. The result is empty where the
// type of key does not have that form, or the private half is missing.
func FingerprintOf(kind FingerprintKind, pub ssh.PublicKey, key *sshkey.Key) Fingerprint {
	for _, k := range fingerprintKinds {
		if k.kind != kind {
			continue
		}
		if hash := k.hashOf(rawkey.WithoutCertificate(pub), key); hash != nil {
			return Fingerprint{kind, fingerprintText(hash)}
		}
	}
	return Fingerprint{Kind: kind}
}

// hashOf returns nil where the type of key does not have the form.
func (k fingerprintKind) hashOf(pub ssh.PublicKey, key *sshkey.Key) []byte {
	data := k.of(pub, key)
	if data == nil {
		return nil
	}
	if k.private {
		defer clear(data)
	}
	return k.hash(data)
}

// fingerprintText writes a hash as the programs of its length do.
func fingerprintText(hash []byte) string {
	if len(hash) == sha256.Size {
		return "SHA256:" + base64.RawStdEncoding.EncodeToString(hash)
	}
	var parts []string
	for _, b := range hash {
		parts = append(parts, hex.EncodeToString([]byte{b}))
	}
	return strings.Join(parts, ":")
}

// WantedFingerprint is a fingerprint that somebody was shown. Its text does not say which kind
// it is.
type WantedFingerprint struct {
	hash []byte
	// Text is how it is usually written.
	Text string
	// Bare says that it was given without a prefix and colons, so that it may as well be
	// something else, such as the name of a file.
	Bare bool
}

// hashSize returns the length of a hash by what programs write in front of it; 0 for anything
// else.
func hashSize(prefix string) int {
	return map[string]int{"SHA256": 32, "SHA-256": 32, "SHA1": 20, "SHA-1": 20, "MD5": 16}[strings.ToUpper(prefix)]
}

// ParseFingerprint reads a fingerprint as programs and consoles of clouds write it: in
// hexadecimal of either case, with colons or without, or SHA-256 in base64, padded or not,
// with the name of the hash in front or without. Blanks and quotes around it do not count.
func ParseFingerprint(text string) (WantedFingerprint, bool) {
	text = strings.Trim(text, " \t\r\n\"',;")
	size := 0
	if prefix, rest, found := strings.Cut(text, ":"); found && hashSize(prefix) > 0 {
		size, text = hashSize(prefix), strings.TrimLeft(rest, " ")
	}
	hash := parseHash(text, size > 0)
	if hash == nil || size > 0 && len(hash) != size {
		return WantedFingerprint{}, false
	}
	return WantedFingerprint{hash, fingerprintText(hash), size == 0 && !strings.Contains(text, ":")}, true
}

// parseHash returns nil for what is not a hash. Only one of 32 bytes is long enough in base64
// not to be mistaken for a word.
func parseHash(text string, named bool) []byte {
	if hash := parseHex(text); isHashSize(len(hash)) {
		return hash
	}
	digits := strings.TrimRight(text, "=")
	hash, err := base64.RawStdEncoding.DecodeString(strings.NewReplacer("-", "+", "_", "/").Replace(digits))
	if err != nil || len(text)-len(digits) > 2 || len(hash) != sha256.Size && !(named && isHashSize(len(hash))) {
		return nil
	}
	return hash
}

// parseHex reads digits alone, or with a colon between all pairs.
func parseHex(text string) []byte {
	pairs := strings.Split(text, ":")
	for _, pair := range pairs {
		if len(pairs) > 1 && len(pair) != 2 {
			return nil
		}
	}
	hash, err := hex.DecodeString(strings.Join(pairs, ""))
	if err != nil {
		return nil
	}
	return hash
}

func isHashSize(n int) bool { return n == md5.Size || n == sha1.Size || n == sha256.Size }

// NeedsPrivate reports whether the fingerprint may be one of the private half.
func (w WantedFingerprint) NeedsPrivate() bool { return len(w.hash) == sha1.Size }

// Match returns the kind of fingerprint of the key that is the wanted one. It computes all
// kinds of that length; those of the private half only with a key that is not nil.
func (w WantedFingerprint) Match(pub ssh.PublicKey, key *sshkey.Key) (FingerprintKind, bool) {
	pub = rawkey.WithoutCertificate(pub)
	for _, k := range fingerprintKinds {
		if k.size != len(w.hash) {
			continue
		}
		keys := []*sshkey.Key{key}
		if k.private && key != nil {
			for _, same := range rawkey.Rewritten(key.Private) {
				keys = append(keys, &sshkey.Key{Private: same})
			}
		}
		for _, key := range keys {
			if bytes.Equal(k.hashOf(pub, key), w.hash) {
				return k.kind, true
			}
		}
	}
	return "", false
}

// Near returns the fingerprints of the key that it would have been, for a message: those of
// that length that programs and consoles show of the type, otherwise that of ssh-keygen -l.
func (w WantedFingerprint) Near(pub ssh.PublicKey, key *sshkey.Key) []Fingerprint {
	pub = rawkey.WithoutCertificate(pub)
	t, _ := rawkey.TypeOf(pub.Type())
	var all []Fingerprint
	for _, k := range fingerprintKinds {
		if f := FingerprintOf(k.kind, pub, key); k.size == len(w.hash) && f.Text != "" && k.shownOf(t) {
			all = append(all, f)
		}
	}
	if all == nil {
		return []Fingerprint{FingerprintOf(FingerprintSSHSHA256, pub, nil)}
	}
	return all
}

// shownOf reports whether programs or consoles show the kind of keys of a type.
func (k fingerprintKind) shownOf(t rawkey.Type) bool {
	switch k.kind {
	case FingerprintSSHSHA256, FingerprintSSHMD5:
		return true
	case FingerprintSPKIMD5, FingerprintPKCS8SHA1:
		return t.ConsolesHashDER
	}
	return false
}
