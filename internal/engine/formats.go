package engine

import (
	"fmt"
	"iter"
	"slices"

	"github.com/keyconv/keyconv/internal/quote"
	"github.com/keyconv/keyconv/internal/rawkey"
	"github.com/keyconv/keyconv/sshkey"
	"golang.org/x/crypto/ssh"
)

// Format names a form of key file, as after --to on the command line and in JSON.
type Format string

// The formats that can be written, and then those that can only be read.
const (
	PPK      Format = "ppk"      // PuTTY, version 3 (read: version 1 too)
	PPK2     Format = "ppk2"     // PuTTY, version 2, for programs older than 2021
	PEM      Format = "pem"      // PKCS#1, SEC 1 or DSA; openssh-key-v1 for Ed25519 and Ed448
	PKCS8    Format = "pkcs8"    // PKCS#8
	OpenSSH  Format = "openssh"  // openssh-key-v1
	SSHCom   Format = "sshcom"   // ssh.com (Tectia), only RSA and DSA
	Public   Format = "public"   // one line of authorized_keys
	RFC4716  Format = "rfc4716"  // SSH2 PUBLIC KEY, what PuTTYgen saves as public key
	JWK      Format = "jwk"      // JSON Web Key, which has no encryption
	Dropbear Format = "dropbear" // Dropbear, which has no encryption
	SPKI     Format = "spki"     // PUBLIC KEY, as OpenSSL writes it
	SSH1     Format = "ssh1"     // RSA of SSH-1, as PuTTY and old versions of OpenSSH wrote it
	PKCS12   Format = "pkcs12"   // .p12 and .pfx: a key with its X.509 certificates
	RSAXML   Format = "rsa-xml"  // RSAKeyValue, the XML text of .NET
	PVK      Format = "pvk"      // PVK files of Microsoft's tools
	MSBlob   Format = "ms-blob"  // blobs of CryptoAPI and CNG
	JKS      Format = "jks"      // Java keystores, JKS and JCEKS
)

// row is everything that the engine knows about a format, apart from the package that
// reads and writes it. A field that is left out means: no reader, no writer, no encryption,
// nothing known about a program.
type row struct {
	format Format
	title  string // what a person calls it
	help   string // what convert --help says about it
	// extension is the end of an output's name.
	extension string
	// labels are those of its PEM blocks; nil for a form that is not PEM.
	labels []string
	// is recognises any other form by its content; nil for one that is only written.
	is func(s *sniff) bool
	// open reads what is in the clear; nil for a format whose keys we cannot read.
	open func(data []byte, limits sshkey.Limits) (*File, error)
	// all opens each key of a form that is not text but has room for several, for itself; nil
	// for any other.
	all func(data []byte, limits sshkey.Limits) iter.Seq2[*File, error]
	// marshal writes a private key; nil for a format that is only read, or is public. An
	// empty passphrase means unencrypted.
	marshal func(key *sshkey.Key, passphrase []byte, o *Options) ([]byte, error)
	// marshalPublic writes a public key or certificate; nil for a private format.
	marshalPublic func(pub ssh.PublicKey, comment string) ([]byte, error)
	// whole says that the file is nothing but the key, so that no text around it, and no
	// damage to lines, can be mended.
	whole bool
	holds Holds
	// types says which types of key the format has; nil for all of them.
	types func(rawkey.Type) bool
	// encrypts says that marshal uses a passphrase. The engine checks that it did.
	encrypts bool
	// kdfs are the key derivations to choose from, the default first; nil for no choice.
	kdfs []KDFChoice
	// choosesCipher says that there is a choice of cipher, so that it is kept.
	choosesCipher bool
	// takesCipher says that there is a choice of cipher at all.
	takesCipher bool
	// programs says which programs open the format. It is not known of any other.
	programs []rule
}

// Holds is what a format has room for.
type Holds struct {
	Private     bool
	Comment     bool
	Certificate bool
}

// KDFChoice is a key derivation that a format can be written with. A cost that it lacks
// is 0; the others are the defaults.
type KDFChoice struct {
	Name   string // as in [Options]: "argon2id"
	InFile string // as in [KDF]: "Argon2id"
	Memory uint64 // in KiB
	Rounds uint64
	// RoundsAre is what its rounds are called: "passes", "rounds" or "iterations".
	RoundsAre   string
	Parallelism uint64
}

// findRow returns the row of a format, an empty one for an unknown format.
func findRow(f Format) (r *row, known bool) {
	for i := range formats {
		if formats[i].format == f {
			return &formats[i], true
		}
	}
	return &row{}, false
}

// rule returns how a program does with the format, if that is known.
func (r row) rule(p ProgramID) (rule, bool) {
	for _, known := range r.programs {
		if known.program == p {
			return known, true
		}
	}
	return rule{}, false
}

func (r row) writes() bool { return r.marshal != nil || r.marshalPublic != nil }

// formatsThat returns the formats whose rows are wanted, in the order of the table.
func formatsThat(want func(row) bool) []Format {
	var names []Format
	for _, r := range formats {
		if want(r) {
			names = append(names, r.format)
		}
	}
	return names
}

// Formats returns the formats that Marshal writes, in the order of the table.
func Formats() []Format { return formatsThat(row.writes) }

// KnownFormats returns the formats that are read or written, in the order of the table.
func KnownFormats() []Format {
	return formatsThat(func(r row) bool { return r.open != nil || r.writes() })
}

// About is what a front end knows of a format.
type About struct {
	Title     string // what a person calls it; empty for an unknown one
	Help      string // what it is for, in a few words; empty for one that is not written
	Extension string // the end of an output's name, with the dot; empty for one that is not written
	Holds            // what it has room for; nothing for an unknown one
	Encrypts  bool   // it can be written with a passphrase
	Whole     bool   // the file is nothing but the key, and not text around it
}

// About returns what there is to know of the format.
func (f Format) About() About {
	r, known := findRow(f)
	if !known {
		if kind := foreignOf(f); kind != nil {
			return About{Title: kind.title}
		}
	}
	return About{r.title, r.help, r.extension, r.holds, r.encrypts, r.whole}
}

// Takes reports whether a type of key, such as "ssh-ed25519", can be written in the format.
func (f Format) Takes(algorithm string) bool {
	t, known := rawkey.TypeOf(algorithm)
	switch {
	case !known || f.CheckType(algorithm) != nil:
		return false
	case f == SPKI:
		return t.PKCS8
	}
	return true
}

// Recognised returns the formats that Detect returns, and that of a NotPrivateError about
// the keys of servers. All others of a NotPrivateError have nothing to do with keys.
func Recognised() []Format {
	return append(formatsThat(func(row) bool { return true }), knownHosts, Empty, Unknown)
}

// CheckType returns an *sshkey.UnsupportedError for a type of key, such as "ssh-ed25519", that the
// format does not have.
func (f Format) CheckType(algorithm string) error {
	r, _ := findRow(f)
	t, _ := rawkey.TypeOf(algorithm)
	if r.types == nil || r.types(t) {
		return nil
	}
	return prefixed(&sshkey.UnsupportedError{
		Code: sshkey.UnsupportedType, Algorithm: algorithm,
		What: fmt.Sprintf("a key of type %s in the format %s", quote.Short(algorithm), f),
	})
}

// ofPuTTY reports whether PuTTY has the type.
func ofPuTTY(t rawkey.Type) bool { return t.PuTTY != "" && t.PuTTY != rawkey.Never }

// KDFs returns the key derivations that the format can be written with, the default
// first; nil for one without a choice.
func (f Format) KDFs() []KDFChoice {
	r, _ := findRow(f)
	return slices.Clone(r.kdfs)
}

// Resolve returns the format that Marshal really writes for a key type, such as
// "ssh-ed25519". A type without a traditional PEM form, as far as is known, is written as
// openssh.
func (f Format) Resolve(algorithm string) Format {
	if t, _ := rawkey.TypeOf(algorithm); f == PEM && algorithm != "" && !t.TraditionalPEM {
		return OpenSSH
	}
	return f
}

// Dropped is what of a key a format has no room for.
type Dropped struct {
	Comment     string
	Certificate *ssh.Certificate
}

// DropsComment returns the comment where the format has no room for it, otherwise "". The one
// that stands in a key without a comment is not a loss.
func (f Format) DropsComment(comment string) string {
	if f.About().Comment || comment == rawkey.DefaultComment {
		return ""
	}
	return comment
}

// Drops returns what of a key is lost in the format.
func (f Format) Drops(key *sshkey.Key) Dropped {
	var d Dropped
	pub, err := key.Public()
	if err != nil {
		return d
	}
	f = f.Resolve(pub.Type())
	d.Comment = f.DropsComment(key.Comment)
	if !f.About().Certificate {
		d.Certificate = key.Certificate
	}
	return d
}

// Write writes the key with the writer that fits: the public half in a public format, and
// otherwise the private one, encrypted where there is a passphrase. It returns what the
// format has no room for as well.
func Write(key *sshkey.Key, format Format, passphrase []byte, opts *Options) ([]byte, Dropped, error) {
	var out []byte
	var err error
	if r, _ := findRow(format); passphrase == nil || r.marshalPublic != nil {
		out, err = Marshal(key, format, opts)
	} else {
		out, err = MarshalWithPassphrase(key, passphrase, format, opts)
	}
	if err != nil {
		return nil, Dropped{}, err
	}
	return out, format.Drops(key), nil
}
