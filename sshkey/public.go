package sshkey

import (
	"encoding/base64"

	"github.com/keyconv/keyconv/internal/rawkey"
	"golang.org/x/crypto/ssh"
)

// ParsePublic reads an SSH public key blob (RFC 4253 section 6.6): a plain key, a
// certificate or a key on a token, also of the types that golang.org/x/crypto/ssh does not
// have. Bytes after the last field are refused, as ssh-keygen does: with them the fingerprint
// would be another. A key of an unknown type can be shown, compared and written. It returns
// an *InvalidKeyError, an *UnsupportedError or a *LimitError.
func ParsePublic(blob []byte) (ssh.PublicKey, error) { return rawkey.ParsePublic(blob) }

// AuthorizedKey returns a line of an authorized_keys file, with its line end. Line ends
// and NUL bytes in the comment become spaces, since they would end the line. Nothing
// follows the key if the comment is empty. The line of a nil key or certificate is empty.
func AuthorizedKey(pub ssh.PublicKey, comment string) []byte {
	if rawkey.IsNil(pub) {
		return nil
	}
	line := pub.Type() + " " + base64.StdEncoding.EncodeToString(rawkey.Blob(pub))
	if comment != "" {
		line += " " + rawkey.OneLine(comment)
	}
	return []byte(line + "\n")
}

// FingerprintSHA256 returns the fingerprint that OpenSSH and PuTTY show: "SHA256:" and
// unpadded base64. For a certificate it is that of the certified key, as in both
// programs; for a nil key it is empty.
func FingerprintSHA256(pub ssh.PublicKey) string {
	if rawkey.IsNil(pub) {
		return ""
	}
	return ssh.FingerprintSHA256(rawkey.WithoutCertificate(pub))
}

// FingerprintMD5 returns the older fingerprint, hexadecimal with colons and without
// "MD5:". For a certificate it is that of the certified key, for a nil key it is empty.
func FingerprintMD5(pub ssh.PublicKey) string {
	if rawkey.IsNil(pub) {
		return ""
	}
	return ssh.FingerprintLegacyMD5(rawkey.WithoutCertificate(pub))
}
