package engine

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/keyconv/keyconv/internal/lazy"
	"github.com/keyconv/keyconv/internal/pemblock"
)

// foreign is a kind of file that is not a key file for SSH, and is named for what it is.
type foreign struct {
	format Format
	title  string
	is     func(t *foreignText) bool
	// whole says that the name of the kind says more than that a key in it is damaged.
	whole bool
}

// foreigns has them in the order in which they are recognised. A file gets a name from here
// only where it has no key that can be read.
var foreigns = lazy.Value[[]foreign]{Make: func() []foreign {
	return []foreign{
		// Archives and compressed files.
		{"word", "document of Word, Excel or another Office program", isOffice, true},
		{"zip", "ZIP archive", magic("PK\x03\x04", "PK\x05\x06"), true},
		{"gzip", "file that is compressed with gzip", magic("\x1f\x8b"), true},
		{"bzip2", "file that is compressed with bzip2", magic("BZh"), true},
		{"xz", "file that is compressed with xz", magic("\xfd7zXZ\x00"), true},
		{"zstd", "file that is compressed with Zstandard", magic("\x28\xb5\x2f\xfd"), true},
		{"7z", "7-Zip archive", magic("7z\xbc\xaf\x27\x1c"), true},
		{"rar", "RAR archive", magic("Rar!\x1a\x07"), true},
		{"tar", "tar archive", func(t *foreignText) bool { return len(t.data) > 262 && string(t.data[257:262]) == "ustar" }, true},

		// Private keys of other programs, as text. SOPS writes files of age, or PGP, into its own.
		{"sops", "file that SOPS has encrypted", func(t *foreignText) bool {
			return strings.Contains(t.text, "ENC[AES256_GCM,") && strings.Contains(t.text, "sops")
		}, true},
		{"tpm", "key that a TPM has sealed (TSS2)", isTSS2, true},
		{"cosign", "key of Cosign, for signatures of Sigstore", hasBegin("ENCRYPTED COSIGN PRIVATE KEY", "ENCRYPTED SIGSTORE PRIVATE KEY"), true},
		{"sm2", "SM2 private key", hasBegin("SM2 PRIVATE KEY", "SM2 ENCRYPTED PRIVATE KEY", "ENCRYPTED SM2 PRIVATE KEY"), true},
		{"age", "secret key of age", contains("AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1", "AGE-PLUGIN-"), true},
		{"age-encrypted", "file that is encrypted with age", func(t *foreignText) bool {
			return strings.HasPrefix(t.text, "age-encryption.org/v1") || t.begins("AGE ENCRYPTED FILE")
		}, true},
		{"minisign", "key of minisign or signify", begins("untrusted comment: "), true},
		{"openvpn", "static key of OpenVPN", hasBegin("OpenVPN Static key V1"), true},
		{"dnssec", "private key of DNSSEC, as BIND writes it", begins("Private-key-format: v"), true},
		{"nkey", "secret key of NATS (nkey)", hasBegin("USER NKEY SEED", "ACCOUNT NKEY SEED", "OPERATOR NKEY SEED"), true},
		{"raw-key", "value of 32 bytes in base64, as keys of WireGuard are", is32Bytes, true},
		{"pgp-message", "message of PGP, encrypted or signed", isPGPMessage, true},
		{"pgp", "PGP key or message", isPGP(2, 4, 5, 6, 14), true},
		{"ssh-signature", "signature of ssh-keygen", hasBegin("SSH SIGNATURE"), true},
		{"pkcs7", "PKCS#7 file (CMS) of certificates or a message", hasBegin("PKCS7", "PKCS #7 SIGNED DATA", "CMS"), true},
		{"x509-crl", "list of revoked X.509 certificates", hasBegin("X509 CRL"), true},
		{"parameters", "file of parameters for keys", func(t *foreignText) bool {
			return !strings.Contains(t.text, "PRIVATE KEY") && hasBegin("DH PARAMETERS", "X9.42 DH PARAMETERS", "EC PARAMETERS", "DSA PARAMETERS")(t)
		}, true},

		// What has a key inside.
		{"ansible-vault", "file that Ansible Vault has encrypted", contains("$ANSIBLE_VAULT;"), true},
		{"openssl-enc", "file that openssl enc has encrypted", begins("Salted__", "U2FsdGVkX1"), true}, // the second in base64
		{"git-lfs", "pointer of Git LFS, which stands for a file", begins("version https://git-lfs.github.com/spec/"), true},
		{"git-annex", "pointer of git-annex, which stands for a file", begins("/annex/objects/"), true},
		{"bks", "keystore of Bouncy Castle (BKS)", magic("\x00\x00\x00\x01\x00\x00\x00\x14", "\x00\x00\x00\x02\x00\x00\x00\x14"), true},
		{"keepass", "database of KeePass", magic("\x03\xd9\xa2\x9a"), true},
		{"sqlite", "SQLite database", magic("SQLite format 3\x00"), true},

		// Documents and pictures.
		{"rtf", "RTF document", begins(`{\rtf`), true},
		{"pdf", "PDF document", magic("%PDF-"), true},
		{"picture", "picture", magic("\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF87a", "GIF89a", "BM", "II*\x00", "MM\x00*"), true},
		{"program", "program", magic("\x7fELF", "MZ", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"), true},
		{"html", "web page (HTML)", func(t *foreignText) bool {
			return beginsFold(t, "<!doctype html", "<html") || beginsFold(t, "<") && strings.Contains(strings.ToLower(t.text), "<html")
		}, false},
		{"xml-rsa", "XML text of .NET with a public RSA key", contains("<RSAKeyValue>"), false},
		{"xml", "XML text", begins("<?xml"), false},
		{"uuencoded", "file that is written as text by uuencode", isUUEncoded, false},
		{"gzip-base64", "text with a part that is compressed with gzip, in base64", contains("H4sIA", "H4sIC"), false}, // RFC 1952, section 2.3.1

		// What has public keys alone, or names a key file.
		{knownHosts, knownHostsTitle, func(*foreignText) bool { return false }, true}, // it is read
		{"shortcut", "shortcut of Windows", magic("L\x00\x00\x00\x01\x14\x02\x00", "[InternetShortcut]"), true},
		{"putty-session", "saved session of PuTTY", func(t *foreignText) bool {
			return strings.Contains(t.text, `SimonTatham\PuTTY\Sessions`) || strings.Contains(t.text, "\nPublicKeyFile=") && strings.Contains(t.text, "HostName=")
		}, false},
		{"ssh-config", "configuration of ssh", func(t *foreignText) bool { return t.hasWord("host", "match") && t.hasWord("identityfile", "hostname") }, false},
		{"wireguard", "configuration of WireGuard", func(t *foreignText) bool {
			return strings.Contains(t.text, "[Interface]") && strings.Contains(t.text, "PrivateKey")
		}, false},
		{"json", "JSON text", isJSON, false},
		{"pem-other", "PEM block of another kind, whose label is not that of a key", isOtherPEM, true},

		// Binary files.
		{"x509", "X.509 certificate (of TLS, not of SSH)", isCertificateDER, true},
		{"x509-request", "X.509 certificate request", isRequestDER, true},
		{SPKI, "public key (binary)", isPublicDER, true},
		{"pkcs7", "PKCS#7 file (CMS) of certificates or a message", isPKCS7DER, true},

		{"text", "text", isText, false},
	}
}}

// foreignText is a file as the recognisers see it.
type foreignText struct {
	data []byte
	text string // from the first character that is not blank on; without a byte order mark

	labels map[string]bool // what begins looked for
}

// findForeign returns the kind of a file that is not a key file, or nil.
func findForeign(data []byte) *foreign {
	t := newForeignText(data)
	for i, f := range foreigns.Get() {
		if f.is(t) {
			return &foreigns.Get()[i]
		}
	}
	return nil
}

// foreignOf returns the kind with a format, or nil.
func foreignOf(f Format) *foreign {
	for i, known := range foreigns.Get() {
		if known.format == f {
			return &foreigns.Get()[i]
		}
	}
	return nil
}

func newForeignText(data []byte) *foreignText {
	text := string(data)
	if len(data) > 1 && (data[0] == 0xff && data[1] == 0xfe || data[0] == 0xfe && data[1] == 0xff) {
		units := make([]uint16, 0, len(data)/2)
		low := int(data[0] & 1) // 0xff in front: little-endian
		for i := 2; i+1 < len(data); i += 2 {
			units = append(units, uint16(data[i+1-low])|uint16(data[i+low])<<8)
		}
		text = string(utf16.Decode(units))
	}
	text = strings.TrimLeft(strings.TrimPrefix(text, "\ufeff"), " \t\r\n")
	return &foreignText{data: data, text: text}
}

// maxLabel is longer than any label that is looked for.
const maxLabel = 40

// begins reports whether there is a BEGIN line with a label, anywhere and in any layout. All of
// the labels are looked for once.
func (t *foreignText) begins(label string) bool {
	if t.labels == nil {
		t.labels = map[string]bool{}
		const word = "-BEGIN "
		for rest := t.text; ; {
			i := strings.Index(rest, word)
			if i < 0 {
				break
			}
			rest = rest[i+len(word):]
			if end := strings.IndexByte(rest[:min(len(rest), maxLabel)], '-'); end > 0 {
				t.labels[rest[:end]] = true
			}
		}
	}
	return t.labels[label]
}

// hasWord reports whether a line begins with one of the words, in small letters.
func (t *foreignText) hasWord(words ...string) bool {
	for line := range strings.Lines(t.text) {
		line = strings.TrimLeft(line, " \t\r")
		for _, w := range words {
			if len(line) > len(w) && line[0]|0x20 == w[0] && strings.EqualFold(line[:len(w)], w) && strings.IndexByte(" \r\n", line[len(w)]) >= 0 {
				return true
			}
		}
	}
	return false
}

func hasBegin(labels ...string) func(*foreignText) bool {
	return func(t *foreignText) bool {
		for _, label := range labels {
			if t.begins(label) {
				return true
			}
		}
		return false
	}
}

func contains(parts ...string) func(*foreignText) bool {
	return func(t *foreignText) bool {
		for _, part := range parts {
			if strings.Contains(t.text, part) {
				return true
			}
		}
		return false
	}
}

func begins(prefixes ...string) func(*foreignText) bool {
	return func(t *foreignText) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(t.text, prefix) })
	}
}

func beginsFold(t *foreignText, prefixes ...string) bool {
	for _, prefix := range prefixes {
		if len(t.text) >= len(prefix) && strings.EqualFold(t.text[:len(prefix)], prefix) {
			return true
		}
	}
	return false
}

// magic returns a recogniser of files that begin with one of these bytes.
func magic(prefixes ...string) func(*foreignText) bool {
	return func(t *foreignText) bool {
		for _, prefix := range prefixes {
			if bytes.HasPrefix(t.data, []byte(prefix)) {
				return true
			}
		}
		return false
	}
}

// isTSS2 recognises the label, and the object identifiers of TCG for keys that a TPM loads
// and imports (2.23.133.10.1.3 to .5).
func isTSS2(t *foreignText) bool {
	oid := []byte{0x06, 0x06, 0x67, 0x81, 0x05, 0x0a, 0x01}
	return t.begins("TSS2 PRIVATE KEY") || t.begins("TSS2 KEY BLOB") || t.begins("TPM2 PRIVATE KEY") ||
		len(t.data) > 0 && t.data[0] == 0x30 && bytes.Contains(t.data[:min(len(t.data), 16)], oid)
}

// isOffice recognises the files of Office programs: the old ones are OLE containers, the new
// ones and OpenDocument are ZIP archives.
func isOffice(t *foreignText) bool {
	return magic("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")(t) || magic("PK\x03\x04")(t) &&
		(bytes.Contains(t.data, []byte("[Content_Types].xml")) || bytes.Contains(t.data[:min(len(t.data), 200)], []byte("mimetypeapplication/vnd.oasis")))
}

// isText recognises what people can read.
func isText(t *foreignText) bool {
	for _, c := range []byte(t.text) {
		if c < ' ' && (c < '\t' || c > '\r') && c != '\x1b' {
			return false
		}
	}
	return t.text != "" && utf8.ValidString(t.text)
}

// isJSON recognises an object or a list that is whole.
func isJSON(t *foreignText) bool {
	return t.text != "" && (t.text[0] == '{' || t.text[0] == '[') && json.Valid([]byte(t.text))
}

// isOtherPEM recognises a block that is whole and has the label of nothing that is a key.
func isOtherPEM(t *foreignText) bool {
	block, _ := pem.Decode([]byte(t.text))
	return block != nil && strings.Count(t.text, "-BEGIN ") == 1 && !slices.Contains(pemblock.PrivateLabels, block.Type)
}
